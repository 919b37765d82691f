#include "session/server_error.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <string>
#include <utility>

#include "session/copy_context.hpp"
#include "session/sql_scanner.hpp"
#include "tusk/sqlstate.hpp"

namespace tusk::detail {

namespace {

std::int32_t position(std::string_view digits) noexcept {
  std::int32_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

// SQLSTATE has five characters; what has not is the server's mistake and shown as none.
sqlstate_code code_of(std::string_view text) noexcept {
  return text.size() == 5 ? sqlstate_code(text) : sqlstate_code();
}

// Transient by the server's own word, and what was done is rolled back. Too many connections
// (53300) and a server that is starting up (57P03) are so only of a connection, where all errors
// are: nothing was asked yet.
bool was_rolled_back(sqlstate_code code) noexcept {
  return code == tusk::sqlstate::serialization_failure || code == tusk::sqlstate::deadlock_detected;
}

void take_field(error_details& out, proto::field_code code, std::string_view value) {
  using enum proto::field_code;
  switch (code) {
    case severity:
      if (out.severity.empty()) out.severity = value;
      break;
    case severity_nonlocalized: out.severity = value; break;  // not localized, so it wins
    case sqlstate: out.code = code_of(value); break;
    case message: out.message = value; break;
    case detail: out.detail = value; break;
    case hint: out.hint = value; break;
    case position: out.position = detail::position(value); break;
    case internal_position: out.internal_position = detail::position(value); break;
    case internal_query: out.internal_query = value; break;
    case where: out.where = value; break;
    case schema_name: out.schema = value; break;
    case table_name: out.table = value; break;
    case column_name: out.column = value; break;
    case data_type_name: out.data_type = value; break;
    case constraint_name: out.constraint = value; break;
    case file: out.source_file = value; break;
    case line: out.source_line = value; break;
    case routine: out.source_routine = value; break;
  }
}

// What the server carries out in one transaction, and does not end before the statement ends.
// Procedures may (CALL, DO), and so do VACUUM, CREATE INDEX CONCURRENTLY and their like.
constexpr std::string_view in_one_transaction[] = {
    "SELECT", "INSERT", "UPDATE",   "DELETE",  "MERGE",   "WITH",    "VALUES", "TABLE",   "COPY",
    "FETCH",  "MOVE",   "COMMIT",   "END",     "PREPARE", "EXECUTE", "LOCK",   "DECLARE", "SET",
    "SHOW",   "BEGIN",  "TRUNCATE", "EXPLAIN", "REFRESH", "GRANT",   "REVOKE",
};

}  // namespace

error_details read_error_fields(const proto::list<proto::error_field>& fields) {
  error_details out;
  out.kind = error_kind::server;
  for (const proto::error_field& field : fields)
    take_field(out, static_cast<proto::field_code>(field.code), field.value);
  copy_context at = read_copy_context(out.where);
  out.copy_line = at.line;
  out.copy_column = std::move(at.column);
  out.safe_to_retry = was_rolled_back(out.code);
  return out;
}

bool is_one_transaction(std::string_view sql) {
  const std::string keyword = command_keyword(sql);
  return std::find(std::begin(in_one_transaction), std::end(in_one_transaction), keyword) !=
         std::end(in_one_transaction);
}

bool ends_session(const error_details& error) noexcept {
  return error.severity == "FATAL" || error.severity == "PANIC";
}

}  // namespace tusk::detail
