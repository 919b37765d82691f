#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "tusk/types/tsquery.hpp"

namespace tusk::detail {

/// Reads a query's text into its nodes, without their links; nullopt when it is malformed. A stored
/// value's text has whatever lexemes the server let in with a binary one: empty and overlong ones.
[[nodiscard]] std::optional<std::vector<tsquery::node>> parse_query(std::string_view text,
                                                                    bool is_stored);

}  // namespace tusk::detail
