#pragma once

#include <string>
#include <string_view>

namespace tusk::detail {

/// A name as SQL's quoted identifier ("Identifiers and Key Words"): `a"b` becomes `"a""b"`.
[[nodiscard]] inline std::string quoted_name(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name)
    quoted.append(c == '"' ? 2 : 1, c);
  return quoted + '"';
}

}  // namespace tusk::detail
