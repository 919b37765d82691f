#include "tusk/authentication_method.hpp"

namespace tusk {

std::string_view name_of(authentication_method method) noexcept {
  switch (method) {
    case authentication_method::none: return "none";
    case authentication_method::password: return "password";
    case authentication_method::md5: return "md5";
    case authentication_method::scram_sha_256: return "SCRAM-SHA-256";
    case authentication_method::scram_sha_256_plus: return "SCRAM-SHA-256-PLUS";
    case authentication_method::oauthbearer: return "OAUTHBEARER";
  }
  return "?";
}

}  // namespace tusk
