#include "session/wire_trace_messages.hpp"

// How fe-trace.c of PostgreSQL 18 prints what a server sends, but for what is secret.
namespace tusk::detail {

namespace {

void print_fields(trace_line& to, const proto::authentication_gss_continue&) {
  to.secret_bytes();
}

void print_fields(trace_line& to, const proto::authentication_sasl& message) {
  for (const std::string_view each : message.mechanisms)
    to.string(each);
  // The list's end is an empty name.
  to.string("");
}

void print_fields(trace_line& to, const proto::authentication_sasl_continue&) {
  to.secret_bytes();
}

void print_fields(trace_line& to, const proto::authentication_sasl_final&) {
  to.secret_bytes();
}

void print_fields(trace_line& to, const proto::negotiate_protocol_version& message) {
  to.int32(static_cast<std::int32_t>(message.newest));
  to.int32(static_cast<std::int32_t>(message.unrecognized.size()));
  for (const std::string_view each : message.unrecognized)
    to.string(each);
}

void print_fields(trace_line& to, const proto::backend_key_data& message) {
  to.varying(static_cast<std::uint32_t>(message.process_id));
  to.secret_key();
}

void print_fields(trace_line& to, const proto::parameter_status& message) {
  to.string(message.name);
  to.string(message.value);
}

void print_fields(trace_line& to, const proto::ready_for_query& message) {
  to.byte(static_cast<char>(message.status));
}

void print_fields(trace_line& to, const proto::parameter_description& message) {
  to.int16(static_cast<std::uint16_t>(message.types.size()));
  for (const std::uint32_t each : message.types)
    to.varying(each);
}

void print_fields(trace_line& to, const proto::row_description& message) {
  to.int16(static_cast<std::uint16_t>(message.columns.size()));
  for (const proto::column_description each : message.columns) {
    to.string(each.name);
    to.varying(each.table);
    to.int16(static_cast<std::uint16_t>(each.attribute));
    to.varying(each.type);
    to.int16(static_cast<std::uint16_t>(each.type_size));
    to.int32(each.type_modifier);
    to.int16(static_cast<std::uint16_t>(each.format_code));
  }
}

void print_fields(trace_line& to, const proto::data_row& message) {
  detail::print_fields(to, message.values);
}

void print_fields(trace_line& to, const proto::command_complete& message) {
  to.string(message.tag);
}

// Where an error was raised in the server's sources changes with its version.
bool is_source_place(char code) noexcept {
  return code == static_cast<char>(proto::field_code::file) ||
         code == static_cast<char>(proto::field_code::line) ||
         code == static_cast<char>(proto::field_code::routine);
}

void print_fields(trace_line& to, const proto::list<proto::error_field>& fields) {
  for (const proto::error_field each : fields) {
    to.byte(each.code);
    // A statement may be repeated in the context or as an internal query.
    if (to.options().regress && is_source_place(each.code))
      to.string("SSSS");
    else
      to.sql(each.value);
  }
  to.byte('\0');
}

void print_fields(trace_line& to, const proto::error_response& message) {
  print_fields(to, message.fields);
}

void print_fields(trace_line& to, const proto::notice_response& message) {
  print_fields(to, message.fields);
}

void print_fields(trace_line& to, const proto::notification_response& message) {
  to.varying(static_cast<std::uint32_t>(message.process_id));
  to.string(message.channel);
  to.string(message.payload);
}

void print_copy(trace_line& to, proto::format overall, const proto::list<proto::format>& columns) {
  to.byte(static_cast<char>(overall));
  detail::print_fields(to, columns);
}

void print_fields(trace_line& to, const proto::copy_in_response& message) {
  print_copy(to, message.overall, message.columns);
}

void print_fields(trace_line& to, const proto::copy_out_response& message) {
  print_copy(to, message.overall, message.columns);
}

void print_fields(trace_line& to, const proto::copy_both_response& message) {
  print_copy(to, message.overall, message.columns);
}

void print_fields(trace_line& to, const proto::function_call_response& message) {
  to.value(message.value);
}

}  // namespace

void print_message(trace_line& to, const proto::backend_message& message) {
  std::visit(
      [&to](const auto& one) {
        to.add(one.message_name);
        // A message without fields ends with its name. (So does AuthenticationMD5Password, whose
        // salt libpq does not print.)
        if constexpr (requires { print_fields(to, one); }) {
          to.add("\t");
          print_fields(to, one);
        }
      },
      message);
}

}  // namespace tusk::detail
