#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "types/copy_lines.hpp"
#include "types/copy_row_body.hpp"

namespace tusk::detail {

/// Reads rows from the data of a COPY in the text format (documentation of COPY, "Text Format").
/// For the interface see `copy_reader`.
class copy_text_reader {
 public:
  copy_text_reader(const copy_style& style, std::uint32_t columns);

  void feed(bytes_view chunk) noexcept { lines_.feed(chunk); }
  [[nodiscard]] const std::byte* next();
  void finish() const;
  [[nodiscard]] bool at_end() const noexcept { return at_end_; }
  [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }

 private:
  const char* read_value(const char* at, const char* end);
  const char* read_escape(const char* at, const char* end);
  [[nodiscard]] bool is_end_marker(std::string_view line) const noexcept;

  std::uint32_t columns_;
  char delimiter_;
  bool skips_header_;
  std::string null_;
  byte_finder in_value_;
  copy_lines lines_;
  copy_row_body body_;
  copy_place at_{copy_format::text};
  std::uint64_t rows_ = 0;
  bool at_end_ = false;
};

}  // namespace tusk::detail
