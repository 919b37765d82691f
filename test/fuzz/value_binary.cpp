// A type, chosen by the first byte, and any bytes as its binary form: refused with an error that
// names the column, or read as a value that comes back from its own binary form and that prints.
#include "fuzz/value_check.hpp"

using namespace tusk;
using namespace tusk::test;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const oid type = value_types[data[0] % value_types.size()];
  const bytes_view bytes{reinterpret_cast<const std::byte*>(data) + 1, size - 1};
  const sample value(type, format::binary, bytes);
  check_every_type(value);
  try {
    const std::string text = print(value);
    // What prints was well formed, so that its text is of its type too.
    if (type == oids::numeric || type == oids::float8 || type == oids::time)
      check_every_type(test::text(type, text));
  } catch (const data_error& e) {
    require_value(e.column() == "c", "a refusal to print names the column");
  }
  return 0;
}
