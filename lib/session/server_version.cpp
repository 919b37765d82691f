#include "session/server_version.hpp"

#include <charconv>
#include <system_error>

namespace tusk::detail {

int version_number(std::string_view server_version) noexcept {
  int parts[3] = {0, 0, 0};
  const char* at = server_version.data();
  const char* const end = at + server_version.size();
  for (int& part : parts) {
    const auto [rest, error] = std::from_chars(at, end, part);
    if (error != std::errc{} || part < 0 || part > 9999) part = 0;
    if (error != std::errc{} || rest == end || *rest != '.') break;
    at = rest + 1;
  }
  // Before 10 the first two numbers were the major version.
  if (parts[0] < 10) return parts[0] * 10'000 + parts[1] * 100 + parts[2];
  return parts[0] * 10'000 + parts[1];
}

}  // namespace tusk::detail
