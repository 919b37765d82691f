// In place of all other tls_*.cpp in a build with -Dtls=disabled, which does not link libssl.
#include "net/tls_channel.hpp"

namespace tusk::net {

bool tls_supported() noexcept {
  return false;
}

std::optional<tls_failure> start_tls(socket& /*line*/, const tls_settings& /*settings*/,
                                     const deadline& /*until*/,
                                     std::unique_ptr<tls_channel>& /*out*/) {
  return tls_failure{tls_fault::unsupported,
                     "this build of tusk has no TLS: build it with -Dtls=enabled, or set "
                     "sslmode=disable if the network may be trusted",
                     {}};
}

}  // namespace tusk::net
