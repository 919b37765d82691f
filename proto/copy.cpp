#include "tusk/proto/copy.hpp"

#include "parts.hpp"

namespace tusk::proto {
namespace {

/// The three Copy...Response messages look the same: the overall format as an Int8, then a format
/// code for each column as an Int16.
template <class M>
error encode_response(writer& out, const M& message) noexcept {
  envelope around{out, M::type};
  out.u8(static_cast<std::uint8_t>(message.overall));
  write_counted(out, message.columns);
  return around.seal();
}

template <class M>
error decode_response(bytes_view body, M& out) noexcept {
  reader in{body};
  const std::uint8_t overall = in.u8();
  if (overall > 1) in.fail(fault::bad_value, 0);
  out.overall = static_cast<format>(overall);
  out.columns = read_counted<format>(in);
  return in.finish();
}

}  // namespace

error encode(writer& out, const copy_in_response& message) noexcept {
  return encode_response(out, message);
}

error encode(writer& out, const copy_out_response& message) noexcept {
  return encode_response(out, message);
}

error encode(writer& out, const copy_both_response& message) noexcept {
  return encode_response(out, message);
}

error encode(writer& out, const copy_data& message) noexcept {
  envelope around{out, message.type};
  write_rest(out, message.data);
  return around.seal();
}

error encode(writer& out, const copy_fail& message) noexcept {
  envelope around{out, message.type};
  out.cstring(message.message);
  return around.seal();
}

error decode(bytes_view body, copy_in_response& out) noexcept {
  return decode_response(body, out);
}

error decode(bytes_view body, copy_out_response& out) noexcept {
  return decode_response(body, out);
}

error decode(bytes_view body, copy_both_response& out) noexcept {
  return decode_response(body, out);
}

error decode(bytes_view body, copy_data& out) noexcept {
  out.data = body;
  return {};
}

error decode(bytes_view body, copy_fail& out) noexcept {
  reader in{body};
  out.message = in.cstring();
  return in.finish();
}

}  // namespace tusk::proto
