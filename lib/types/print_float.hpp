#pragma once

#include <charconv>
#include <cstddef>
#include <string>

namespace tusk::detail {

/// Characters that `write_float` needs at most: `-2.2250738585072014e-308`.
inline constexpr std::size_t float_chars = 24;

/// Writes the shortest decimal that reads back as `value`, in the server's form (float8out with
/// extra_float_digits = 1): `0.0001`, `1e-05`, `100000`, `1e+15`, `NaN`, `-Infinity`. Gives the
/// end. `to` has room for `float_chars`.
char* write_float(float value, char* to) noexcept;
char* write_float(double value, char* to) noexcept;

/// The same, appended to a string.
void print_float(float value, std::string& out);
void print_float(double value, std::string& out);

}  // namespace tusk::detail
