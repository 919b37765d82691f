#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "tusk/error.hpp"

namespace tusk::detail {

/// Throws what is wrong with a call of which nothing was sent. `sql` is its statement.
[[noreturn]] inline void misuse(std::string why, std::string_view sql) {
  raise({.kind = error_kind::usage,
         .message = std::move(why),
         .statement = std::string(sql),
         .safe_to_retry = true});
}

}  // namespace tusk::detail
