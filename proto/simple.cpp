#include "tusk/proto/simple.hpp"

#include "parts.hpp"

namespace tusk::proto {

error encode(writer& out, const query& message) noexcept {
  envelope around{out, message.type};
  out.cstring(message.sql);
  return around.seal();
}

error encode(writer& out, const function_call& message) noexcept {
  envelope around{out, message.type};
  out.u32(message.function);
  if (!formats_fit(message.argument_formats.size(), message.arguments.size())) {
    out.fail(fault::bad_count);
  }
  write_counted(out, message.argument_formats);
  write_counted(out, message.arguments);
  element<format>::write(out, message.result_format);
  return around.seal();
}

error encode(writer& out, const function_call_response& message) noexcept {
  envelope around{out, message.type};
  write_nullable(out, message.value);
  return around.seal();
}

error encode(writer& out, const command_complete& message) noexcept {
  envelope around{out, message.type};
  out.cstring(message.tag);
  return around.seal();
}

error encode(writer& out, const ready_for_query& message) noexcept {
  envelope around{out, message.type};
  out.u8(static_cast<std::uint8_t>(message.status));
  return around.seal();
}

error decode(bytes_view body, query& out) noexcept {
  reader in{body};
  out.sql = in.cstring();
  return in.finish();
}

error decode(bytes_view body, function_call& out) noexcept {
  reader in{body};
  out.function = in.u32();
  const std::size_t at = in.offset();
  out.argument_formats = read_counted<format>(in);
  out.arguments = read_counted<std::optional<bytes_view>>(in);
  if (in.ok() && !formats_fit(out.argument_formats.size(), out.arguments.size())) {
    in.fail(fault::bad_count, at);
  }
  out.result_format = element<format>::read(in);
  return in.finish();
}

error decode(bytes_view body, function_call_response& out) noexcept {
  reader in{body};
  out.value = read_nullable(in);
  return in.finish();
}

error decode(bytes_view body, command_complete& out) noexcept {
  reader in{body};
  out.tag = in.cstring();
  return in.finish();
}

error decode(bytes_view body, ready_for_query& out) noexcept {
  reader in{body};
  out.status = static_cast<transaction_status>(in.u8());
  switch (out.status) {
    case transaction_status::idle:
    case transaction_status::in_block:
    case transaction_status::failed: break;
    default: in.fail(fault::bad_value, 0);
  }
  return in.finish();
}

}  // namespace tusk::proto
