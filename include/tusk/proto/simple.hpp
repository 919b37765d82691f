#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "tusk/proto/bodiless.hpp"
#include "tusk/proto/list.hpp"

namespace tusk::proto {

/// Runs one or more SQL statements by the simple protocol ("Message Formats", Query).
struct query {
  static constexpr char type = 'Q';
  static constexpr std::string_view message_name = "Query";
  std::string_view sql;
  friend bool operator==(const query&, const query&) = default;
};

/// Calls a function by its OID, a legacy of the protocol ("Message Formats", FunctionCall).
struct function_call {
  static constexpr char type = 'F';
  static constexpr std::string_view message_name = "FunctionCall";
  std::uint32_t function = 0;
  list<format> argument_formats;  ///< none (all text), one for all, or one for each argument
  list<std::optional<bytes_view>> arguments;  ///< at most 65,535
  format result_format = format::text;
  friend bool operator==(const function_call&, const function_call&) = default;
};

/// What the function returned, or NULL ("Message Formats", FunctionCallResponse).
struct function_call_response {
  static constexpr char type = 'V';
  static constexpr std::string_view message_name = "FunctionCallResponse";
  std::optional<bytes_view> value;
  friend bool operator==(const function_call_response& a,
                         const function_call_response& b) noexcept {
    return same_bytes(a.value, b.value);
  }
};

/// The client leaves ("Message Formats", Terminate).
struct terminate : bodiless<'X'> {
  static constexpr std::string_view message_name = "Terminate";
};

/// An SQL command has finished ("Message Formats", CommandComplete).
struct command_complete {
  static constexpr char type = 'C';
  static constexpr std::string_view message_name = "CommandComplete";
  std::string_view tag;  ///< such as `INSERT 0 1`
  friend bool operator==(const command_complete&, const command_complete&) = default;
};

/// Stands for CommandComplete when the query was empty ("Message Formats", EmptyQueryResponse).
struct empty_query_response : bodiless<'I'> {
  static constexpr std::string_view message_name = "EmptyQueryResponse";
};

/// Where the session stands between two requests.
enum class transaction_status : char {
  idle = 'I',      ///< not in a transaction block
  in_block = 'T',  ///< in a transaction block
  failed = 'E',    ///< in a failed one: everything but its end is refused
};

/// The server waits for the next request ("Message Formats", ReadyForQuery).
struct ready_for_query {
  static constexpr char type = 'Z';
  static constexpr std::string_view message_name = "ReadyForQuery";
  transaction_status status = transaction_status::idle;
  friend bool operator==(const ready_for_query&, const ready_for_query&) = default;
};

[[nodiscard]] error encode(writer& out, const query& message) noexcept;
[[nodiscard]] error encode(writer& out, const function_call& message) noexcept;
[[nodiscard]] error encode(writer& out, const function_call_response& message) noexcept;
[[nodiscard]] error encode(writer& out, const command_complete& message) noexcept;
[[nodiscard]] error encode(writer& out, const ready_for_query& message) noexcept;

[[nodiscard]] error decode(bytes_view body, query& out) noexcept;
[[nodiscard]] error decode(bytes_view body, function_call& out) noexcept;
[[nodiscard]] error decode(bytes_view body, function_call_response& out) noexcept;
[[nodiscard]] error decode(bytes_view body, command_complete& out) noexcept;
[[nodiscard]] error decode(bytes_view body, ready_for_query& out) noexcept;

}  // namespace tusk::proto
