#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "tusk/types/tsquery.hpp"

namespace tusk::detail {

/// Reads a query's text into its nodes, without their links; nullopt when it is malformed. An empty
/// lexeme in quotes is taken where `takes_empty`.
[[nodiscard]] std::optional<std::vector<tsquery::node>> parse_query(std::string_view text,
                                                                    bool takes_empty);

}  // namespace tusk::detail
