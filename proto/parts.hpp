#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "tusk/proto/envelope.hpp"
#include "tusk/proto/list.hpp"

namespace tusk::proto {

/// An Int16 count. It is unsigned: the protocol carries up to 65,535 elements.
inline void write_count(writer& out, std::size_t count) noexcept {
  if (count > UINT16_MAX) return out.fail(fault::too_many);
  out.u16(static_cast<std::uint16_t>(count));
}

/// An Int16 count and that many elements.
template <class T>
void write_counted(writer& out, const list<T>& elements) noexcept {
  if (elements.size() > UINT16_MAX) return out.fail(fault::too_many);
  write_count(out, elements.size());
  elements.write(out);
}

template <class T>
[[nodiscard]] list<T> read_counted(reader& in) noexcept {
  const std::size_t count = in.u16();
  return list<T>::read(in, count);
}

/// Format codes go with values in one of three ways: none, one for all, one for each.
[[nodiscard]] constexpr bool formats_fit(std::size_t formats, std::size_t values) noexcept {
  return formats <= 1 || formats == values;
}

/// An Int32 length with -1 for NULL, then the bytes.
inline void write_nullable(writer& out, const std::optional<bytes_view>& value) noexcept {
  element<std::optional<bytes_view>>::write(out, value);
}
[[nodiscard]] inline std::optional<bytes_view> read_nullable(reader& in) noexcept {
  return element<std::optional<bytes_view>>::read(in);
}

/// Bytes up to the end of the message. What no message can hold is refused before it is copied.
inline void write_rest(writer& out, bytes_view data) noexcept {
  if (data.size() > INT32_MAX) return out.fail(fault::too_long);
  out.bytes(data);
}

}  // namespace tusk::proto
