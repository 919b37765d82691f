#pragma once

#include <cstdint>
#include <variant>

#include "tusk/proto/copy.hpp"
#include "tusk/proto/credentials.hpp"
#include "tusk/proto/extended.hpp"
#include "tusk/proto/frame.hpp"
#include "tusk/proto/names.hpp"
#include "tusk/proto/simple.hpp"
#include "tusk/proto/startup.hpp"

namespace tusk::proto {

/// What a client may send before anything else; none of these has a type byte.
using first_packet = std::variant<startup_message, ssl_request, gssenc_request, cancel_request>;

/// Every other message of a client.
using frontend_message =
    std::variant<password_message, sasl_initial_response, sasl_response, gss_response, query, parse,
                 bind, describe, execute, close, flush, sync, function_call, copy_data, copy_done,
                 copy_fail, terminate>;

/// What a message of type `p` is, by what the server asked for last.
enum class frontend_state : std::uint8_t {
  password,      ///< AuthenticationCleartextPassword, AuthenticationMD5Password
  sasl_initial,  ///< AuthenticationSASL
  sasl,          ///< AuthenticationSASLContinue
  gss,           ///< AuthenticationGSS, AuthenticationSSPI, AuthenticationGSSContinue
};

/// Decodes a client's first packet by its code; anything that is no request's code is a version.
[[nodiscard]] error decode_first_packet(bytes_view body, first_packet& out) noexcept;
/// Decodes a client's message. `unknown_type` when the protocol has none such.
[[nodiscard]] error decode_frontend(const frame& message, frontend_state state,
                                    frontend_message& out) noexcept;

[[nodiscard]] error encode(writer& out, const first_packet& message) noexcept;
[[nodiscard]] error encode(writer& out, const frontend_message& message) noexcept;

/// The exact name: `SASLResponse`, where the type byte alone says `PasswordMessage`.
[[nodiscard]] std::string_view name_of(const first_packet& message) noexcept;
[[nodiscard]] std::string_view name_of(const frontend_message& message) noexcept;

}  // namespace tusk::proto
