#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "auth/secret.hpp"

namespace tusk::auth {

/// The answer to AuthenticationMD5Password: "md5" and 32 hexadecimal digits, made of the password,
/// the user's name and the four bytes of salt that the server sent.
///
/// Empty when libcrypto offers no MD5, as where the system allows only FIPS 140 algorithms; the
/// server must then be asked for SCRAM-SHA-256. What comes back is worth as much as a password to
/// one who also knows the salt.
secret_text md5_password(std::string_view user, std::string_view password,
                         std::array<std::byte, 4> salt);

}  // namespace tusk::auth
