#pragma once

#include <fstream>
#include <optional>
#include <string>

namespace tusk::test {

// AddressSanitizer keeps what was freed for a while, to catch those who use it still.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool memory_tells = false;
#elif defined(__has_feature)
inline constexpr bool memory_tells = !__has_feature(address_sanitizer);
#else
inline constexpr bool memory_tells = true;
#endif

/// The most memory that the process has had, in KiB; nothing where the system does not say, or
/// where it says nothing about the program.
inline std::optional<long> peak_memory() {
  if (!memory_tells) return std::nullopt;
  std::ifstream from("/proc/self/status");
  for (std::string line; std::getline(from, line);)
    if (line.starts_with("VmHWM:")) return std::stol(line.substr(6));
  return std::nullopt;
}

/// From now on.
inline void reset_peak_memory() {
  std::ofstream("/proc/self/clear_refs") << "5";
}

}  // namespace tusk::test
