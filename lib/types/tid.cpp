#include "tusk/types/tid.hpp"

#include "types/bounded_text.hpp"
#include "types/value_wire.hpp"

namespace tusk {
namespace {

/// All of `text` as a decimal number.
template <class T>
bool read_number(std::string_view text, T& into) noexcept {
  const char* const end = text.data() + text.size();
  const auto [stopped, fault] = std::from_chars(text.data(), end, into);
  return fault == std::errc() && stopped == end;
}

}  // namespace

std::optional<tid> tid::parse(std::string_view text) noexcept {
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos || !text.starts_with('(') || !text.ends_with(')'))
    return std::nullopt;
  text.remove_suffix(1);
  tid result;
  if (!read_number(text.substr(1, comma - 1), result.block)) return std::nullopt;
  if (!read_number(text.substr(comma + 1), result.offset)) return std::nullopt;
  return result;
}

std::string tid::to_string() const {
  return bounded_text::string_of(*this);
}

std::to_chars_result tid::to_chars(char* first, char* last) const noexcept {
  return bounded_text::put<max_chars>(first, last, [this](char* to) {
    *to++ = '(';
    to = std::to_chars(to, to + 10, block).ptr;
    *to++ = ',';
    to = std::to_chars(to, to + 5, offset).ptr;
    *to++ = ')';
    return to;
  });
}

std::size_t tid::hash() const noexcept {
  return static_cast<std::size_t>((std::uint64_t{block} << 16U | offset) * 0x9E3779B97F4A7C15U);
}

namespace detail {

template <>
struct value_wire<tid> {
  static constexpr std::string_view what = "the place of a row version";
  static std::optional<tid> parse(std::string_view text) { return tid::parse(text); }
  static std::string_view read(proto::reader& in, tid& into) {
    into.block = in.u32();
    into.offset = in.u16();
    return {};
  }
  static void write(value_writer& to, const tid& value) {
    to.out().u32(value.block);
    to.out().u16(value.offset);
  }
};
template struct value_codec<tid, oids::tid, oids::tid_array>;

}  // namespace detail
}  // namespace tusk
