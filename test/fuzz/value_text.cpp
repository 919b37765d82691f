// A type, chosen by the first byte, and any text as its value: refused with an error that names the
// column, or read as a value that comes back from its own binary form and its own text.
#include "fuzz/value_check.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

/// What parses must print as something that parses to the same.
template <class T>
void check_parse(std::string_view text) {
  const std::optional<T> parsed = T::parse(text);
  if (!parsed) return;
  const std::optional<T> again = T::parse(parsed->to_string());
  require_value(again && *again == *parsed, codec<T>::name);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const oid type = value_types[data[0] % value_types.size()];
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  check_every_type(test::text(type, text));
  check_parse<numeric>(text);
  check_parse<uuid>(text);
  check_parse<date>(text);
  check_parse<tusk::time>(text);
  check_parse<timestamp>(text);
  check_parse<timestamptz>(text);
  return 0;
}
