#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "tusk/proto/envelope.hpp"
#include "tusk/proto/format.hpp"

namespace tusk::proto {

/// Writes a Bind whose values the caller encodes straight into the writer: `parameter_count` times
/// either `null_value()`, or `open_value()`, the value's bytes appended to the writer, and
/// `close_value(format)`; then `finish`. Lengths and format codes are patched in behind it, so that
/// nothing is copied. The message is taken back when anything in it is refused, and when the
/// bind_writer dies without `finish`.
class bind_writer {
 public:
  /// Begins the message. More than 65,535 parameters and a NUL in a name are refused; `finish` says
  /// so. `out` must outlive this and get nothing but the values meanwhile.
  bind_writer(writer& out, std::string_view portal, std::string_view statement,
              std::size_t parameter_count) noexcept;
  /// The same by a copy of what `head()` has given before, for the same names and as many
  /// parameters: a program that runs one statement again and again writes the same bytes each time.
  bind_writer(writer& out, bytes_view head, std::size_t parameter_count) noexcept;
  bind_writer(const bind_writer&) = delete;
  bind_writer& operator=(const bind_writer&) = delete;
  ~bind_writer() {
    if (!finished_) abandon();
  }

  /// Everything in front of the first value, right after the beginning and when nothing was
  /// refused; a view until the writer is next written to.
  [[nodiscard]] bytes_view head() const noexcept { return out_.written().subspan(around_.start()); }

  /// Begins the next parameter's value.
  void open_value() noexcept { value_at_ = out_.open_length(); }
  /// Ends it: everything appended since `open_value` is the value, which is in this format.
  void close_value(format code) noexcept {
    out_.close_value(value_at_);
    note_format(code);
  }
  /// The next parameter is NULL. Its format is of no consequence to the server.
  void null_value() noexcept {
    out_.i32(-1);
    note_format(format::text);
  }

  /// Ends the message with the formats wanted for the result's columns: none (all text), one for
  /// all, or one for each. `bad_count` when there were fewer or more values than announced.
  [[nodiscard]] error finish(std::span<const format> result_formats) noexcept;
  /// Takes the whole message back.
  void abandon() noexcept;

 private:
  void note_format(format code) noexcept;

  writer& out_;
  envelope around_;
  std::size_t formats_at_ = 0;
  std::size_t value_at_ = 0;
  std::size_t count_;
  std::size_t next_ = 0;
  bool finished_ = false;
};

}  // namespace tusk::proto
