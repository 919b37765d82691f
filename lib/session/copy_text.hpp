#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "session/quoting.hpp"
#include "tusk/copy_in.hpp"
#include "tusk/copy_out.hpp"

namespace tusk::detail {

/// `COPY "t" ("a", "b") FROM STDIN (FORMAT binary)`. Throws `programming_error` for a name that
/// cannot be quoted, and where no table is named.
[[nodiscard]] std::string copy_statement(const copy_into& where, const literal_rules& rules);

/// `COPY "t" TO STDOUT (FORMAT csv)`, or of a query. Throws as the one before, and when both a
/// table and a query are given.
[[nodiscard]] std::string copy_statement(const copy_from& what, const literal_rules& rules);

/// The names with commas in between.
[[nodiscard]] std::string column_list(const std::vector<std::string>& columns,
                                      const literal_rules& rules);

/// A statement whose columns are those that are copied; the table and the list are SQL.
[[nodiscard]] std::string described_by(std::string_view table, std::string_view columns);

/// The question for a table's columns that COPY takes when it names none, in their order.
[[nodiscard]] std::string copied_columns_query(std::string_view table, const literal_rules& rules);

/// Throws `programming_error` where rows cannot be told from bytes: in text and CSV, when a
/// character of the client's encoding may hold what looks like a backslash, a quote or a delimiter.
/// The server sees through that, for it converts first.
void require_rows_in(copy_format format, std::string_view client_encoding, std::string_view sql);

}  // namespace tusk::detail
