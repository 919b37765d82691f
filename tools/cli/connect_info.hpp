#pragma once

#include <span>

namespace cli {

/// `tusk connect-info`: connects and prints what came of it.
[[nodiscard]] int run_connect_info(std::span<const char* const> words);

}  // namespace cli
