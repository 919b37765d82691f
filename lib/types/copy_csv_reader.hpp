#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "types/copy_lines.hpp"
#include "types/copy_row_body.hpp"

namespace tusk::detail {

/// Reads rows from the data of a COPY in CSV (documentation of COPY, "CSV Format"). `\.` on a line
/// of its own is data, as it is to servers from 18 on. For the interface see `copy_reader`.
class copy_csv_reader {
 public:
  copy_csv_reader(const copy_style& style, std::uint32_t columns);

  void feed(bytes_view chunk) noexcept { lines_.feed(chunk); }
  [[nodiscard]] const std::byte* next();
  void finish() const { lines_.finish(); }
  [[nodiscard]] bool at_end() const noexcept { return false; }
  [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }

 private:
  const char* read_value(const char* at, const char* end);
  const char* read_quoted(const char* at, const char* end);

  std::uint32_t columns_;
  char delimiter_;
  char quote_;
  char escape_;
  bool skips_header_;
  std::string null_;
  byte_finder unquoted_;
  byte_finder quoted_;
  copy_lines lines_;
  copy_row_body body_;
  copy_place at_{copy_format::csv};
  std::uint64_t rows_ = 0;
};

}  // namespace tusk::detail
