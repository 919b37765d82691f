#include "tusk/proto/notice.hpp"

#include "parts.hpp"

namespace tusk::proto {
namespace {

template <class M>
error encode_fields(writer& out, const M& message) noexcept {
  envelope around{out, M::type};
  message.fields.write_terminated(out);
  return around.seal();
}

template <class M>
error decode_fields(bytes_view body, M& out) noexcept {
  reader in{body};
  out.fields = list<error_field>::read_terminated(in);
  return in.finish();
}

}  // namespace

error encode(writer& out, const error_response& message) noexcept {
  return encode_fields(out, message);
}

error encode(writer& out, const notice_response& message) noexcept {
  return encode_fields(out, message);
}

error encode(writer& out, const parameter_status& message) noexcept {
  envelope around{out, message.type};
  out.cstring(message.name);
  out.cstring(message.value);
  return around.seal();
}

error encode(writer& out, const notification_response& message) noexcept {
  envelope around{out, message.type};
  out.i32(message.process_id);
  out.cstring(message.channel);
  out.cstring(message.payload);
  return around.seal();
}

error decode(bytes_view body, error_response& out) noexcept {
  return decode_fields(body, out);
}

error decode(bytes_view body, notice_response& out) noexcept {
  return decode_fields(body, out);
}

error decode(bytes_view body, parameter_status& out) noexcept {
  reader in{body};
  out.name = in.cstring();
  out.value = in.cstring();
  return in.finish();
}

error decode(bytes_view body, notification_response& out) noexcept {
  reader in{body};
  out.process_id = in.i32();
  out.channel = in.cstring();
  out.payload = in.cstring();
  return in.finish();
}

std::string_view find(const list<error_field>& fields, char code) noexcept {
  for (const error_field field : fields) {
    if (field.code == code) return field.value;
  }
  return {};
}

}  // namespace tusk::proto
