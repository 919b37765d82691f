#pragma once

#include <string>
#include <string_view>

#include "engine/startup_options.hpp"
#include "tusk/authentication_method.hpp"
#include "tusk/proto/authentication.hpp"

namespace tusk::engine {

/// How to answer AuthenticationSASL, or why not to.
struct sasl_choice {
  authentication_method method = authentication_method::none;
  std::string_view gs2_header = "n,,";  ///< what SCRAM says about channel binding (RFC 5802)
  std::string refusal = {};             ///< a sentence, when there is nothing to choose
};

/// Chooses as libpq does: SCRAM-SHA-256-PLUS where it can be had, or else the first of the server's
/// list that we have. Whether `require_auth` allows it is not looked at.
[[nodiscard]] sasl_choice choose_mechanism(const proto::list<std::string_view>& offered,
                                           const startup_options& options);

}  // namespace tusk::engine
