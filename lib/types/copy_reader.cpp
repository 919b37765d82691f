#include "types/copy_reader.hpp"

namespace tusk::detail {
namespace {

/// A switch instead of std::visit, whose table of functions nothing can look through.
template <class Variant, class Use>
[[gnu::always_inline]] inline decltype(auto) with(Variant& reader, Use&& use) {
  if (auto* binary = std::get_if<copy_binary_reader>(&reader)) return use(*binary);
  if (auto* text = std::get_if<copy_text_reader>(&reader)) return use(*text);
  return use(*std::get_if<copy_csv_reader>(&reader));
}

}  // namespace

copy_reader::any copy_reader::make(copy_format format, const copy_style& style,
                                   std::uint32_t columns) {
  switch (format) {
    case copy_format::text: return any(std::in_place_type<copy_text_reader>, style, columns);
    case copy_format::csv: return any(std::in_place_type<copy_csv_reader>, style, columns);
    case copy_format::binary: break;
  }
  return any(std::in_place_type<copy_binary_reader>, columns);
}

copy_reader::copy_reader(copy_format format, const copy_style& style, std::uint32_t columns)
    : reader_(make(format, style, columns)) {}

void copy_reader::feed(bytes_view chunk) noexcept {
  with(reader_, [chunk](auto& reader) { reader.feed(chunk); });
}

const std::byte* copy_reader::next() {
  return with(reader_, [](auto& reader) { return reader.next(); });
}

void copy_reader::finish() const {
  with(reader_, [](const auto& reader) { reader.finish(); });
}

bool copy_reader::at_end() const noexcept {
  return with(reader_, [](const auto& reader) { return reader.at_end(); });
}

std::uint64_t copy_reader::rows() const noexcept {
  return with(reader_, [](const auto& reader) { return reader.rows(); });
}

}  // namespace tusk::detail
