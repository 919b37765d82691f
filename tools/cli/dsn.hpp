#pragma once

#include <span>

namespace cli {

/// `tusk dsn`: prints what a connection string means. Throws usage_error, tusk::programming_error
/// for a string that is refused, and output_error; otherwise gives exit status 0.
[[nodiscard]] int run_dsn(std::span<const char* const> words);

}  // namespace cli
