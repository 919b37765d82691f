#pragma once

#include <cstdint>
#include <string_view>

#include "tusk/proto/list.hpp"

namespace tusk::proto {

/// A name and a value of a StartupMessage, such as `user`, `database` or any run-time parameter.
struct startup_parameter {
  std::string_view name;
  std::string_view value;
  friend bool operator==(const startup_parameter&, const startup_parameter&) = default;
};

/// A client's first packet ("Message Formats", StartupMessage). It has no type byte.
struct startup_message {
  static constexpr std::string_view message_name = "StartupMessage";
  std::uint32_t version = protocol_3_0;  ///< kept as it came, known or not
  list<startup_parameter> parameters;
  friend bool operator==(const startup_message&, const startup_message&) = default;
};

/// Asks for TLS; the server answers with the single byte `S` or `N` ("Message Formats",
/// SSLRequest). It has no type byte.
struct ssl_request {
  static constexpr std::string_view message_name = "SSLRequest";
  static constexpr std::uint32_t code = 80877103;
  friend bool operator==(const ssl_request&, const ssl_request&) = default;
};

/// Asks for GSSAPI encryption; the server answers with the single byte `G` or `N` ("Message
/// Formats", GSSENCRequest). It has no type byte.
struct gssenc_request {
  static constexpr std::string_view message_name = "GSSENCRequest";
  static constexpr std::uint32_t code = 80877104;
  friend bool operator==(const gssenc_request&, const gssenc_request&) = default;
};

/// Asks to cancel what another connection runs ("Message Formats", CancelRequest). It has no type
/// byte and gets no answer.
struct cancel_request {
  static constexpr std::string_view message_name = "CancelRequest";
  static constexpr std::uint32_t code = 80877102;
  std::int32_t process_id = 0;
  bytes_view secret_key;  ///< 4 to 256 bytes; exactly 4 in protocol 3.0
  friend bool operator==(const cancel_request& a, const cancel_request& b) noexcept {
    return a.process_id == b.process_id && same_bytes(a.secret_key, b.secret_key);
  }
};

/// The server speaks an older minor version, or does not know some `_pq_.` options ("Message
/// Formats", NegotiateProtocolVersion). What it may say is the client's to judge.
struct negotiate_protocol_version {
  static constexpr char type = 'v';
  static constexpr std::string_view message_name = "NegotiateProtocolVersion";
  std::uint32_t newest = protocol_3_0;  ///< the newest version the server supports
  list<std::string_view> unrecognized;  ///< names of options
  friend bool operator==(const negotiate_protocol_version&,
                         const negotiate_protocol_version&) = default;
};

/// What a CancelRequest for this connection must carry ("Message Formats", BackendKeyData).
struct backend_key_data {
  static constexpr char type = 'K';
  static constexpr std::string_view message_name = "BackendKeyData";
  std::int32_t process_id = 0;
  bytes_view secret_key;  ///< 4 to 256 bytes; exactly 4 in protocol 3.0
  friend bool operator==(const backend_key_data& a, const backend_key_data& b) noexcept {
    return a.process_id == b.process_id && same_bytes(a.secret_key, b.secret_key);
  }
};

[[nodiscard]] error encode(writer& out, const startup_message& message) noexcept;
[[nodiscard]] error encode(writer& out, const ssl_request& message) noexcept;
[[nodiscard]] error encode(writer& out, const gssenc_request& message) noexcept;
[[nodiscard]] error encode(writer& out, const cancel_request& message) noexcept;
[[nodiscard]] error encode(writer& out, const negotiate_protocol_version& message) noexcept;
[[nodiscard]] error encode(writer& out, const backend_key_data& message) noexcept;

/// The body of a packet without a type byte starts behind its length, with its code or version.
[[nodiscard]] error decode(bytes_view body, startup_message& out) noexcept;
[[nodiscard]] error decode(bytes_view body, ssl_request& out) noexcept;
[[nodiscard]] error decode(bytes_view body, gssenc_request& out) noexcept;
[[nodiscard]] error decode(bytes_view body, cancel_request& out) noexcept;
[[nodiscard]] error decode(bytes_view body, negotiate_protocol_version& out) noexcept;
[[nodiscard]] error decode(bytes_view body, backend_key_data& out) noexcept;

template <>
struct element<startup_parameter> {
  static startup_parameter read(reader& in) noexcept {
    const std::string_view name = in.cstring();
    return {name, in.cstring()};
  }
  static void write(writer& out, const startup_parameter& value) noexcept {
    out.cstring(value.name);
    out.cstring(value.value);
  }
  static bool equal(const startup_parameter& a, const startup_parameter& b) noexcept {
    return a == b;
  }
  static bool looks_like_end(const startup_parameter& value) noexcept { return value.name.empty(); }
};

}  // namespace tusk::proto
