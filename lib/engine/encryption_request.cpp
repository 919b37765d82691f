#include "engine/encryption_request.hpp"

#include <string>
#include <utility>

#include "tusk/proto/startup.hpp"

namespace tusk::engine {

failure encryption_request::begin(proto::writer& out) {
  const proto::error error = proto::encode(out, proto::ssl_request{});
  if (!error) return {};
  return {failure_kind::protocol,
          "SSLRequest cannot be sent: " + std::string(proto::explain(error.what))};
}

encryption_request::answer encryption_request::take(bytes_view received) {
  if (received.empty()) return answer::need_more;
  const char said = static_cast<char>(received.front());
  // An ErrorResponse came from somebody whom nothing has authenticated: what it says is not shown
  // (CVE-2024-10977), whether or not it is whole.
  if (said == 'E') {
    return fail(failure_kind::closed,
                "the server answers the request for TLS with an error: it is too old for TLS, or "
                "cannot start another connection now");
  }
  if (said != 'S' && said != 'N') {
    return fail(failure_kind::protocol,
                "the peer does not speak PostgreSQL's protocol: its answer to the request for TLS "
                "is neither yes nor no");
  }
  // They would be taken for the server's although anybody on the way could have put them there
  // (CVE-2021-23222).
  if (received.size() > 1) {
    return fail(failure_kind::protocol,
                "unencrypted bytes came behind the answer to the request for TLS: the peer does "
                "not speak PostgreSQL's protocol, or somebody between has put them there");
  }
  return said == 'S' ? answer::start_tls : answer::plain;
}

encryption_request::answer encryption_request::fail(failure_kind kind, std::string message) {
  failure_ = {kind, std::move(message)};
  return answer::failed;
}

}  // namespace tusk::engine
