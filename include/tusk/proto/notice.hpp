#pragma once

#include <cstdint>
#include <string_view>

#include "tusk/proto/list.hpp"

namespace tusk::proto {

/// The fields that the protocol defines ("Error and Notice Message Fields"). Servers may send
/// others, which are kept.
enum class field_code : char {
  severity = 'S',  ///< may be translated
  severity_nonlocalized = 'V',
  sqlstate = 'C',
  message = 'M',
  detail = 'D',
  hint = 'H',
  position = 'P',           ///< in the statement, in characters, from 1
  internal_position = 'p',  ///< the same, in `internal_query`
  internal_query = 'q',
  where = 'W',
  schema_name = 's',
  table_name = 't',
  column_name = 'c',
  data_type_name = 'd',
  constraint_name = 'n',
  file = 'F',
  line = 'L',
  routine = 'R',
};

/// One field of an error or a notice; `code` is a `field_code` or a letter not defined yet.
struct error_field {
  char code = 0;
  std::string_view value;
  friend bool operator==(const error_field&, const error_field&) = default;
};

/// Something failed ("Message Formats", ErrorResponse).
struct error_response {
  static constexpr char type = 'E';
  static constexpr std::string_view message_name = "ErrorResponse";
  list<error_field> fields;
  friend bool operator==(const error_response&, const error_response&) = default;
};

/// A warning or another remark ("Message Formats", NoticeResponse). It may come at any time.
struct notice_response {
  static constexpr char type = 'N';
  static constexpr std::string_view message_name = "NoticeResponse";
  list<error_field> fields;
  friend bool operator==(const notice_response&, const notice_response&) = default;
};

/// A run-time parameter's value now ("Message Formats", ParameterStatus). It may come at any time.
struct parameter_status {
  static constexpr char type = 'S';
  static constexpr std::string_view message_name = "ParameterStatus";
  std::string_view name;
  std::string_view value;
  friend bool operator==(const parameter_status&, const parameter_status&) = default;
};

/// Somebody said NOTIFY ("Message Formats", NotificationResponse). It may come at any time.
struct notification_response {
  static constexpr char type = 'A';
  static constexpr std::string_view message_name = "NotificationResponse";
  std::int32_t process_id = 0;  ///< of the server process that said it
  std::string_view channel;
  std::string_view payload;
  friend bool operator==(const notification_response&, const notification_response&) = default;
};

[[nodiscard]] error encode(writer& out, const error_response& message) noexcept;
[[nodiscard]] error encode(writer& out, const notice_response& message) noexcept;
[[nodiscard]] error encode(writer& out, const parameter_status& message) noexcept;
[[nodiscard]] error encode(writer& out, const notification_response& message) noexcept;

[[nodiscard]] error decode(bytes_view body, error_response& out) noexcept;
[[nodiscard]] error decode(bytes_view body, notice_response& out) noexcept;
[[nodiscard]] error decode(bytes_view body, parameter_status& out) noexcept;
[[nodiscard]] error decode(bytes_view body, notification_response& out) noexcept;

/// The first field with this code, or an empty view when there is none.
[[nodiscard]] std::string_view find(const list<error_field>& fields, char code) noexcept;
[[nodiscard]] inline std::string_view find(const list<error_field>& fields,
                                           field_code code) noexcept {
  return find(fields, static_cast<char>(code));
}

template <>
struct element<error_field> {
  static error_field read(reader& in) noexcept {
    const auto code = static_cast<char>(in.u8());
    return {code, in.cstring()};
  }
  static void write(writer& out, const error_field& value) noexcept {
    out.u8(static_cast<std::uint8_t>(value.code));
    out.cstring(value.value);
  }
  static bool equal(const error_field& a, const error_field& b) noexcept { return a == b; }
  static bool looks_like_end(const error_field& value) noexcept { return value.code == 0; }
};

}  // namespace tusk::proto
