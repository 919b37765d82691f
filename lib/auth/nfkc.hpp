#pragma once

#include "auth/secret.hpp"

namespace tusk::auth {

/// Unicode's Normalization Form KC (UAX #15) of code points that Unicode 3.2 assigned; any other is
/// left as it is. Decomposes, puts combining marks into canonical order, composes.
secret_vector<char32_t> nfkc(const secret_vector<char32_t>& text);

}  // namespace tusk::auth
