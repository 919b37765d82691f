#pragma once

#include <optional>
#include <string_view>

#include "tusk/proto/list.hpp"

namespace tusk::proto {

// These four share the type byte 'p'. Only what the server asked for last tells them apart.

/// A password, in plain text or hashed ("Message Formats", PasswordMessage).
struct password_message {
  static constexpr char type = 'p';
  static constexpr std::string_view message_name = "PasswordMessage";
  std::string_view password;
  friend bool operator==(const password_message&, const password_message&) = default;
};

/// Chooses a SASL mechanism and begins it ("Message Formats", SASLInitialResponse).
struct sasl_initial_response {
  static constexpr char type = 'p';
  static constexpr std::string_view message_name = "SASLInitialResponse";
  std::string_view mechanism;
  std::optional<bytes_view> response;  ///< nullopt is another thing than empty
  friend bool operator==(const sasl_initial_response& a, const sasl_initial_response& b) noexcept {
    return a.mechanism == b.mechanism && same_bytes(a.response, b.response);
  }
};

/// Answers a SASL challenge ("Message Formats", SASLResponse).
struct sasl_response {
  static constexpr char type = 'p';
  static constexpr std::string_view message_name = "SASLResponse";
  bytes_view data;
  friend bool operator==(const sasl_response& a, const sasl_response& b) noexcept {
    return same_bytes(a.data, b.data);
  }
};

/// GSSAPI or SSPI data ("Message Formats", GSSResponse).
struct gss_response {
  static constexpr char type = 'p';
  static constexpr std::string_view message_name = "GSSResponse";
  bytes_view data;
  friend bool operator==(const gss_response& a, const gss_response& b) noexcept {
    return same_bytes(a.data, b.data);
  }
};

[[nodiscard]] error encode(writer& out, const password_message& message) noexcept;
[[nodiscard]] error encode(writer& out, const sasl_initial_response& message) noexcept;
[[nodiscard]] error encode(writer& out, const sasl_response& message) noexcept;
[[nodiscard]] error encode(writer& out, const gss_response& message) noexcept;

[[nodiscard]] error decode(bytes_view body, password_message& out) noexcept;
[[nodiscard]] error decode(bytes_view body, sasl_initial_response& out) noexcept;
[[nodiscard]] error decode(bytes_view body, sasl_response& out) noexcept;
[[nodiscard]] error decode(bytes_view body, gss_response& out) noexcept;

}  // namespace tusk::proto
