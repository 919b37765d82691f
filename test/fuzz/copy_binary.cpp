// The first byte is the number of columns, the second says how the data is cut and, by its lowest
// bit, whether the header is there already: little would come behind the signature else.
#include "fuzz/copy_check.hpp"

using namespace tusk;
using namespace tusk::test;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  copy_settings settings({reinterpret_cast<const char*>(data), size});
  const std::uint32_t columns = settings.next() % 8;
  const std::uint8_t how = settings.next();
  std::string all;
  if (how % 2 == 0) all.append("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", 19);
  all += settings.rest();
  const copied whole = check_copied(copy_format::binary, {}, columns, all, how * 0x01010101U);
  require_copied(whole.at_end || !whole.error.empty(), "the trailer is there, or an error");
  // Nothing can be left out of sound data: its size is that of what was read.
  if (!whole.error.empty() || how % 2 != 0) return 0;
  std::size_t expected = 19 + 2;
  for (const copied_row& row : whole.rows) {
    expected += 2;
    for (const copied_value& value : row)
      expected += 4 + (value ? value->size() : 0);
  }
  require_copied(expected == all.size(), "every byte is accounted for");
  return 0;
}
