#pragma once

#include <span>

namespace cli {

/// `tusk listen`: prints the notifications of channels as they come. Gives the exit status. Throws
/// usage_error, tusk::error and output_error.
[[nodiscard]] int run_listen(std::span<const char* const> words);

}  // namespace cli
