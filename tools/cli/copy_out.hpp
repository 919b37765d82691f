#pragma once

#include <span>

namespace cli {

/// `tusk copy-out`: saves a table's or a query's rows in a file or on standard output. Gives the
/// exit status. Throws usage_error, tusk::error and std::runtime_error for what ends it.
[[nodiscard]] int run_copy_out(std::span<const char* const> words);

}  // namespace cli
