#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tusk/proto/bytes.hpp"
#include "tusk/wire_trace.hpp"

namespace tusk::detail {

/// One line of a trace while it is written: how libpq's PQtrace prints each kind of field.
class trace_line {
 public:
  explicit trace_line(const wire_trace_options& options) : options_(options) {}

  [[nodiscard]] const wire_trace_options& options() const noexcept { return options_; }
  [[nodiscard]] std::string_view text() const noexcept { return text_; }

  /// Begins a line of a message from `F` or `B`. Of an error the length depends on the server's
  /// sources, so that in regress mode it is none.
  void begin(char from, std::uint32_t length, bool varies = false);
  /// Begins a line that is no message's.
  void begin_remark(char from);
  /// Text as it is, without a blank before it.
  void add(std::string_view what) { text_ += what; }

  /// In place of a message whose type the protocol does not have.
  void unknown_message(char type);

  /// A character, or \x and two digits.
  void byte(char value);
  /// Int16. libpq prints it without its sign.
  void int16(std::uint16_t value);
  /// Int32, with its sign.
  void int32(std::int32_t value);
  /// An Int32 that differs from run to run: NNNN in regress mode.
  void varying(std::uint32_t value);
  /// A String. It is as good as the peer's word: nothing is escaped, as in libpq.
  void string(std::string_view value);
  /// A String in which SQL may stand: the same without its secrets.
  void sql(std::string_view value);
  /// Bytes between single quotes.
  void bytes(bytes_view value);
  /// A value with its length, or -1 for NULL.
  void value(const std::optional<bytes_view>& value);
  /// In place of bytes that are secret.
  void secret_bytes() { text_ += options_.regress ? " 'BBBB'" : " '***'"; }
  /// In place of a String that is secret.
  void secret_string() { text_ += " \"***\""; }
  /// In place of a cancel key.
  void secret_key() { text_ += options_.regress ? " NNNN" : " ***"; }

 private:
  void number(std::int64_t value);
  void hexadecimal(std::byte value);
  void escaped(std::byte value);
  void timestamp();

  const wire_trace_options& options_;
  std::string text_;
};

}  // namespace tusk::detail
