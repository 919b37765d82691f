#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "tusk/proto/bytes.hpp"
#include "tusk/proto/format.hpp"
#include "tusk/types/oids.hpp"
#include "tusk/types/type_ref.hpp"

namespace tusk {

using proto::format;

/// Which of day and month comes first in a text that shows both as numbers, as DateStyle says where
/// it is not ISO.
enum class date_order : std::uint8_t {
  unknown,  ///< a date that could be read in both ways is refused
  day_first,
  month_first,
};

/// One column of a result, as RowDescription gives it.
struct column {
  std::string name;
  oid type = 0;
  tusk::format format = tusk::format::text;
  std::int16_t type_size = -1;      ///< bytes; negative for types of varying size
  std::int32_t type_modifier = -1;  ///< as the type defines it, such as a varchar's length + 4
  oid table = 0;                    ///< the table it comes from, 0 for an expression
  std::int16_t attribute = 0;       ///< its attribute number in that table, from 1
  /// What the catalogs say of a type that is not built in, once the session has asked them.
  std::shared_ptr<const type_info> info{};
  date_order dates = date_order::unknown;  ///< of what comes as text
  /// tusk's own mark: binary, and of exactly the type that the C++ type it is read as stands for.
  bool native = false;

  [[nodiscard]] type_ref ref() const noexcept { return {type, info.get()}; }
};

/// One value as it came from the server. A view: it lives as long as the bytes it points to.
struct field {
  const std::byte* data = nullptr;
  std::int32_t size = -1;  ///< bytes; -1 for NULL
  type_ref type;
  tusk::format format = tusk::format::text;
  const column* origin = nullptr;  ///< the column it stands in, for messages; may be null

  [[nodiscard]] bool is_null() const noexcept { return size < 0; }
  /// For a codec's cold path: a reference to the field itself would keep it in memory on the hot
  /// path too, once both are inlined.
  [[nodiscard]] field copy() const noexcept { return *this; }
  [[nodiscard]] bytes_view bytes() const noexcept {
    return {data, size < 0 ? 0 : static_cast<std::size_t>(size)};
  }
  [[nodiscard]] std::string_view text() const noexcept {
    return {reinterpret_cast<const char*>(data), size < 0 ? 0 : static_cast<std::size_t>(size)};
  }
};

/// How messages call a type: its SQL name when it is known, else "type 16385".
[[nodiscard]] inline std::string type_label(type_ref type) {
  return type.label();
}

/// Throws `data_error`: names the column, its PostgreSQL type and `target` (a C++ type's name),
/// and says why: `column "id" (bigint) cannot be read as std::int16_t: 70000 is out of range`.
[[noreturn]] void fail_read(const field& value, std::string_view target, std::string_view reason);

}  // namespace tusk
