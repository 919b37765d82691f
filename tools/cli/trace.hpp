#pragma once

#include <span>

namespace cli {

/// `tusk trace`: a proxy that prints what passes. Gives the exit status. Throws usage_error,
/// output_error, tusk::error, and std::runtime_error when it cannot listen.
[[nodiscard]] int run_trace(std::span<const char* const> words);

}  // namespace cli
