#pragma once

#include <cstddef>
#include <cstdint>

#include "tusk/proto/writer.hpp"

namespace tusk::proto {

/// Type byte and length around what is written between its construction and `seal`.
class envelope {
 public:
  envelope(writer& out, char type) noexcept : out_(out), start_(out.size()), before_(out.status()) {
    out_.u8(static_cast<std::uint8_t>(type));
    length_at_ = out_.open_length();
  }
  /// Around a message whose beginning, type byte and length included, is copied behind this.
  static envelope of_copy(writer& out) noexcept { return envelope(out, out.size() + 1); }
  /// For a client's first packets, which have no type byte.
  explicit envelope(writer& out) noexcept
      : out_(out), start_(out.size()), before_(out.status()), length_at_(out.open_length()) {}

  /// Where the message begins.
  [[nodiscard]] std::size_t start() const noexcept { return start_; }

  /// Sets the length. Takes the message back when its contents were refused; only with `no_room`
  /// it stays counted, so that the caller learns the size.
  [[nodiscard]] error seal() noexcept {
    out_.close_length(length_at_);
    const error after = out_.status();
    if (!after) return after;
    const std::size_t offset = after.offset > start_ ? after.offset - start_ : 0;
    if (after.what != fault::no_room) take_back();
    return {after.what, offset};
  }
  /// Removes the message, and what was wrong with it. A writer that was refused something before
  /// this message stays refused.
  void take_back() noexcept {
    out_.truncate(start_);
    if (before_ && before_.what != fault::no_room) out_.fail(before_.what);
  }

 private:
  envelope(writer& out, std::size_t length_at) noexcept
      : out_(out), start_(out.size()), before_(out.status()), length_at_(length_at) {}

  writer& out_;
  std::size_t start_;
  error before_;
  std::size_t length_at_ = 0;
};

}  // namespace tusk::proto
