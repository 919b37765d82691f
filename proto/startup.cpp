#include "tusk/proto/startup.hpp"

#include "parts.hpp"

namespace tusk::proto {
namespace {

// Protocol 3.2 made the key a byte string; servers bound it as BackendKeyData documents.
constexpr std::size_t shortest_key = 4;
constexpr std::size_t longest_key = 256;

void write_key(writer& out, bytes_view key) noexcept {
  if (key.size() < shortest_key || key.size() > longest_key) return out.fail(fault::bad_length);
  out.bytes(key);
}

bytes_view read_key(reader& in) noexcept {
  const std::size_t at = in.offset();
  if (in.remaining() < shortest_key) in.fail(fault::truncated);
  if (in.remaining() > longest_key) in.fail(fault::bad_length, at);
  return in.rest();
}

void expect_code(reader& in, std::uint32_t code) noexcept {
  if (in.u32() != code) in.fail(fault::bad_value, 0);
}

bool is_request_code(std::uint32_t version) noexcept {
  return version == ssl_request::code || version == gssenc_request::code ||
         version == cancel_request::code;
}

error encode_code_alone(writer& out, std::uint32_t code) noexcept {
  envelope around{out};
  out.u32(code);
  return around.seal();
}

error decode_code_alone(bytes_view body, std::uint32_t code) noexcept {
  reader in{body};
  expect_code(in, code);
  return in.finish();
}

}  // namespace

error encode(writer& out, const startup_message& message) noexcept {
  envelope around{out};
  // A server would take it for that request.
  if (is_request_code(message.version)) out.fail(fault::bad_value);
  out.u32(message.version);
  message.parameters.write_terminated(out);
  return around.seal();
}

error encode(writer& out, const ssl_request&) noexcept {
  return encode_code_alone(out, ssl_request::code);
}

error encode(writer& out, const gssenc_request&) noexcept {
  return encode_code_alone(out, gssenc_request::code);
}

error encode(writer& out, const cancel_request& message) noexcept {
  envelope around{out};
  out.u32(cancel_request::code);
  out.i32(message.process_id);
  write_key(out, message.secret_key);
  return around.seal();
}

error encode(writer& out, const negotiate_protocol_version& message) noexcept {
  envelope around{out, message.type};
  out.u32(message.newest);
  if (message.unrecognized.size() > INT32_MAX) {
    out.fail(fault::too_many);
  } else {
    out.u32(static_cast<std::uint32_t>(message.unrecognized.size()));
    message.unrecognized.write(out);
  }
  return around.seal();
}

error encode(writer& out, const backend_key_data& message) noexcept {
  envelope around{out, message.type};
  out.i32(message.process_id);
  write_key(out, message.secret_key);
  return around.seal();
}

error decode(bytes_view body, startup_message& out) noexcept {
  reader in{body};
  out.version = in.u32();
  if (is_request_code(out.version)) in.fail(fault::bad_value, 0);
  out.parameters = list<startup_parameter>::read_terminated(in);
  return in.finish();
}

error decode(bytes_view body, ssl_request&) noexcept {
  return decode_code_alone(body, ssl_request::code);
}

error decode(bytes_view body, gssenc_request&) noexcept {
  return decode_code_alone(body, gssenc_request::code);
}

error decode(bytes_view body, cancel_request& out) noexcept {
  reader in{body};
  expect_code(in, cancel_request::code);
  out.process_id = in.i32();
  out.secret_key = read_key(in);
  return in.finish();
}

error decode(bytes_view body, negotiate_protocol_version& out) noexcept {
  reader in{body};
  out.newest = in.u32();
  const std::size_t at = in.offset();
  const std::int32_t count = in.i32();
  if (count < 0) in.fail(fault::bad_count, at);
  out.unrecognized =
      list<std::string_view>::read(in, count < 0 ? 0 : static_cast<std::size_t>(count));
  return in.finish();
}

error decode(bytes_view body, backend_key_data& out) noexcept {
  reader in{body};
  out.process_id = in.i32();
  out.secret_key = read_key(in);
  return in.finish();
}

}  // namespace tusk::proto
