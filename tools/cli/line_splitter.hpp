#pragma once

#include "row_splitter.hpp"

namespace cli {

/// The splitter of the formats text and csv. The first line end that ends a row says which of \n,
/// \r and \r\n does so in the whole data, as it is with the server.
class line_splitter final : public row_splitter {
 public:
  explicit line_splitter(const splitting& how) noexcept;

  std::optional<std::size_t> row_end(std::string_view more) override;
  [[nodiscard]] bool at_end_mark() const noexcept override { return ended_by_mark_; }
  [[nodiscard]] bool ends_with_row() override;
  [[nodiscard]] std::uint64_t lines() const noexcept override {
    return eol_ == eol::cr ? returns_ : feeds_;
  }
  [[nodiscard]] std::uint64_t lines_for_server() const noexcept override { return for_server_; }

 private:
  enum class state : std::uint8_t {
    row_begin,
    plain,
    quoted,          ///< CSV
    quoted_escape,   ///< CSV, behind an escape that is not the quote
    backslash,       ///< text: the next byte has no meaning of its own
    first_return,    ///< \r, and nothing is known of the line ends yet
    return_of_pair,  ///< \r, where \r\n ends rows
  };
  /// Whether the row may be the mark of the data's end.
  enum class mark : std::uint8_t {
    possible,   ///< nothing has come yet
    backslash,  ///< a backslash
    whole,      ///< `\.`
    none,       ///< something else
    stray,      ///< a text's row that ends in `\.`, so far
  };
  enum class eol : std::uint8_t { unknown, lf, cr, crlf };

  bool step(char c);
  bool plain(char c);
  bool end_row(eol as);
  [[nodiscard]] std::size_t dull_bytes(std::string_view at) const noexcept;

  bool csv_;
  char quote_;
  char escape_;
  bool knows_mark_;  // a line of `\.` ends the data
  state state_ = state::row_begin;
  eol eol_ = eol::unknown;
  mark mark_ = mark::possible;
  bool ended_by_mark_ = false;
  std::uint64_t feeds_ = 0;
  std::uint64_t returns_ = 0;
  std::uint64_t for_server_ = 0;
};

}  // namespace cli
