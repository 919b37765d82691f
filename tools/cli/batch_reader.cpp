#include "batch_reader.hpp"

#include <utility>

#include "tuple_splitter.hpp"

namespace cli {
namespace {

constexpr std::size_t piece_size = std::size_t{256} << 10;
// PostgreSQL holds a row's text in one allocation, of less than that.
constexpr std::size_t longest_row = std::size_t{1} << 30;

}  // namespace

batch_reader::batch_reader(source from, const splitting& how, const batch_limits& limits,
                           bool has_header)
    : from_(std::move(from)),
      how_(how),
      limits_(limits),
      splitter_(make_row_splitter(how)),
      at_header_(has_header),
      piece_(piece_size) {}

bool batch_reader::next(batch& into) {
  if (at_end_) return false;
  const bool binary = how_.format == tusk::copy_format::binary;
  into.data.clear();
  into.rows = 0;
  into.number = number_ + 1;
  // The first one has the input's own header.
  if (binary && number_ != 0) into.data = binary_header;
  row_begin_ = into.data.size();
  bool full = false;
  while (!full && (!rest_.empty() || refill(into))) {
    const auto end = splitter_->row_end(rest_);
    into.data.append(rest_.substr(0, end.value_or(rest_.size())));
    rest_.remove_prefix(end.value_or(rest_.size()));
    if (end)
      full = end_row(into);
    else
      check_length(into.data.size() - row_begin_);
  }
  if (into.rows == 0) return false;
  if (binary) into.data.append(binary_trailer);
  into.first_line = next_line_;
  into.last_line = splitter_->lines();
  next_line_ = into.last_line + 1;
  number_ = into.number;
  return true;
}

// True when the batch is full, or the input over.
bool batch_reader::end_row(batch& into) {
  if (splitter_->at_end_mark()) {
    into.data.resize(row_begin_);
    // What stands behind a text's mark is never read; behind a trailer there must be nothing.
    if (how_.format == tusk::copy_format::binary) return false;
    at_end_ = true;
    return true;
  }
  if (at_header_) {
    at_header_ = false;
    into.data.clear();
    next_line_ = splitter_->lines() + 1;
  } else {
    ++into.rows;
  }
  row_begin_ = into.data.size();
  return into.rows >= limits_.rows || (into.rows != 0 && into.data.size() >= limits_.bytes);
}

// False at the end of the input: the last row then may have ended without a line end.
bool batch_reader::refill(batch& into) {
  const std::size_t count = from_(piece_);
  bytes_ += count;
  rest_ = {piece_.data(), count};
  if (count != 0) return true;
  at_end_ = true;
  if (splitter_->ends_with_row())
    end_row(into);
  else
    into.data.resize(row_begin_);
  return false;
}

void batch_reader::check_length(std::size_t row) const {
  if (row < longest_row) return;
  const bool lines = how_.format != tusk::copy_format::binary;
  throw malformed_input("the row that begins " + std::string(lines ? "on line " : "as row ") +
                        std::to_string(next_line_) +
                        " or later is longer than 1 GB, which no server takes" +
                        (how_.format == tusk::copy_format::csv ? ": is a quote left open?" : ""));
}

}  // namespace cli
