#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "tusk/proto/bytes.hpp"
#include "tusk/proto/format.hpp"
#include "tusk/proto/reader.hpp"
#include "tusk/proto/writer.hpp"

namespace tusk::proto {

/// How one element of a `list` is read, which checks it, and written. The kinds that belong to one
/// message (a startup parameter, a column, an error field) stand beside that message.
template <class T>
struct element;

/// A format code, Int16.
template <>
struct element<format> {
  static format read(reader& in) noexcept {
    const std::size_t at = in.offset();
    const std::int16_t code = in.i16();
    if (code != 0 && code != 1) in.fail(fault::bad_value, at);
    return static_cast<format>(code);
  }
  static void write(writer& out, format value) noexcept {
    out.i16(static_cast<std::int16_t>(value));
  }
  static bool equal(format a, format b) noexcept { return a == b; }
};

/// An object id, Int32.
template <>
struct element<std::uint32_t> {
  static std::uint32_t read(reader& in) noexcept { return in.u32(); }
  static void write(writer& out, std::uint32_t value) noexcept { out.u32(value); }
  static bool equal(std::uint32_t a, std::uint32_t b) noexcept { return a == b; }
};

/// A value that may be NULL: Int32 length, -1 for NULL, then that many bytes.
template <>
struct element<std::optional<bytes_view>> {
  static std::optional<bytes_view> read(reader& in) noexcept {
    const std::size_t at = in.offset();
    const std::int32_t length = in.i32();
    if (length < 0) {
      if (length != -1) in.fail(fault::bad_length, at);
      return std::nullopt;
    }
    return in.bytes(static_cast<std::size_t>(length));
  }
  static void write(writer& out, const std::optional<bytes_view>& value) noexcept {
    if (!value) return out.i32(-1);
    if (value->size() > INT32_MAX) return out.fail(fault::too_long);
    out.i32(static_cast<std::int32_t>(value->size()));
    out.bytes(*value);
  }
  static bool equal(const std::optional<bytes_view>& a,
                    const std::optional<bytes_view>& b) noexcept {
    return same_bytes(a, b);
  }
};

/// A String: characters up to a NUL.
template <>
struct element<std::string_view> {
  static std::string_view read(reader& in) noexcept { return in.cstring(); }
  static void write(writer& out, std::string_view value) noexcept { out.cstring(value); }
  static bool equal(std::string_view a, std::string_view b) noexcept { return a == b; }
  static bool looks_like_end(std::string_view value) noexcept { return value.empty(); }
};

}  // namespace tusk::proto
