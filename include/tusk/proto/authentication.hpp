#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tusk/proto/credentials.hpp"
#include "tusk/proto/list.hpp"

namespace tusk::proto {

/// An Authentication message that is its Int32 code alone.
template <std::int32_t Code>
struct bare_authentication {
  static constexpr char type = 'R';
  static constexpr std::int32_t code = Code;
  friend bool operator==(const bare_authentication&, const bare_authentication&) = default;
};

/// The exchange is over and the client is let in ("Message Formats", AuthenticationOk).
struct authentication_ok : bare_authentication<0> {
  static constexpr std::string_view message_name = "AuthenticationOk";
};
/// Asks for Kerberos V5, which no server has supported for long ("Message Formats",
/// AuthenticationKerberosV5).
struct authentication_kerberos_v5 : bare_authentication<2> {
  static constexpr std::string_view message_name = "AuthenticationKerberosV5";
};
/// Asks for the password as it is ("Message Formats", AuthenticationCleartextPassword).
struct authentication_cleartext_password : bare_authentication<3> {
  static constexpr std::string_view message_name = "AuthenticationCleartextPassword";
};
/// Asks for the password hashed with MD5 ("Message Formats", AuthenticationMD5Password).
struct authentication_md5_password {
  static constexpr char type = 'R';
  static constexpr std::int32_t code = 5;
  static constexpr std::string_view message_name = "AuthenticationMD5Password";
  std::array<std::byte, 4> salt{};
  friend bool operator==(const authentication_md5_password&,
                         const authentication_md5_password&) = default;
};
/// Begins GSSAPI ("Message Formats", AuthenticationGSS).
struct authentication_gss : bare_authentication<7> {
  static constexpr std::string_view message_name = "AuthenticationGSS";
};
/// GSSAPI or SSPI data ("Message Formats", AuthenticationGSSContinue).
struct authentication_gss_continue {
  static constexpr char type = 'R';
  static constexpr std::int32_t code = 8;
  static constexpr std::string_view message_name = "AuthenticationGSSContinue";
  bytes_view data;
  friend bool operator==(const authentication_gss_continue& a,
                         const authentication_gss_continue& b) noexcept {
    return same_bytes(a.data, b.data);
  }
};
/// Begins SSPI ("Message Formats", AuthenticationSSPI).
struct authentication_sspi : bare_authentication<9> {
  static constexpr std::string_view message_name = "AuthenticationSSPI";
};
/// Offers SASL mechanisms, the server's favourite first ("Message Formats", AuthenticationSASL).
struct authentication_sasl {
  static constexpr char type = 'R';
  static constexpr std::int32_t code = 10;
  static constexpr std::string_view message_name = "AuthenticationSASL";
  list<std::string_view> mechanisms;
  friend bool operator==(const authentication_sasl&, const authentication_sasl&) = default;
};
/// A SASL challenge ("Message Formats", AuthenticationSASLContinue).
struct authentication_sasl_continue {
  static constexpr char type = 'R';
  static constexpr std::int32_t code = 11;
  static constexpr std::string_view message_name = "AuthenticationSASLContinue";
  bytes_view data;
  friend bool operator==(const authentication_sasl_continue& a,
                         const authentication_sasl_continue& b) noexcept {
    return same_bytes(a.data, b.data);
  }
};
/// SASL has succeeded, with the mechanism's additional data ("Message Formats",
/// AuthenticationSASLFinal).
struct authentication_sasl_final {
  static constexpr char type = 'R';
  static constexpr std::int32_t code = 12;
  static constexpr std::string_view message_name = "AuthenticationSASLFinal";
  bytes_view data;
  friend bool operator==(const authentication_sasl_final& a,
                         const authentication_sasl_final& b) noexcept {
    return same_bytes(a.data, b.data);
  }
};

template <std::int32_t Code>
[[nodiscard]] error encode(writer& out, const bare_authentication<Code>&) noexcept {
  if (out.status() && out.status().what != fault::no_room) return out.status();
  out.u8('R');
  out.i32(8);
  out.i32(Code);
  return out.status();
}
[[nodiscard]] error encode(writer& out, const authentication_md5_password& message) noexcept;
[[nodiscard]] error encode(writer& out, const authentication_gss_continue& message) noexcept;
[[nodiscard]] error encode(writer& out, const authentication_sasl& message) noexcept;
[[nodiscard]] error encode(writer& out, const authentication_sasl_continue& message) noexcept;
[[nodiscard]] error encode(writer& out, const authentication_sasl_final& message) noexcept;

/// A body whose code is another one is refused with `bad_value` at offset 0.
template <std::int32_t Code>
[[nodiscard]] error decode(bytes_view body, bare_authentication<Code>&) noexcept {
  reader in{body};
  if (in.i32() != Code) in.fail(fault::bad_value, 0);
  return in.finish();
}
[[nodiscard]] error decode(bytes_view body, authentication_md5_password& out) noexcept;
[[nodiscard]] error decode(bytes_view body, authentication_gss_continue& out) noexcept;
[[nodiscard]] error decode(bytes_view body, authentication_sasl& out) noexcept;
[[nodiscard]] error decode(bytes_view body, authentication_sasl_continue& out) noexcept;
[[nodiscard]] error decode(bytes_view body, authentication_sasl_final& out) noexcept;

}  // namespace tusk::proto
