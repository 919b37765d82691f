#pragma once

#include "tusk/proto/reader.hpp"
#include "tusk/proto/writer.hpp"

namespace tusk::proto {

/// A message that is its type byte and its length alone.
template <char Type>
struct bodiless {
  static constexpr char type = Type;
  friend bool operator==(const bodiless&, const bodiless&) = default;
};

template <char Type>
[[nodiscard]] error encode(writer& out, const bodiless<Type>&) noexcept {
  if (out.status() && out.status().what != fault::no_room) return out.status();
  out.u8(static_cast<std::uint8_t>(Type));
  out.i32(4);
  return out.status();
}

template <char Type>
[[nodiscard]] error decode(bytes_view body, bodiless<Type>&) noexcept {
  return reader{body}.finish();
}

}  // namespace tusk::proto
