#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "tusk/types/copy_format.hpp"

namespace cli {

/// The data cannot be what it is said to be: the text says where and why.
class malformed_input : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Finds where rows end in COPY's data, cut anywhere, as the server that will read it does: a line
/// end is none inside of a CSV's quotes, nor behind a text's backslash. It does not judge the rows.
///
/// In the binary format the header belongs to the first row, and a line is a row.
class row_splitter {
 public:
  row_splitter() = default;
  row_splitter(const row_splitter&) = delete;
  row_splitter& operator=(const row_splitter&) = delete;
  virtual ~row_splitter() = default;

  /// Reads on in the same data. Gives how many bytes of `more` belong to the row that ends in it,
  /// none when it does not end there: all of `more` belongs to it then. (0 when only the first byte
  /// of `more` tells that the row has ended before it.) Throws malformed_input.
  [[nodiscard]] virtual std::optional<std::size_t> row_end(std::string_view more) = 0;
  /// Whether the row that has just ended is no row, but the mark of the data's end: a line of `\.`,
  /// the binary format's trailer. What comes behind it is not read.
  [[nodiscard]] virtual bool at_end_mark() const noexcept = 0;
  /// To be called when there is no more data, in place of a further `row_end`: whether what has
  /// been read of a row is one. Throws malformed_input when it was cut short.
  [[nodiscard]] virtual bool ends_with_row() = 0;
  /// Lines, as an editor counts them, that have ended.
  [[nodiscard]] virtual std::uint64_t lines() const noexcept = 0;
  /// Lines as the server counts them for its messages: so many when it reports the row that has
  /// just ended. In a text it does not count those behind a backslash, in a CSV file not all of
  /// those inside of quotes.
  [[nodiscard]] virtual std::uint64_t lines_for_server() const noexcept = 0;
};

/// What is known of the data but its format.
struct splitting {
  tusk::copy_format format = tusk::copy_format::text;
  char quote = '"';   ///< CSV
  char escape = '"';  ///< CSV
  /// Whether a line of `\.` ends CSV data, too, as it does for servers before PostgreSQL 18.
  bool csv_end_mark = false;
};

[[nodiscard]] std::unique_ptr<row_splitter> make_row_splitter(const splitting& how);

/// The line of a piece of data, from 1, that the server means when it says `server_line` (for a row
/// of several lines its last). `server_line` itself when the piece does not have so many.
[[nodiscard]] std::uint64_t line_in_editor(const splitting& how, std::string_view piece,
                                           std::uint64_t server_line);

}  // namespace cli
