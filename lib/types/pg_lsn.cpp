#include "tusk/types/pg_lsn.hpp"

#include "types/bounded_text.hpp"
#include "types/value_wire.hpp"

namespace tusk {
namespace {

/// One to eight hexadecimal digits.
std::optional<std::uint64_t> parse_half(std::string_view digits) noexcept {
  std::uint64_t value = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stopped, fault] = std::from_chars(digits.data(), end, value, 16);
  if (digits.size() > 8 || fault != std::errc() || stopped != end) return std::nullopt;
  return value;
}

char* write_half(char* to, std::uint64_t value) noexcept {
  char* const end = std::to_chars(to, to + 8, value, 16).ptr;
  for (; to != end; ++to)
    if (*to >= 'a') *to = static_cast<char>(*to - 'a' + 'A');
  return end;
}

}  // namespace

std::optional<pg_lsn> pg_lsn::parse(std::string_view text) noexcept {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto high = parse_half(text.substr(0, slash));
  const auto low = parse_half(text.substr(slash + 1));
  if (!high || !low) return std::nullopt;
  return pg_lsn(*high << 32U | *low);
}

std::string pg_lsn::to_string() const {
  return bounded_text::string_of(*this);
}

std::to_chars_result pg_lsn::to_chars(char* first, char* last) const noexcept {
  return bounded_text::put<max_chars>(first, last, [this](char* to) {
    to = write_half(to, position >> 32U);
    *to++ = '/';
    return write_half(to, position & 0xFFFFFFFFU);
  });
}

namespace detail {

template <>
struct value_wire<pg_lsn> {
  static constexpr std::string_view what = "a place in the write-ahead log";
  static std::optional<pg_lsn> parse(std::string_view text) { return pg_lsn::parse(text); }
  static std::string_view read(proto::reader& in, pg_lsn& into) {
    into.position = in.integer<std::uint64_t>();
    return {};
  }
  static void write(value_writer& to, const pg_lsn& value) { to.out().integer(value.position); }
};
template struct value_codec<pg_lsn, oids::pg_lsn, oids::pg_lsn_array>;

}  // namespace detail
}  // namespace tusk
