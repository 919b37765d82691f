#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "copy_arguments.hpp"
#include "row_splitter.hpp"
#include "tusk/callback.hpp"

namespace cli {

/// Whole rows of the input, a COPY's data on their own.
struct batch {
  std::uint64_t number = 0;      ///< from 1, in the input's order
  std::uint64_t first_line = 0;  ///< of the input, from 1; in the binary format a line is a row
  std::uint64_t last_line = 0;
  std::uint64_t rows = 0;
  std::string data{};
};

/// Cuts the input into batches. Holds no more of it than a batch and a piece of 256 KiB, unless a
/// row is longer.
class batch_reader {
 public:
  /// Fills the memory from its beginning; 0 at the end.
  using source = tusk::callback<std::size_t(std::span<char>)>;

  /// The first row is left out when it is a header.
  batch_reader(source from, const splitting& how, const batch_limits& limits, bool has_header);

  /// Reads the next batch, into the memory of an old one. False at the end. Throws malformed_input,
  /// and what the source throws; the rows since `next_line()` are then lost.
  bool next(batch& into);
  /// The line on which the next batch begins.
  [[nodiscard]] std::uint64_t next_line() const noexcept { return next_line_; }
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }

 private:
  bool end_row(batch& into);
  bool refill(batch& into);
  void check_length(std::size_t row) const;

  source from_;
  splitting how_;
  batch_limits limits_;
  std::unique_ptr<row_splitter> splitter_;
  bool at_header_;
  bool at_end_ = false;
  std::size_t row_begin_ = 0;  // in the batch's data
  std::uint64_t next_line_ = 1;
  std::uint64_t number_ = 0;
  std::uint64_t bytes_ = 0;
  std::vector<char> piece_;
  std::string_view rest_;  // of the piece
};

}  // namespace cli
