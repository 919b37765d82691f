#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "auth/secret.hpp"
#include "session/wire_trace_line.hpp"
#include "tusk/proto/frame.hpp"
#include "tusk/proto/frontend.hpp"
#include "tusk/wire_trace.hpp"

namespace tusk {

/// Cuts both sides' bytes into messages and has each of them printed.
class wire_trace::state {
 public:
  state(callback<void(std::string_view)> to, const wire_trace_options& options)
      : to_(std::move(to)), options_(options) {}

  void take(proto::sender from, bytes_view bytes);
  void restart(trace_start where);
  [[nodiscard]] bool ended() const noexcept { return ended_; }

 private:
  /// The answer of one byte that SSLRequest and GSSENCRequest get.
  enum class answer : std::uint8_t { none, ssl, gss };

  struct one_way {
    auth::secret_vector<std::byte> kept;  // the beginning of a message that is not whole
    std::uint64_t to_skip = 0;            // of a message that is not shown
    void forget() noexcept;
  };

  // Framing.
  [[nodiscard]] static constexpr char letter(proto::sender from) noexcept {
    return from == proto::sender::frontend ? 'F' : 'B';
  }
  [[nodiscard]] proto::frame_result find(proto::sender from, bytes_view in) const noexcept;
  [[nodiscard]] bytes_view complete(proto::sender from, bytes_view bytes);
  std::size_t take_one(proto::sender from, bytes_view in);
  std::size_t take_answer(char said);
  std::size_t skip_message(proto::sender from, const proto::frame_result& found, std::size_t there);

  // What is said of a whole message.
  void take_first_packet(const proto::frame& message);
  void take_frontend(const proto::frame& message);
  void take_backend(const proto::frame& message);
  void expect_credentials(std::int32_t method) noexcept;

  void begin(proto::sender from, const proto::frame& message);
  void refuse(proto::sender from, std::string_view name, const proto::error& why);
  void end(proto::sender from, std::string_view why);
  void print() const { to_(line_.text()); }

  callback<void(std::string_view)> to_;
  const wire_trace_options options_;
  detail::trace_line line_{options_};
  std::array<one_way, 2> ways_;
  bool first_packet_ = true;  // whether the client's next packet has no type byte
  bool ended_ = false;
  answer awaited_ = answer::none;
  std::optional<proto::frontend_state> asked_;  // what kind of credentials the server has asked for
};

}  // namespace tusk
