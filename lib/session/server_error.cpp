#include "session/server_error.hpp"

#include <charconv>

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

// Transient by the server's own word, and nothing of the statement remains: the serialization
// family, too many connections, and a server that is starting up.
bool carried_nothing_out(sqlstate_code code) noexcept {
  const std::string_view text = code.text();
  return text == "40001" || text == "40P01" || text == "53300" || text == "57P03";
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

}  // namespace

error_details read_error_fields(const proto::list<proto::error_field>& fields) {
  error_details out;
  out.kind = error_kind::server;
  for (const proto::error_field& field : fields)
    take_field(out, static_cast<proto::field_code>(field.code), field.value);
  out.safe_to_retry = carried_nothing_out(out.code);
  return out;
}

bool ends_session(const error_details& error) noexcept {
  return error.severity == "FATAL" || error.severity == "PANIC";
}

}  // namespace tusk::detail
