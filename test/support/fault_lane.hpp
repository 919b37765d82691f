#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "support/fault_proxy.hpp"

namespace tusk::test {

/// One direction of a proxy's connection: what has been read and has yet to pass. Sockets do not
/// block.
class fault_lane {
 public:
  using clock = std::chrono::steady_clock;

  /// What the connection is to do because of what has happened here.
  enum class verdict : std::uint8_t { go_on, close, reset };

  void join(int from, int to) noexcept;
  /// Passes what can pass now.
  verdict move();

  void plan(fault what);
  void mark() noexcept;
  [[nodiscard]] std::uint64_t passed() const noexcept { return passed_ - mark_; }
  [[nodiscard]] bool happened() const noexcept { return happened_; }
  /// Its source has ended, and all that was to pass has passed.
  [[nodiscard]] bool done() const noexcept { return state_ == state::done || !is_awaited_; }

  /// The events of poll(2) that it waits for at either of its ends; 0: none there.
  [[nodiscard]] short awaited_from() const noexcept;
  [[nodiscard]] short awaited_to() const noexcept;
  /// When time alone lets it go on.
  [[nodiscard]] std::optional<clock::time_point> due() const noexcept;

 private:
  enum class state : std::uint8_t {
    open,
    ended,       ///< the source has ended; what is held goes on
    discarding,  ///< the destination hears no more of it
    stalled,
    done,
  };

  bool read_more();
  verdict strike();
  bool send_some();
  verdict end();

  int from_ = -1;
  int to_ = -1;
  state state_ = state::open;
  bool by_reset_ = false;   // how the source has ended
  bool is_full_ = false;    // the destination takes nothing now
  bool is_awaited_ = true;  // the source's end, while stalled
  std::vector<std::byte> held_;
  std::uint64_t passed_ = 0;
  std::uint64_t mark_ = 0;
  std::optional<fault> planned_;
  bool happened_ = false;
  std::size_t piece_ = 0;  // 0: any
  std::chrono::microseconds pause_{0};
  clock::time_point not_before_{};
};

}  // namespace tusk::test
