#pragma once

#include <string_view>

#include "session/statement_cache.hpp"
#include "session/type_knowledge.hpp"
#include "tusk/proto/row.hpp"

namespace tusk::detail {

/// Copies what RowDescription says.
[[nodiscard]] std::vector<column> read_columns(const proto::row_description& said);

/// Checks that the parameters given are those the statement takes, in number and in type, and finds
/// out what they are written as. Throws `programming_error`.
void check_parameters(prepared_statement& of, std::span<const parameter> given,
                      const type_knowledge& types);

/// Whether the values have exactly the types that the statement was declared with.
[[nodiscard]] bool same_types(const prepared_statement& declared,
                              std::span<const parameter> values) noexcept;

/// Chooses the formats of the columns for a way of reading them, after checking that they can be
/// read so. Throws `programming_error` naming column and types.
const column_choice& choose_columns(prepared_statement& of, const row_shape& shape, formats wanted,
                                    const type_knowledge& types);

/// The formats to ask for when the columns' types are not known yet: what each C++ type likes best.
/// Members of a struct that are found by name, and untyped rows, come in text.
[[nodiscard]] std::vector<format> undescribed_formats(const row_shape& shape);

/// The columns of a statement that is under way already, in the formats in which they come, after
/// checking that they can be read so. Throws as `choose_columns` does.
[[nodiscard]] std::shared_ptr<const column_set> columns_as_sent(prepared_statement& of,
                                                                const row_shape& shape,
                                                                const type_knowledge& types);

/// The same columns, all in text: what the simple protocol brings.
[[nodiscard]] std::shared_ptr<column_set> text_columns(const proto::row_description& said,
                                                       const type_knowledge& types);

}  // namespace tusk::detail
