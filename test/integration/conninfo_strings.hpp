#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Connection strings, sound and not, that between them use every rule of the two forms. What they
/// mean is for libpq to say.
[[nodiscard]] std::vector<std::string> connection_strings();

/// The keywords of libpq 18, in its order.
[[nodiscard]] std::vector<std::string_view> all_keywords();

/// Values that connecting may refuse, as `keyword=value` pairs that name no server.
[[nodiscard]] std::vector<std::string> connection_values();
