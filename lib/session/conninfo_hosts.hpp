#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tusk/conninfo.hpp"
#include "tusk/endpoint.hpp"

namespace tusk {

/// The servers in the order in which they are named, at least one. `to` must have passed `check`
/// (as what `with_defaults` gives has); throws programming_error otherwise.
[[nodiscard]] std::vector<endpoint> host_list(const conninfo& to);

/// The places of a list with commas between; one empty place for an empty text.
[[nodiscard]] std::vector<std::string_view> split_list(std::string_view text);

/// Reads a number as libpq does: decimal digits with white space around and a sign before them.
/// Nothing when it is none or does not fit.
[[nodiscard]] std::optional<std::int32_t> parse_integer(std::string_view text) noexcept;

/// A place of the port list, 5432 when empty; nothing when it is no port.
[[nodiscard]] std::optional<std::uint16_t> port_of(std::string_view text) noexcept;

/// How many servers the parameters name, at least one.
[[nodiscard]] std::size_t host_count(const conninfo& to);

}  // namespace tusk
