// Any text as that of an array, a range and a multirange: refused, or read as a value whose own
// text is read as the same value.
#include "fuzz/value_check.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

template <class T>
void check_literal(std::string_view text) {
  const std::optional<T> parsed = T::parse(text);
  if (!parsed) return;
  std::string shown;
  try {
    shown = parsed->to_string();
  } catch (const data_error&) {
    return;  // a NUL is read out of a text, and never sent
  }
  const std::optional<T> again = T::parse(shown);
  require_value(again && *again == *parsed, codec<T>::name);
  require_value(again->to_string() == shown, "the text of a value is always the same");
}

/// As many elements as the text can hold, whatever it says of its bounds.
void check_shape(std::string_view text) {
  const auto parsed = array<std::string>::parse(text);
  if (!parsed) return;
  std::size_t count = parsed->dimensions().empty() ? 0 : 1;
  for (const array_dimension& one : parsed->dimensions())
    count *= static_cast<std::size_t>(one.size);
  require_value(count == parsed->size() && count <= text.size(), "the shape is the elements'");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // A block of just that size, so that sanitizers see an overread.
  const std::vector<char> block(data, data + size);
  const std::string_view text(block.data(), block.size());
  check_shape(text);
  check_literal<array<std::string>>(text);
  check_literal<array<int>>(text);
  check_literal<array<range<std::string>>>(text);
  check_literal<range<std::string>>(text);
  check_literal<range<date>>(text);
  check_literal<multirange<std::string>>(text);
  check_literal<multirange<int>>(text);
  return 0;
}
