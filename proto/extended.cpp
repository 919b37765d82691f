#include "tusk/proto/extended.hpp"

#include "parts.hpp"

namespace tusk::proto {
namespace {

/// Describe and Close look the same.
template <class M>
error encode_target(writer& out, const M& message) noexcept {
  envelope around{out, M::type};
  out.u8(static_cast<std::uint8_t>(message.kind));
  out.cstring(message.name);
  return around.seal();
}

template <class M>
error decode_target(bytes_view body, M& out) noexcept {
  reader in{body};
  out.kind = static_cast<target>(in.u8());
  if (out.kind != target::statement && out.kind != target::portal) in.fail(fault::bad_value, 0);
  out.name = in.cstring();
  return in.finish();
}

}  // namespace

error encode(writer& out, const parse& message) noexcept {
  envelope around{out, message.type};
  out.cstring(message.statement);
  out.cstring(message.sql);
  write_counted(out, message.parameter_types);
  return around.seal();
}

error encode(writer& out, const bind& message) noexcept {
  envelope around{out, message.type};
  out.cstring(message.portal);
  out.cstring(message.statement);
  if (!formats_fit(message.parameter_formats.size(), message.parameters.size())) {
    out.fail(fault::bad_count);
  }
  write_counted(out, message.parameter_formats);
  write_counted(out, message.parameters);
  write_counted(out, message.result_formats);
  return around.seal();
}

error encode(writer& out, const describe& message) noexcept {
  return encode_target(out, message);
}

error encode(writer& out, const close& message) noexcept {
  return encode_target(out, message);
}

error encode(writer& out, const execute& message) noexcept {
  envelope around{out, message.type};
  out.cstring(message.portal);
  out.i32(message.max_rows);
  return around.seal();
}

error encode(writer& out, const parameter_description& message) noexcept {
  envelope around{out, message.type};
  write_counted(out, message.types);
  return around.seal();
}

error decode(bytes_view body, parse& out) noexcept {
  reader in{body};
  out.statement = in.cstring();
  out.sql = in.cstring();
  out.parameter_types = read_counted<std::uint32_t>(in);
  return in.finish();
}

error decode(bytes_view body, bind& out) noexcept {
  reader in{body};
  out.portal = in.cstring();
  out.statement = in.cstring();
  const std::size_t at = in.offset();
  out.parameter_formats = read_counted<format>(in);
  out.parameters = read_counted<std::optional<bytes_view>>(in);
  if (in.ok() && !formats_fit(out.parameter_formats.size(), out.parameters.size())) {
    in.fail(fault::bad_count, at);
  }
  out.result_formats = read_counted<format>(in);
  return in.finish();
}

error decode(bytes_view body, describe& out) noexcept {
  return decode_target(body, out);
}

error decode(bytes_view body, close& out) noexcept {
  return decode_target(body, out);
}

error decode(bytes_view body, execute& out) noexcept {
  reader in{body};
  out.portal = in.cstring();
  out.max_rows = in.i32();
  return in.finish();
}

error decode(bytes_view body, parameter_description& out) noexcept {
  reader in{body};
  out.types = read_counted<std::uint32_t>(in);
  return in.finish();
}

}  // namespace tusk::proto
