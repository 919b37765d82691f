#include "session/wire_trace_line.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <ctime>

#include "session/sql_secrets.hpp"

namespace tusk::detail {

namespace {

// What isprint() says in the C locale; a trace must not depend on the program's.
constexpr bool is_printable(std::byte value) noexcept {
  return value >= std::byte{0x20} && value < std::byte{0x7f};
}

// What is kept of a line's memory for the next one.
constexpr std::size_t most_kept = std::size_t{1} << 20;

}  // namespace

void trace_line::begin(char from, std::uint32_t length, bool varies) {
  begin_remark(from);
  if (varies && options_.regress) {
    text_ += "NN";
  } else {
    text_ += std::to_string(length);
  }
  text_ += '\t';
}

void trace_line::begin_remark(char from) {
  if (text_.capacity() > most_kept) text_ = {};
  text_.clear();
  if (options_.timestamps) timestamp();
  text_ += from;
  text_ += '\t';
}

void trace_line::timestamp() {
  using namespace std::chrono;
  const auto now = duration_cast<microseconds>(system_clock::now().time_since_epoch());
  const auto whole = floor<seconds>(now);
  const std::time_t second = whole.count();
  std::tm local{};
  ::localtime_r(&second, &local);
  char at[32];
  text_.append(at, std::strftime(at, sizeof at, "%Y-%m-%d %H:%M:%S.", &local));
  const std::string fraction = std::to_string((now - whole).count());
  text_.append(6 - fraction.size(), '0').append(fraction) += '\t';
}

void trace_line::number(std::int64_t value) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  text_.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

void trace_line::hexadecimal(std::byte value) {
  constexpr std::string_view digits = "0123456789abcdef";
  text_ += digits[std::to_integer<std::size_t>(value >> 4)];
  text_ += digits[std::to_integer<std::size_t>(value & std::byte{15})];
}

void trace_line::escaped(std::byte value) {
  text_ += "\\x";
  hexadecimal(value);
}

void trace_line::unknown_message(char type) {
  text_ += "Unknown message: ";
  hexadecimal(static_cast<std::byte>(type));
}

void trace_line::byte(char value) {
  text_ += ' ';
  if (is_printable(static_cast<std::byte>(value)))
    text_ += value;
  else
    escaped(static_cast<std::byte>(value));
}

void trace_line::int16(std::uint16_t value) {
  text_ += ' ';
  number(value);
}

void trace_line::int32(std::int32_t value) {
  text_ += ' ';
  number(value);
}

void trace_line::varying(std::uint32_t value) {
  if (options_.regress)
    text_ += " NNNN";
  else
    int32(static_cast<std::int32_t>(value));
}

void trace_line::string(std::string_view value) {
  text_.append(" \"").append(value) += '"';
}

void trace_line::sql(std::string_view value) {
  text_ += " \"";
  append_without_secrets(text_, value);
  text_ += '"';
}

void trace_line::bytes(bytes_view value) {
  text_ += " '";
  for (const std::byte each : value) {
    if (is_printable(each))
      text_ += static_cast<char>(each);
    else
      escaped(each);
  }
  text_ += '\'';
}

void trace_line::value(const std::optional<bytes_view>& value) {
  int32(value ? static_cast<std::int32_t>(value->size()) : -1);
  if (value && options_.show_values) bytes(*value);
}

}  // namespace tusk::detail
