#include "tusk/proto/credentials.hpp"

#include "parts.hpp"

namespace tusk::proto {

error encode(writer& out, const password_message& message) noexcept {
  envelope around{out, message.type};
  out.cstring(message.password);
  return around.seal();
}

error encode(writer& out, const sasl_initial_response& message) noexcept {
  envelope around{out, message.type};
  out.cstring(message.mechanism);
  write_nullable(out, message.response);
  return around.seal();
}

error encode(writer& out, const sasl_response& message) noexcept {
  envelope around{out, message.type};
  write_rest(out, message.data);
  return around.seal();
}

error encode(writer& out, const gss_response& message) noexcept {
  envelope around{out, message.type};
  write_rest(out, message.data);
  return around.seal();
}

error decode(bytes_view body, password_message& out) noexcept {
  reader in{body};
  out.password = in.cstring();
  return in.finish();
}

error decode(bytes_view body, sasl_initial_response& out) noexcept {
  reader in{body};
  out.mechanism = in.cstring();
  out.response = read_nullable(in);
  return in.finish();
}

error decode(bytes_view body, sasl_response& out) noexcept {
  out.data = body;
  return {};
}

error decode(bytes_view body, gss_response& out) noexcept {
  out.data = body;
  return {};
}

}  // namespace tusk::proto
