#pragma once

#include <string>

namespace tusk::detail {

/// Appends the shortest decimal that reads back as `value`, in the server's form (float8out with
/// extra_float_digits = 1): `0.0001`, `1e-05`, `100000`, `1e+15`, `NaN`, `-Infinity`.
void print_float(float value, std::string& out);
void print_float(double value, std::string& out);

}  // namespace tusk::detail
