#pragma once

#include <string_view>

#include "session/statement_cache.hpp"
#include "tusk/proto/row.hpp"

namespace tusk::detail {

/// Copies what RowDescription says.
[[nodiscard]] std::vector<column> read_columns(const proto::row_description& said);

/// Checks that the parameters given are those the statement takes, in number and in type. Throws
/// `programming_error`.
void check_parameters(statement& of, std::span<const parameter> given);

/// Chooses the formats of the columns for a way of reading them, after checking that they can be
/// read so. Throws `programming_error` naming column and types.
const column_choice& choose_columns(statement& of, const row_shape& shape, formats wanted);

/// The same columns, all in text: what the simple protocol brings.
[[nodiscard]] std::shared_ptr<const column_set> text_columns(const proto::row_description& said);

}  // namespace tusk::detail
