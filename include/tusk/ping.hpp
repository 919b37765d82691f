#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tusk/conninfo.hpp"
#include "tusk/options.hpp"

namespace tusk {

/// Whether a server is there, as libpq's PQping tells it.
enum class ping_status : std::uint8_t {
  accepting,    ///< it takes connections (whether it would take this one, nobody asked)
  rejecting,    ///< it is there, but starting up, shutting down or in recovery
  no_response,  ///< nobody answered, or not as PostgreSQL does
};

/// The status in words.
[[nodiscard]] std::string_view name_of(ping_status status) noexcept;

struct ping_result {
  ping_status status = ping_status::no_response;
  /// What was heard, or why nothing was; empty after a plain success.
  std::string message{};
};

/// Asks whether the server that the connection string means takes connections. No password is sent,
/// and neither user nor database need exist. Of several hosts the first that accepts counts, or
/// else the last; target_session_attrs is not looked at. `options.timeout` bounds it.
///
/// Throws programming_error for parameters with which nothing can be asked.
[[nodiscard]] ping_result ping(std::string_view dsn, const session_options& options = {});
/// The same for exactly these parameters, without environment and home directory.
[[nodiscard]] ping_result ping(const conninfo& to, const session_options& options = {});

}  // namespace tusk
