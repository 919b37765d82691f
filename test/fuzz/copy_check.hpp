#pragma once

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "support/copy_rows.hpp"

namespace tusk::test {

inline void require_copied(bool holds, std::string_view what) {
  if (holds) return;
  std::cerr << "does not hold: " << what << '\n';
  std::abort();
}

/// Takes the first bytes of an input for settings.
class copy_settings {
 public:
  explicit copy_settings(std::string_view input) : left_(input) {}

  std::uint8_t next() {
    if (left_.empty()) return 0;
    const auto value = static_cast<std::uint8_t>(left_.front());
    left_.remove_prefix(1);
    return value;
  }
  [[nodiscard]] std::string_view rest() const { return left_; }

 private:
  std::string_view left_;
};

/// `data` gives well-formed rows of `columns` values, whose bytes all come from it, or an error
/// that says where; and the same when every chunk has one byte, and when their sizes are drawn by
/// `seed`.
inline copied check_copied(copy_format format, const copy_style& style, std::uint32_t columns,
                           std::string_view data, std::uint32_t seed) {
  copied whole = read_whole(format, style, columns, data);
  require_copied(whole.sound, "bodies are well-formed and counted");
  require_copied(whole.error.empty() || whole.error.starts_with("COPY data"), "an error's place");
  std::size_t bytes = 0;
  for (const copied_row& row : whole.rows)
    for (const copied_value& value : row)
      bytes += value ? value->size() : 0;
  require_copied(bytes <= data.size(), "values have no more bytes than the data");
  require_copied(read_cut(format, style, columns, data, every(1, data.size())) == whole,
                 "the same byte by byte");
  std::vector<std::size_t> cuts;
  for (std::size_t at = 0; at < data.size(); at += 1 + (seed >> 28U)) {
    seed = seed * 1664525U + 1013904223U;
    if (at != 0) cuts.push_back(at);
  }
  require_copied(read_cut(format, style, columns, data, cuts) == whole, "the same in any chunks");
  return whole;
}

}  // namespace tusk::test
