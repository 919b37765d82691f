#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "tusk/proto/byte_order.hpp"
#include "tusk/proto/list.hpp"

namespace tusk::proto {

/// One column of a result.
struct column_description {
  std::string_view name;
  std::uint32_t table = 0;            ///< OID of the table it comes from, or 0
  std::int16_t attribute = 0;         ///< number of the column in that table, or 0
  std::uint32_t type = 0;             ///< OID of its type
  std::int16_t type_size = 0;         ///< in bytes; negative for variable-width types
  std::int32_t type_modifier = -1;    ///< what it means is the type's affair; -1 for none
  format format_code = format::text;  ///< always text when a statement, not a portal, is described
  friend bool operator==(const column_description&, const column_description&) = default;
};

/// The columns of the rows that follow ("Message Formats", RowDescription).
struct row_description {
  static constexpr char type = 'T';
  static constexpr std::string_view message_name = "RowDescription";
  list<column_description> columns;
  friend bool operator==(const row_description&, const row_description&) = default;
};

/// One row ("Message Formats", DataRow).
struct data_row {
  static constexpr char type = 'D';
  static constexpr std::string_view message_name = "DataRow";
  list<std::optional<bytes_view>> values;  ///< nullopt is NULL
  friend bool operator==(const data_row&, const data_row&) = default;
};

[[nodiscard]] error encode(writer& out, const row_description& message) noexcept;
[[nodiscard]] error encode(writer& out, const data_row& message) noexcept;
[[nodiscard]] error decode(bytes_view body, row_description& out) noexcept;
[[nodiscard]] error decode(bytes_view body, data_row& out) noexcept;

/// Says exactly what `check_data_row` found wrong; none when the row is sound.
[[nodiscard]] error explain_data_row(bytes_view body, std::size_t columns) noexcept;

/// Checks a DataRow's body without decoding it: it has `columns` values, each length is -1 or lies
/// within the body, and nothing is left over. Afterwards the values can be read unchecked.
[[nodiscard]] inline error check_data_row(bytes_view body, std::size_t columns) noexcept {
  // Bodies are shorter than 2^31 bytes, so a step over a length that is too large or negative (as
  // an unsigned number) always ends behind the body. One comparison finds all of these; only then
  // it matters whether the length was -1.
  constexpr std::int64_t null = UINT32_MAX;
  const std::byte* const data = body.data();
  if (body.size() < 2 || body.size() > INT32_MAX || load_big_endian<std::uint16_t>(data) != columns)
      [[unlikely]]
    return explain_data_row(body, columns);
  const auto size = static_cast<std::int64_t>(body.size());
  const std::int64_t last = size - 4;
  std::int64_t at = 2;
  std::int64_t length = 0;
  for (std::size_t left = columns; left != 0; --left) {
    if (at > last) {
      if (length != null) [[unlikely]]
        return explain_data_row(body, columns);
      at -= null;
      if (at > last) [[unlikely]]
        return explain_data_row(body, columns);
    }
    length = load_big_endian<std::uint32_t>(data + at);
    at += 4 + length;
  }
  if (at != size && length == null) at -= null;
  if (at != size) [[unlikely]]
    return explain_data_row(body, columns);
  return {};
}

template <>
struct element<column_description> {
  static column_description read(reader& in) noexcept {
    column_description out;
    out.name = in.cstring();
    out.table = in.u32();
    out.attribute = in.i16();
    out.type = in.u32();
    out.type_size = in.i16();
    out.type_modifier = in.i32();
    out.format_code = element<format>::read(in);
    return out;
  }
  static void write(writer& out, const column_description& value) noexcept {
    out.cstring(value.name);
    out.u32(value.table);
    out.i16(value.attribute);
    out.u32(value.type);
    out.i16(value.type_size);
    out.i32(value.type_modifier);
    element<format>::write(out, value.format_code);
  }
  static bool equal(const column_description& a, const column_description& b) noexcept {
    return a == b;
  }
};

}  // namespace tusk::proto
