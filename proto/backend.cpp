#include "tusk/proto/backend.hpp"

namespace tusk::proto {
namespace {

template <class M>
error decode_as(bytes_view body, backend_message& out) noexcept {
  return decode(body, out.emplace<M>());
}

error decode_authentication(bytes_view body, backend_message& out) noexcept {
  reader in{body};
  const std::int32_t code = in.i32();
  if (!in.ok()) return in.status();
  switch (code) {
    case authentication_ok::code: return decode_as<authentication_ok>(body, out);
    case authentication_kerberos_v5::code: return decode_as<authentication_kerberos_v5>(body, out);
    case authentication_cleartext_password::code:
      return decode_as<authentication_cleartext_password>(body, out);
    case authentication_md5_password::code:
      return decode_as<authentication_md5_password>(body, out);
    case authentication_gss::code: return decode_as<authentication_gss>(body, out);
    case authentication_gss_continue::code:
      return decode_as<authentication_gss_continue>(body, out);
    case authentication_sspi::code: return decode_as<authentication_sspi>(body, out);
    case authentication_sasl::code: return decode_as<authentication_sasl>(body, out);
    case authentication_sasl_continue::code:
      return decode_as<authentication_sasl_continue>(body, out);
    case authentication_sasl_final::code: return decode_as<authentication_sasl_final>(body, out);
    default: return {fault::bad_value, 0};
  }
}

}  // namespace

// A table of the protocol's types in the form of a switch, hence its length.
error decode_backend(const frame& message, backend_message& out) noexcept {
  const bytes_view body = message.body;
  switch (message.type) {
    case authentication_ok::type: return decode_authentication(body, out);
    case negotiate_protocol_version::type: return decode_as<negotiate_protocol_version>(body, out);
    case backend_key_data::type: return decode_as<backend_key_data>(body, out);
    case parameter_status::type: return decode_as<parameter_status>(body, out);
    case ready_for_query::type: return decode_as<ready_for_query>(body, out);
    case parse_complete::type: return decode_as<parse_complete>(body, out);
    case bind_complete::type: return decode_as<bind_complete>(body, out);
    case close_complete::type: return decode_as<close_complete>(body, out);
    case no_data::type: return decode_as<no_data>(body, out);
    case parameter_description::type: return decode_as<parameter_description>(body, out);
    case row_description::type: return decode_as<row_description>(body, out);
    case data_row::type: return decode_as<data_row>(body, out);
    case portal_suspended::type: return decode_as<portal_suspended>(body, out);
    case command_complete::type: return decode_as<command_complete>(body, out);
    case empty_query_response::type: return decode_as<empty_query_response>(body, out);
    case error_response::type: return decode_as<error_response>(body, out);
    case notice_response::type: return decode_as<notice_response>(body, out);
    case notification_response::type: return decode_as<notification_response>(body, out);
    case copy_in_response::type: return decode_as<copy_in_response>(body, out);
    case copy_out_response::type: return decode_as<copy_out_response>(body, out);
    case copy_both_response::type: return decode_as<copy_both_response>(body, out);
    case copy_data::type: return decode_as<copy_data>(body, out);
    case copy_done::type: return decode_as<copy_done>(body, out);
    case function_call_response::type: return decode_as<function_call_response>(body, out);
    default: return {fault::unknown_type, 0};
  }
}

error encode(writer& out, const backend_message& message) noexcept {
  return std::visit([&out](const auto& one) noexcept { return encode(out, one); }, message);
}

std::string_view name_of(const backend_message& message) noexcept {
  return std::visit([](const auto& one) noexcept { return one.message_name; }, message);
}

}  // namespace tusk::proto
