#pragma once

#include <cstdint>
#include <string_view>

#include "net/deadline.hpp"

namespace tusk::detail {

class connection;

/// libpq's target_session_attrs: which servers are wanted.
enum class session_target : std::uint8_t {
  any,
  read_write,
  read_only,
  primary,
  standby,
  prefer_standby,
};

/// What a value of the parameter means; `any` for one that is none.
[[nodiscard]] session_target session_target_of(std::string_view value) noexcept;

/// Why the server is none of those that are wanted, as the end of a sentence; empty when it is one.
/// From 14 on servers report what it depends on, others are asked. Throws what `connection::ask`
/// does.
[[nodiscard]] std::string_view target_misfit(connection& line, session_target wanted,
                                             const net::deadline& until);

}  // namespace tusk::detail
