#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tusk/conninfo.hpp"

namespace tusk {

/// Why a parameter cannot be honoured.
struct conninfo_fault {
  std::string_view keyword;
  std::string text;  ///< a sentence that begins with the keyword and never shows a secret
};

/// The first fault of the values that are set, or nothing.
[[nodiscard]] std::optional<conninfo_fault> find_fault(const conninfo& in);

}  // namespace tusk
