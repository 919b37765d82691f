#include "tusk/types/macaddr.hpp"

#include <algorithm>

#include "types/ascii.hpp"
#include "types/bounded_text.hpp"
#include "types/value_wire.hpp"

namespace tusk {
namespace {

/// Two digits, whatever follows them.
std::optional<std::byte> read_pair(std::string_view text) noexcept {
  if (text.size() < 2) return std::nullopt;
  const int high = ascii::hex_value(text[0]);
  const int low = ascii::hex_value(text[1]);
  if (high < 0 || low < 0) return std::nullopt;
  return static_cast<std::byte>(high * 16 + low);
}

/// Six numbers of at least one digit, with `separator` between them.
std::optional<macaddr> read_separated(std::string_view text, char separator) noexcept {
  macaddr result;
  for (std::size_t i = 0; i < result.bytes.size(); ++i) {
    if (i > 0) {
      if (!text.starts_with(separator)) return std::nullopt;
      text.remove_prefix(1);
    }
    unsigned value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    if (fault != std::errc() || value > 0xFF) return std::nullopt;
    result.bytes[i] = static_cast<std::byte>(value);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  }
  if (!text.empty()) return std::nullopt;
  return result;
}

/// Six pairs of digits with `separator` before every pair whose index `group` divides; without any
/// when `group` is 0.
std::optional<macaddr> read_grouped(std::string_view text, char separator,
                                    std::size_t group) noexcept {
  macaddr result;
  for (std::size_t i = 0; i < result.bytes.size(); ++i) {
    if (group > 0 && i > 0 && i % group == 0) {
      if (!text.starts_with(separator)) return std::nullopt;
      text.remove_prefix(1);
    }
    const std::optional<std::byte> value = read_pair(text);
    if (!value) return std::nullopt;
    result.bytes[i] = *value;
    text.remove_prefix(2);
  }
  if (!text.empty()) return std::nullopt;
  return result;
}

char* write_bytes(char* to, bytes_view bytes) noexcept {
  constexpr std::string_view digits = "0123456789abcdef";
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i > 0) *to++ = ':';
    const auto value = std::to_integer<std::size_t>(bytes[i]);
    *to++ = digits[value >> 4U];
    *to++ = digits[value & 0xFU];
  }
  return to;
}

std::size_t hash_bytes(bytes_view bytes) noexcept {
  return std::hash<std::string_view>{}({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace

std::optional<macaddr> macaddr::parse(std::string_view text) noexcept {
  text = ascii::trim(text);
  const std::size_t at = text.find_first_of(":-.");
  if (at == std::string_view::npos) return read_grouped(text, '\0', 0);
  const char separator = text[at];
  // The first separator's place tells three pairs, two or one from another; all six bytes apart are
  // the only form whose numbers may be of any length.
  const auto count = static_cast<std::size_t>(std::count(text.begin(), text.end(), separator));
  if (count == 5 && separator != '.') return read_separated(text, separator);
  if (count == 2 && separator != ':') return read_grouped(text, separator, 2);
  if (count == 1 && separator != '.') return read_grouped(text, separator, 3);
  return std::nullopt;
}

std::string macaddr::to_string() const {
  return bounded_text::string_of(*this);
}

std::to_chars_result macaddr::to_chars(char* first, char* last) const noexcept {
  return bounded_text::put<max_chars>(first, last,
                                      [this](char* to) { return write_bytes(to, bytes); });
}

std::size_t macaddr::hash() const noexcept {
  return hash_bytes(bytes);
}

std::optional<macaddr8> macaddr8::parse(std::string_view text) noexcept {
  text = ascii::trim(text);
  std::array<std::byte, 8> read{};
  std::size_t count = 0;
  char spacer = '\0';
  while (!text.empty()) {
    const std::optional<std::byte> value = read_pair(text);
    if (!value || count == read.size()) return std::nullopt;
    read[count++] = *value;
    text.remove_prefix(2);
    if (text.empty() || ascii::hex_value(text[0]) >= 0) continue;
    const bool is_spacer = text[0] == ':' || text[0] == '-' || text[0] == '.';
    if (!is_spacer || (spacer != '\0' && spacer != text[0])) return std::nullopt;
    spacer = text[0];
    text.remove_prefix(1);
  }
  if (count == 8) return macaddr8(read);
  if (count != 6) return std::nullopt;
  return macaddr8(macaddr{{read[0], read[1], read[2], read[3], read[4], read[5]}});
}

std::string macaddr8::to_string() const {
  return bounded_text::string_of(*this);
}

std::to_chars_result macaddr8::to_chars(char* first, char* last) const noexcept {
  return bounded_text::put<max_chars>(first, last,
                                      [this](char* to) { return write_bytes(to, bytes); });
}

std::size_t macaddr8::hash() const noexcept {
  return hash_bytes(bytes);
}

namespace detail {

template <class T>
  requires requires(T value) { value.bytes; }
struct value_wire<T> {
  static constexpr std::string_view what = "a MAC address";
  static std::optional<T> parse(std::string_view text) { return T::parse(text); }
  static std::string_view read(proto::reader& in, T& into) {
    const bytes_view bytes = in.bytes(into.bytes.size());
    std::copy(bytes.begin(), bytes.end(), into.bytes.begin());
    return {};
  }
  static void write(value_writer& to, const T& value) { to.out().bytes(value.bytes); }
};

template struct value_codec<macaddr, oids::macaddr, oids::macaddr_array>;
template struct value_codec<macaddr8, oids::macaddr8, oids::macaddr8_array>;

}  // namespace detail
}  // namespace tusk
