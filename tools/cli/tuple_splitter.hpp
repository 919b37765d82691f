#pragma once

#include <string_view>

#include "row_splitter.hpp"

namespace cli {

/// What every binary COPY begins with, without flags and without a header extension
/// (documentation of COPY, "Binary Format").
inline constexpr std::string_view binary_header{"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", 19};
/// And what it ends with.
inline constexpr std::string_view binary_trailer{"\xff\xff", 2};

/// The splitter of the binary format.
class tuple_splitter final : public row_splitter {
 public:
  std::optional<std::size_t> row_end(std::string_view more) override;
  [[nodiscard]] bool at_end_mark() const noexcept override { return state_ == state::ended; }
  [[nodiscard]] bool ends_with_row() override;
  [[nodiscard]] std::uint64_t lines() const noexcept override { return rows_; }
  [[nodiscard]] std::uint64_t lines_for_server() const noexcept override { return rows_; }

 private:
  enum class state : std::uint8_t { header, extension, field_count, field_length, value, ended };

  void read_header();
  bool read_word();
  bool next_field() noexcept;
  [[noreturn]] void refuse(std::string_view why) const;
  void expect(state next, std::uint64_t bytes) noexcept;

  state state_ = state::header;
  std::uint64_t missing_ = binary_header.size();  // bytes of what the state is about
  char word_[binary_header.size()] = {};          // those that have come, but of a value
  std::size_t held_ = 0;
  std::uint32_t fields_ = 0;  // of this row, that have not begun yet
  std::uint64_t rows_ = 0;
};

}  // namespace cli
