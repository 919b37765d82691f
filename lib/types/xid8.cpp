#include "tusk/types/xid8.hpp"

#include "types/bounded_text.hpp"
#include "types/value_wire.hpp"

namespace tusk {

std::optional<xid8> xid8::parse(std::string_view text) noexcept {
  xid8 result;
  const char* const end = text.data() + text.size();
  const auto [stopped, fault] = std::from_chars(text.data(), end, result.number);
  if (fault != std::errc() || stopped != end) return std::nullopt;
  return result;
}

std::string xid8::to_string() const {
  return bounded_text::string_of(*this);
}

std::to_chars_result xid8::to_chars(char* first, char* last) const noexcept {
  return bounded_text::put<max_chars>(
      first, last, [this](char* to) { return std::to_chars(to, to + max_chars, number).ptr; });
}

namespace detail {

template <>
struct value_wire<xid8> {
  static constexpr std::string_view what = "a transaction's number";
  static std::optional<xid8> parse(std::string_view text) { return xid8::parse(text); }
  static std::string_view read(proto::reader& in, xid8& into) {
    into.number = in.integer<std::uint64_t>();
    return {};
  }
  static void write(value_writer& to, const xid8& value) { to.out().integer(value.number); }
};
template struct value_codec<xid8, oids::xid8, oids::xid8_array>;

}  // namespace detail
}  // namespace tusk
