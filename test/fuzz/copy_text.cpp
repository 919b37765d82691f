// Three bytes of settings, then the data: columns and header; the delimiter; NULL and the cuts.
#include <array>

#include "fuzz/copy_check.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

/// As the server writes them, in the plainest way: every byte that may mean something is escaped.
std::string written(const std::vector<copied_row>& rows, char delimiter) {
  std::string all;
  for (const copied_row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i != 0) all += delimiter;
      if (!row[i]) all += "\\N";
      for (const char c : row[i].value_or("")) {
        const bool is_plain = c != '\\' && c != '\n' && c != '\r' && c != delimiter;
        all += is_plain    ? std::string(1, c)
               : c == '\n' ? "\\n"
               : c == '\r' ? "\\r"
                           : std::string{'\\', c};
      }
    }
    all += '\n';
  }
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::array<const char*, 6> nulls{"\\N", "", "NULL", "\\.", "\\\\N", "a\\tb"};
  copy_settings settings({reinterpret_cast<const char*>(data), size});
  const std::uint8_t first = settings.next();
  copy_style style;
  style.delimiter = static_cast<char>(settings.next());
  const std::uint8_t last = settings.next();
  if (last % 8 < nulls.size()) style.null = nulls[last % 8];
  style.header = (first & 8U) != 0;
  const std::uint32_t columns = first % 8;
  const copied whole =
      check_copied(copy_format::text, style, columns, settings.rest(), last * 0x01010101U);
  // A tab never makes an escape mean another thing; other delimiters may.
  const copied again = read_whole(copy_format::text, {}, columns, written(whole.rows, '\t'));
  require_copied(again.error.empty() && again.rows == whole.rows, "rows come back when written");
  return 0;
}
