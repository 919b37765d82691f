#include "session/wire_trace_messages.hpp"

// How fe-trace.c of PostgreSQL 18 prints what a client sends, but for what is secret.
namespace tusk::detail {

void print_fields(trace_line& to, const proto::list<proto::format>& formats) {
  to.int16(static_cast<std::uint16_t>(formats.size()));
  for (const proto::format each : formats)
    to.int16(static_cast<std::uint16_t>(each));
}

void print_fields(trace_line& to, const proto::list<std::optional<bytes_view>>& values) {
  to.int16(static_cast<std::uint16_t>(values.size()));
  for (const auto& each : values)
    to.value(each);
}

void print_fields(trace_line& to, const proto::copy_data& message) {
  if (!to.options().show_values)
    to.int32(static_cast<std::int32_t>(message.data.size()));
  else if (to.options().regress)
    to.add(" 'BBBB'");
  else
    to.bytes(message.data);
}

namespace {

void print_code(trace_line& to, std::uint32_t code) {
  to.int16(static_cast<std::uint16_t>(code >> 16));
  to.int16(static_cast<std::uint16_t>(code & 0xffff));
}

void print_fields(trace_line& to, const proto::startup_message& message) {
  print_code(to, message.version);
  for (const proto::startup_parameter each : message.parameters) {
    to.string(each.name);
    to.string(each.value);
  }
}

void print_fields(trace_line& to, const proto::ssl_request&) {
  print_code(to, proto::ssl_request::code);
}

void print_fields(trace_line& to, const proto::gssenc_request&) {
  print_code(to, proto::gssenc_request::code);
}

void print_fields(trace_line& to, const proto::cancel_request& message) {
  print_code(to, proto::cancel_request::code);
  to.varying(static_cast<std::uint32_t>(message.process_id));
  to.secret_key();
}

void print_fields(trace_line& to, const proto::password_message&) {
  to.secret_string();
}

void print_fields(trace_line& to, const proto::sasl_initial_response& message) {
  to.string(message.mechanism);
  to.int32(message.response ? static_cast<std::int32_t>(message.response->size()) : -1);
  if (message.response) to.secret_bytes();
}

void print_fields(trace_line& to, const proto::sasl_response&) {
  to.secret_bytes();
}

void print_fields(trace_line& to, const proto::gss_response&) {
  to.secret_bytes();
}

void print_fields(trace_line& to, const proto::query& message) {
  to.sql(message.sql);
}

void print_fields(trace_line& to, const proto::parse& message) {
  to.string(message.statement);
  to.sql(message.sql);
  to.int16(static_cast<std::uint16_t>(message.parameter_types.size()));
  for (const std::uint32_t each : message.parameter_types)
    to.varying(each);
}

void print_fields(trace_line& to, const proto::bind& message) {
  to.string(message.portal);
  to.string(message.statement);
  print_fields(to, message.parameter_formats);
  print_fields(to, message.parameters);
  print_fields(to, message.result_formats);
}

void print_fields(trace_line& to, const proto::describe& message) {
  to.byte(static_cast<char>(message.kind));
  to.string(message.name);
}

void print_fields(trace_line& to, const proto::close& message) {
  to.byte(static_cast<char>(message.kind));
  to.string(message.name);
}

void print_fields(trace_line& to, const proto::execute& message) {
  to.string(message.portal);
  to.int32(message.max_rows);
}

void print_fields(trace_line& to, const proto::function_call& message) {
  to.varying(message.function);
  print_fields(to, message.argument_formats);
  print_fields(to, message.arguments);
  to.int16(static_cast<std::uint16_t>(message.result_format));
}

void print_fields(trace_line& to, const proto::copy_fail& message) {
  to.string(message.message);
}

constexpr auto printer(trace_line& to) {
  return [&to](const auto& message) {
    to.add(message.message_name);
    // A message without fields ends with its name.
    if constexpr (requires { print_fields(to, message); }) {
      to.add("\t");
      print_fields(to, message);
    }
  };
}

}  // namespace

void print_message(trace_line& to, const proto::first_packet& message) {
  std::visit(printer(to), message);
}

void print_message(trace_line& to, const proto::frontend_message& message) {
  std::visit(printer(to), message);
}

}  // namespace tusk::detail
