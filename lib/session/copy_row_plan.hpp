#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "session/copy_row_print.hpp"
#include "session/copy_text_style.hpp"
#include "tusk/copy_row_writer.hpp"
#include "tusk/error.hpp"

namespace tusk::detail {

/// What goes where: the columns, and what values of the types that were given last are written as.
struct copy_row_writer::plan {
  copy_text_style style;
  std::vector<column> columns;
  std::size_t count = 0;
  std::string table;
  std::uint64_t refused = 0;  ///< rows

  std::vector<const parameter_operations*> accepted;
  std::vector<type_ref> targets;       ///< 0 where neither side has a type: a string is text there
  std::vector<copy_printer> printers;  ///< for values that go directly into a line
  std::vector<std::uint8_t> widths;
  copied_day last_day;
  const copy_signature* asked = nullptr;  ///< what was last found to go directly, or not to

  /// Checks values of other types than those of the last row, and finds out what they are written
  /// as. Throws `programming_error`; nothing is accepted then.
  void accept(std::span<const parameter> values);
  /// Whether all values of these types, which have been accepted, go directly.
  [[nodiscard]] bool goes_directly(const copy_signature& types, copy_format format);

  /// "column "price"", or "column 3" where names are not known.
  [[nodiscard]] std::string label(std::size_t index) const;
  /// `COPY into "t"`.
  [[nodiscard]] std::string copy_label() const;
  /// Throws the error again, in words of the column and the row; of the row alone behind the last
  /// column.
  [[noreturn]] void reword(const error& fault, std::size_t index, std::uint64_t row) const;

 private:
  [[nodiscard]] type_ref accepted_type(std::size_t index, const parameter_operations& as) const;
  [[nodiscard]] bool plan_column(std::size_t index, copy_way way, copy_format format);
};

/// Writes a value that is not NULL in binary, behind its length. Throws `tusk::error` that speaks
/// of `$n`, `index` being n - 1.
void write_copied_binary(proto::writer& out, const parameter& value, type_ref target,
                         std::size_t index);
/// Writes one in a line.
void write_copied_text(proto::writer& out, const parameter& value, type_ref target,
                       std::size_t index, const copy_text_style& style);

}  // namespace tusk::detail
