// Four bytes of settings, then the data: columns, header and the cuts; the delimiter; the quote;
// the escape, or by its lowest bit the quote again.
#include <array>

#include "fuzz/copy_check.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

/// Every value in quotes, NULL without.
std::string written(const std::vector<copied_row>& rows) {
  std::string all;
  for (const copied_row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i != 0) all += ',';
      if (!row[i]) continue;
      all += '"';
      for (const char c : *row[i])
        all += c == '"' ? std::string("\"\"") : std::string(1, c);
      all += '"';
    }
    all += '\n';
  }
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::array<const char*, 4> nulls{"", "NULL", "\\N", "\\."};
  copy_settings settings({reinterpret_cast<const char*>(data), size});
  const std::uint8_t first = settings.next();
  copy_style style;
  style.delimiter = static_cast<char>(settings.next());
  style.quote = static_cast<char>(settings.next());
  const std::uint8_t escape = settings.next();
  if (escape % 2 == 0) style.escape = static_cast<char>(escape);
  style.header = (first & 8U) != 0;
  style.null = nulls[first >> 6U];
  const std::uint32_t columns = first % 8;
  const copied whole =
      check_copied(copy_format::csv, style, columns, settings.rest(), first * 0x01010101U);
  const copied again = read_whole(copy_format::csv, {}, columns, written(whole.rows));
  require_copied(again.error.empty() && again.rows == whole.rows, "rows come back when written");
  return 0;
}
