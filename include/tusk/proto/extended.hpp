#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "tusk/proto/bodiless.hpp"
#include "tusk/proto/list.hpp"

namespace tusk::proto {

/// Prepares a statement ("Message Formats", Parse).
struct parse {
  static constexpr char type = 'P';
  static constexpr std::string_view message_name = "Parse";
  std::string_view statement;  ///< its name; empty is the unnamed statement
  std::string_view sql;
  list<std::uint32_t> parameter_types;  ///< OIDs, 0 to leave one open; may be fewer than there are
  friend bool operator==(const parse&, const parse&) = default;
};

/// Makes a portal of a statement and its parameters ("Message Formats", Bind). `bind_writer`
/// writes the same message without an array of values.
struct bind {
  static constexpr char type = 'B';
  static constexpr std::string_view message_name = "Bind";
  std::string_view portal;  ///< its name; empty is the unnamed portal
  std::string_view statement;
  list<format> parameter_formats;              ///< none (all text), one for all, or one for each
  list<std::optional<bytes_view>> parameters;  ///< at most 65,535
  list<format> result_formats;                 ///< none (all text), one for all, or one for each
  friend bool operator==(const bind&, const bind&) = default;
};

/// What Describe and Close speak of.
enum class target : char { statement = 'S', portal = 'P' };

/// Asks what a statement or a portal takes and gives ("Message Formats", Describe).
struct describe {
  static constexpr char type = 'D';
  static constexpr std::string_view message_name = "Describe";
  target kind = target::statement;
  std::string_view name;
  friend bool operator==(const describe&, const describe&) = default;
};

/// Forgets a statement or a portal; one that does not exist is no error ("Message Formats", Close).
struct close {
  static constexpr char type = 'C';
  static constexpr std::string_view message_name = "Close";
  target kind = target::statement;
  std::string_view name;
  friend bool operator==(const close&, const close&) = default;
};

/// Runs a portal ("Message Formats", Execute).
struct execute {
  static constexpr char type = 'E';
  static constexpr std::string_view message_name = "Execute";
  std::string_view portal;
  std::int32_t max_rows = 0;  ///< 0 for all of them
  friend bool operator==(const execute&, const execute&) = default;
};

/// Asks the server to send what it holds back ("Message Formats", Flush).
struct flush : bodiless<'H'> {
  static constexpr std::string_view message_name = "Flush";
};
/// Ends a sequence of extended-query messages ("Message Formats", Sync).
struct sync : bodiless<'S'> {
  static constexpr std::string_view message_name = "Sync";
};
/// Answers Parse ("Message Formats", ParseComplete).
struct parse_complete : bodiless<'1'> {
  static constexpr std::string_view message_name = "ParseComplete";
};
/// Answers Bind ("Message Formats", BindComplete).
struct bind_complete : bodiless<'2'> {
  static constexpr std::string_view message_name = "BindComplete";
};
/// Answers Close ("Message Formats", CloseComplete).
struct close_complete : bodiless<'3'> {
  static constexpr std::string_view message_name = "CloseComplete";
};
/// Answers Describe: no rows will come ("Message Formats", NoData).
struct no_data : bodiless<'n'> {
  static constexpr std::string_view message_name = "NoData";
};
/// Answers Describe of a statement: its parameters ("Message Formats", ParameterDescription).
struct parameter_description {
  static constexpr char type = 't';
  static constexpr std::string_view message_name = "ParameterDescription";
  list<std::uint32_t> types;  ///< OIDs; up to 65,535 of them
  friend bool operator==(const parameter_description&, const parameter_description&) = default;
};
/// Execute's row limit was reached ("Message Formats", PortalSuspended).
struct portal_suspended : bodiless<'s'> {
  static constexpr std::string_view message_name = "PortalSuspended";
};

[[nodiscard]] error encode(writer& out, const parse& message) noexcept;
[[nodiscard]] error encode(writer& out, const bind& message) noexcept;
[[nodiscard]] error encode(writer& out, const describe& message) noexcept;
[[nodiscard]] error encode(writer& out, const close& message) noexcept;
[[nodiscard]] error encode(writer& out, const execute& message) noexcept;
[[nodiscard]] error encode(writer& out, const parameter_description& message) noexcept;

[[nodiscard]] error decode(bytes_view body, parse& out) noexcept;
[[nodiscard]] error decode(bytes_view body, bind& out) noexcept;
[[nodiscard]] error decode(bytes_view body, describe& out) noexcept;
[[nodiscard]] error decode(bytes_view body, close& out) noexcept;
[[nodiscard]] error decode(bytes_view body, execute& out) noexcept;
[[nodiscard]] error decode(bytes_view body, parameter_description& out) noexcept;

}  // namespace tusk::proto
