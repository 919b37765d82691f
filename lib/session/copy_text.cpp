#include "session/copy_text.hpp"

#include <string_view>

#include "session/misuse.hpp"

// COPY statements, put together of what the caller has named.
namespace tusk::detail {

namespace {

std::string with_columns(std::string target, const std::vector<std::string>& columns,
                         const literal_rules& rules) {
  if (!columns.empty()) target.append(" (").append(column_list(columns, rules)).append(")");
  return target;
}

void append_option(std::string& to, std::string_view name, char value, const literal_rules& rules) {
  if (value == 0) return;
  to.append(", ").append(name).append(" ");
  to += quoted_literal({&value, 1}, rules);
}

// What stands in the parentheses behind the direction.
std::string options_of(copy_format format, const copy_style& style, const std::string& more,
                       const literal_rules& rules) {
  if (format == copy_format::binary && style != copy_style()) {
    misuse("a binary COPY takes no delimiter, null, quote, escape or header: leave the style empty",
           {});
  }
  std::string options = " (FORMAT ";
  options += name_of(format);
  append_option(options, "DELIMITER", style.delimiter, rules);
  append_option(options, "QUOTE", style.quote, rules);
  append_option(options, "ESCAPE", style.escape, rules);
  if (style.null) options.append(", NULL ").append(quoted_literal(*style.null, rules));
  if (style.header) options += ", HEADER true";
  if (!more.empty()) options.append(", ").append(more);
  return options += ")";
}

}  // namespace

std::string column_list(const std::vector<std::string>& columns, const literal_rules& rules) {
  std::string list;
  for (const std::string& each : columns)
    list.append(list.empty() ? "" : ", ").append(quoted_name(each, rules));
  return list;
}

std::string copy_statement(const copy_into& where, const literal_rules& rules) {
  if (where.table.empty()) misuse("copy_in was given no table", {});
  std::string text =
      with_columns("COPY " + quoted_name(where.schema, where.table, rules), where.columns, rules);
  text += " FROM STDIN";
  text += options_of(where.format, where.style, where.options, rules);
  if (!where.where.empty()) text.append(" WHERE ").append(where.where);
  return text;
}

std::string copy_statement(const copy_from& what, const literal_rules& rules) {
  std::string text = "COPY ";
  if (!what.query.empty()) {
    if (!what.table.empty() || !what.schema.empty() || !what.columns.empty()) {
      misuse("a COPY reads a query or a table: schema, table and columns stay empty with a query",
             what.query);
    }
    // The line break ends a comment that the query may end with.
    text.append("(").append(what.query).append("\n)");
  } else {
    if (what.table.empty()) misuse("neither a table nor a query was given to copy from", {});
    text += with_columns(quoted_name(what.schema, what.table, rules), what.columns, rules);
  }
  text += " TO STDOUT";
  return text += options_of(what.format, what.style, what.options, rules);
}

// The line break ends a comment that the caller's list may end with.
std::string described_by(std::string_view table, std::string_view columns) {
  return std::string("SELECT ").append(columns).append("\nFROM ").append(table).append("\nLIMIT 0");
}

// Of a table that does not exist no columns: the server is to say so of the COPY itself.
std::string copied_columns_query(std::string_view table, const literal_rules& rules) {
  return "SELECT attname FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass(" +
         quoted_literal(table, rules) +
         ") AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum";
}

void require_rows_in(copy_format format, std::string_view client_encoding, std::string_view sql) {
  if (format == copy_format::binary) return;
  if (character_check(client_encoding).keeps_ascii_apart()) return;
  misuse("rows in the format " + std::string(name_of(format)) + " cannot be told apart in " +
             std::string(client_encoding) +
             " (client_encoding), for its characters may hold bytes that look like a backslash: "
             "copy them in binary, or give the bytes as they are",
         sql);
}

}  // namespace tusk::detail
