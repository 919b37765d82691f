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

/// Throws what is wrong with a file, stream or descriptor here. The server has nothing to do with
/// it, so there is no SQLSTATE; nor is the call wrong.
[[noreturn]] inline void fail_local(std::string what) {
  throw operational_error(error_details{.kind = error_kind::usage, .message = std::move(what)});
}

}  // namespace tusk::detail
