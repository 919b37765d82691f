#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tusk/proto/bytes.hpp"
#include "types/byte_finder.hpp"
#include "types/copy_failure.hpp"

namespace tusk::detail {

/// Cuts the data of a COPY in text or CSV into lines, wherever its chunks were cut. No byte is
/// looked at twice, and a line that lies in one chunk is not copied.
///
/// A line ends with LF, CR or CRLF; as the first one does, all must, for anything else is data that
/// the writer has not escaped (documentation of COPY, "Text Format"). A line is given out at its CR
/// already: whether an LF belongs to it is seen when more data comes.
class copy_lines {
 public:
  /// Lines of text: a backslash keeps the byte behind it from ending one.
  copy_lines() noexcept;
  /// Lines of CSV: between quotes nothing ends one.
  copy_lines(char quote, char escape) noexcept;

  /// The data goes on with `chunk`, which is used until the next call. Only after `next` has found
  /// nothing more in the one before.
  void feed(bytes_view chunk) noexcept;
  /// Finds the next line, without its end; it is valid until the next call of this or `feed`. False
  /// when more data is needed. Throws for a line end unlike the first one.
  [[nodiscard]] bool next(std::string_view& line);
  /// The data is over: throws when it ends in the middle of a line.
  void finish() const;

  /// Lines found so far do not tell the rows: the reader says which one is at hand, for errors.
  void set_row(std::uint64_t row) noexcept { row_ = row; }

 private:
  enum class ending : std::uint8_t { unknown, lf, cr, crlf };
  /// What the bytes of a line so far say of the next one.
  enum class state : std::uint8_t { plain, escaped, quoted, quoted_escape };

  const char* find_end() noexcept;
  const char* find_text_end() noexcept;
  const char* find_csv_end() noexcept;
  const char* skip_quoted(const char* at) noexcept;
  void settle_cr();
  void note_ending(char c);
  [[nodiscard]] std::string_view carry_on(const char* stop);
  void forget_carried();
  void check_size(std::size_t more) const;
  [[noreturn]] void fail(std::string_view reason) const;

  bool is_csv_;
  char quote_ = 0;
  char escape_ = 0;
  byte_finder outside_;
  byte_finder inside_;
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  std::string carried_;  ///< the beginning of a line that lies in several chunks
  bool has_given_carried_ = false;
  bool has_partial_ = false;  ///< a line has begun in an earlier chunk
  state state_ = state::plain;
  ending ending_ = ending::unknown;
  bool at_cr_ = false;  ///< the last line ended at a CR that an LF may, or must, follow
  std::uint64_t row_ = 1;
};

}  // namespace tusk::detail
