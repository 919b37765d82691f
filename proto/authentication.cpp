#include "tusk/proto/authentication.hpp"

#include <algorithm>

#include "parts.hpp"

namespace tusk::proto {
namespace {

/// Messages of a code and bytes up to the end.
template <class M>
error encode_data(writer& out, const M& message) noexcept {
  envelope around{out, M::type};
  out.i32(M::code);
  write_rest(out, message.data);
  return around.seal();
}

template <class M>
reader open(bytes_view body) noexcept {
  reader in{body};
  if (in.i32() != M::code) in.fail(fault::bad_value, 0);
  return in;
}

template <class M>
error decode_data(bytes_view body, M& out) noexcept {
  reader in = open<M>(body);
  out.data = in.rest();
  return in.finish();
}

}  // namespace

error encode(writer& out, const authentication_md5_password& message) noexcept {
  envelope around{out, message.type};
  out.i32(message.code);
  out.bytes(message.salt);
  return around.seal();
}

error encode(writer& out, const authentication_gss_continue& message) noexcept {
  return encode_data(out, message);
}

error encode(writer& out, const authentication_sasl& message) noexcept {
  envelope around{out, message.type};
  out.i32(message.code);
  message.mechanisms.write_terminated(out);
  return around.seal();
}

error encode(writer& out, const authentication_sasl_continue& message) noexcept {
  return encode_data(out, message);
}

error encode(writer& out, const authentication_sasl_final& message) noexcept {
  return encode_data(out, message);
}

error decode(bytes_view body, authentication_md5_password& out) noexcept {
  reader in = open<authentication_md5_password>(body);
  const bytes_view salt = in.bytes(out.salt.size());
  std::copy(salt.begin(), salt.end(), out.salt.begin());
  return in.finish();
}

error decode(bytes_view body, authentication_gss_continue& out) noexcept {
  return decode_data(body, out);
}

error decode(bytes_view body, authentication_sasl& out) noexcept {
  reader in = open<authentication_sasl>(body);
  out.mechanisms = list<std::string_view>::read_terminated(in);
  return in.finish();
}

error decode(bytes_view body, authentication_sasl_continue& out) noexcept {
  return decode_data(body, out);
}

error decode(bytes_view body, authentication_sasl_final& out) noexcept {
  return decode_data(body, out);
}

}  // namespace tusk::proto
