#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "integration/attempt.hpp"
#include "support/fault_proxy.hpp"

namespace tusk::test {

/// Longer than anything takes whose end is to be noticed at once.
inline constexpr std::chrono::milliseconds noticing{30'000};
/// For calls whose time is to be up, and for draining what does not come.
inline constexpr std::chrono::milliseconds giving_up{50};

/// What is done to a connection, once.
struct trial {
  fault_kind what;
  direction way;
  std::uint64_t after;
};

[[nodiscard]] std::string described(const trial& one);

/// What choices by chance begin with; TUSK_TEST_SEED, if that is set. It is printed once.
[[nodiscard]] std::uint32_t seed();

/// How many of a good run's bytes are tried. (TUSK_TEST_FAULTS=every makes it every one.)
enum class thoroughness : std::uint8_t {
  every,  ///< each of the first 300 bytes of a direction, and 60 others, chosen by chance
  some,   ///< a quarter of those, chosen by chance, and the first and the last
};

/// The places of which so many bytes are tried.
[[nodiscard]] std::vector<std::uint64_t> sampled(std::uint64_t bytes, thoroughness how);

/// These faults, both ways, at the bytes that are sampled of a good run.
[[nodiscard]] std::vector<trial> trials_of(const passed_bytes& good,
                                           const std::vector<fault_kind>& faults, thoroughness how);

/// The server under test, by TCP.
[[nodiscard]] fault_proxy::target server_by_tcp();

/// A session through a proxy of its own.
class faulty_session {
 public:
  /// `parameters` of the connection string say user and sslmode; host and port are the proxy's.
  explicit faulty_session(std::string parameters, session_options options = {});
  /// Both sides of the proxy on Unix sockets, its own in `folder`.
  faulty_session(const temporary_folder& folder, std::string parameters, session_options options);

  [[nodiscard]] session& db() { return *db_; }
  [[nodiscard]] fault_proxy& proxy() { return proxy_; }
  [[nodiscard]] const std::string& dsn() const { return dsn_; }
  /// The number of the session's connection.
  [[nodiscard]] std::size_t number() const { return number_; }
  /// Connects by a session of its own. (The server may still be busy with those that went.)
  void connect();
  /// Connects by `session::reset`.
  void reset();

 private:
  void found_out();

  fault_proxy proxy_;
  std::string dsn_;
  session_options options_;
  std::optional<session> db_;
  std::size_t number_ = 0;
};

/// A call whose bytes are the same each time.
struct verb {
  const char* name;
  /// Brings a fresh session to where the call begins.
  void (*prepare)(session& db);
  /// Throws std::runtime_error, and no tusk::error, when the answer is wrong.
  void (*run)(session& db, const call_options& options);
  session_options options = {};
  /// The call itself is not told of failures: a destructor does the work.
  bool quiet = false;
  /// It runs several statements at once, so that a lost connection is no one's of them.
  bool several = false;
  /// It may fail while answers are still on their way, and their end show that more is broken.
  bool goes_on = several;
};

[[nodiscard]] const std::vector<verb>& verbs();

/// How many bytes a good run takes, of a session that is like the one given.
[[nodiscard]] passed_bytes bytes_of(const verb& what, faulty_session& through);

/// What came of trials. A test that looks on while nothing happens would show nothing.
struct tally {
  std::atomic<std::size_t> happened{0};  ///< the fault did
  std::atomic<std::size_t> failed{0};    ///< the call did
  std::atomic<std::size_t> usable{0};    ///< the session was, afterwards
};

/// Does one trial; gives what is wrong with what came of it, or nothing.
[[nodiscard]] std::string complaint_about(const verb& what, const trial& one,
                                          faulty_session& through, tally& count);

/// Whether the session is as usable as was said; "" if so.
[[nodiscard]] std::string complaint_about_state(session& db, bool said_usable);

/// Does the work of one trial by its index; gives a complaint, or "".
using worker = std::function<std::string(std::size_t)>;

/// Hires several workers, each for a thread of its own, and has them do all of `count` trials.
/// One that takes more than a minute ends the program, with its description.
[[nodiscard]] std::vector<std::string> complaints_of(
    std::size_t count, const std::function<worker()>& hire,
    const std::function<std::string(std::size_t)>& description);

/// Does trials of one verb, each thread with a session of its own.
[[nodiscard]] std::vector<std::string> complaints_of(const verb& what,
                                                     const std::string& parameters,
                                                     const std::vector<trial>& trials,
                                                     tally& count);

}  // namespace tusk::test
