#include "tusk/proto/row.hpp"

#include "parts.hpp"

namespace tusk::proto {

error encode(writer& out, const row_description& message) noexcept {
  envelope around{out, message.type};
  write_counted(out, message.columns);
  return around.seal();
}

error encode(writer& out, const data_row& message) noexcept {
  envelope around{out, message.type};
  write_counted(out, message.values);
  return around.seal();
}

error decode(bytes_view body, row_description& out) noexcept {
  reader in{body};
  out.columns = read_counted<column_description>(in);
  return in.finish();
}

error decode(bytes_view body, data_row& out) noexcept {
  reader in{body};
  out.values = read_counted<std::optional<bytes_view>>(in);
  return in.finish();
}

error explain_data_row(bytes_view body, std::size_t columns) noexcept {
  if (body.size() > INT32_MAX) return {fault::too_long, 0};
  reader in{body};
  const std::size_t count = in.u16();
  if (in.ok() && count != columns) in.fail(fault::bad_count, 0);
  for (std::size_t i = 0; i < count && in.ok(); ++i)
    static_cast<void>(read_nullable(in));
  return in.finish();
}

}  // namespace tusk::proto
