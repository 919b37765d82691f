#pragma once

#include <string_view>

namespace tusk::detail {

/// What the parameter server_version says, as one number: `18.4` is 180004, `9.6.24` is 90624,
/// `19beta1` is 190000, whatever follows. 0 when there is no number in front.
[[nodiscard]] int version_number(std::string_view server_version) noexcept;

}  // namespace tusk::detail
