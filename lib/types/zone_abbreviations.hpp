#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tusk::calendar {

/// Seconds east of Greenwich that a zone abbreviation stands for, in any case. nullopt for those
/// that have stood for several, such as IST, and for those that are not known.
[[nodiscard]] std::optional<std::int32_t> zone_offset(std::string_view abbreviation) noexcept;

}  // namespace tusk::calendar
