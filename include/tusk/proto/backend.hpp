#pragma once

#include <variant>

#include "tusk/proto/authentication.hpp"
#include "tusk/proto/copy.hpp"
#include "tusk/proto/extended.hpp"
#include "tusk/proto/frame.hpp"
#include "tusk/proto/names.hpp"
#include "tusk/proto/notice.hpp"
#include "tusk/proto/row.hpp"
#include "tusk/proto/simple.hpp"
#include "tusk/proto/startup.hpp"

namespace tusk::proto {

/// Every message of a server.
using backend_message =
    std::variant<authentication_ok, authentication_kerberos_v5, authentication_cleartext_password,
                 authentication_md5_password, authentication_gss, authentication_gss_continue,
                 authentication_sspi, authentication_sasl, authentication_sasl_continue,
                 authentication_sasl_final, negotiate_protocol_version, backend_key_data,
                 parameter_status, ready_for_query, parse_complete, bind_complete, close_complete,
                 no_data, parameter_description, row_description, data_row, portal_suspended,
                 command_complete, empty_query_response, error_response, notice_response,
                 notification_response, copy_in_response, copy_out_response, copy_both_response,
                 copy_data, copy_done, function_call_response>;

/// Decodes a server's message. `unknown_type` when the protocol has none such, `bad_value` when it
/// has no such Authentication code.
[[nodiscard]] error decode_backend(const frame& message, backend_message& out) noexcept;

[[nodiscard]] error encode(writer& out, const backend_message& message) noexcept;

/// The exact name: `AuthenticationSASL`, where the type byte alone says `Authentication`.
[[nodiscard]] std::string_view name_of(const backend_message& message) noexcept;

}  // namespace tusk::proto
