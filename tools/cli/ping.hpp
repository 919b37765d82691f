#pragma once

#include <span>

namespace cli {

/// `tusk ping`: prints whether a server takes connections, and gives pg_isready's exit status.
[[nodiscard]] int run_ping(std::span<const char* const> words);

}  // namespace cli
