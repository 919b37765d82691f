#pragma once

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>

#include "tusk/tusk.hpp"

namespace tusk::test {

inline constexpr std::array every_mode{statement_mode::prepared, statement_mode::declared,
                                       statement_mode::unnamed, statement_mode::simple};
inline constexpr std::array every_format{copy_format::text, copy_format::csv, copy_format::binary};

/// What tools/postgres says of the server under test. Throws, and says how to get it, when the
/// variable is not set.
[[nodiscard]] std::string variable(const char* name);

/// A session of the superuser's over the Unix socket.
[[nodiscard]] session connect(const session_options& options = {});

/// The server's major version.
[[nodiscard]] int major_version(const session& db);

/// The text that the server itself prints for an expression, in the session's own settings: what
/// came by the simple protocol, undecoded. NULL is "NULL".
[[nodiscard]] std::string server_text(session& db, std::string_view expression);

/// How many statements are prepared on the server by protocol.
[[nodiscard]] int prepared_count(session& db);

/// The error that `call` throws, which must be an `Error`.
template <class Error = error, class Call>
Error error_of(Call&& call) {
  try {
    static_cast<void>(call());
  } catch (const Error& caught) {
    return caught;
  }
  throw std::runtime_error("an error was expected, and none was thrown");
}

template <class Error = error, class Call>
std::string message_of(Call&& call) {
  return std::string(error_of<Error>(std::forward<Call>(call)).message());
}

}  // namespace tusk::test
