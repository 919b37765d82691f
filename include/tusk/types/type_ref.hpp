#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tusk/types/oids.hpp"

namespace tusk {

/// What sort of type one is (`pg_type.typtype`, with arrays told from the other base types).
enum class type_kind : std::uint8_t {
  unknown,      ///< nothing is known of it: not built in, and not looked up
  base,         ///< a type of its own: int4, text, an extension's
  array,        ///< of another type
  composite,    ///< with attributes: a `create type ... as`, or a table's rows
  domain,       ///< another type under constraints
  enumeration,  ///< with labels
  range,        ///< of a subtype
  multirange,   ///< of a range type
  pseudo,       ///< void, record and the like
};

struct type_info;

/// A type: its OID and, unless it is built in, what the session has learnt of it from the catalogs.
/// A view, like the field or column that it comes from. It converts to and from an OID, so that
/// code that knows built-in types only need not know of it.
class type_ref {
 public:
  constexpr type_ref() noexcept = default;
  constexpr type_ref(oid number, const type_info* info = nullptr) noexcept
      : number_(number), info_(info) {}
  constexpr operator oid() const noexcept { return number_; }

  [[nodiscard]] constexpr oid number() const noexcept { return number_; }
  /// What the catalogs say of it; nullptr for built-in types, and for what was not looked up.
  [[nodiscard]] constexpr const type_info* info() const noexcept { return info_; }

  [[nodiscard]] type_kind kind() const noexcept;
  /// Whether it is built in, or was looked up.
  [[nodiscard]] bool is_known() const noexcept;
  /// Whether it is called so in the catalogs: "hstore", or "public.hstore" to ask for the schema,
  /// too. A built-in type goes by its name in pg_type, "int4", in the schema "pg_catalog".
  [[nodiscard]] bool is(std::string_view name) const noexcept;

  /// The type that it is made of: an array's elements, a domain's base, a range's subtype, a
  /// multirange's range. The number 0 when it is made of none, or that is not known.
  [[nodiscard]] type_ref part() const noexcept;
  /// An array's elements (int2vector's and oidvector's, too); the number 0 for all other types.
  [[nodiscard]] type_ref element() const noexcept;
  /// What stands between its values in an array's text: `;` for box, nearly always `,`.
  [[nodiscard]] char delimiter() const noexcept;
  /// As SQL spells it, for messages: "integer", "shop.mood", "type 16385".
  [[nodiscard]] std::string label() const;

 private:
  oid number_ = 0;
  const type_info* info_ = nullptr;
};

/// A part of a composite type.
struct attribute {
  std::string name;
  oid type = 0;
  std::shared_ptr<const type_info> info;  ///< null for built-in types

  [[nodiscard]] type_ref ref() const noexcept { return {type, info.get()}; }
};

/// What the catalogs say of a type that is not built in. Immutable once it is learnt.
struct type_info {
  oid number = 0;
  std::string schema;
  std::string name;
  std::string sql_name;  ///< as `format_type` spells it in the session's search path
  type_kind kind = type_kind::unknown;
  char delimiter = ',';
  oid part = 0;                                ///< the type that it is made of; see type_ref::part
  std::shared_ptr<const type_info> part_info;  ///< null for built-in types
  std::vector<attribute> attributes;           ///< a composite type's, dropped ones left out
  std::vector<std::string> labels;             ///< an enumeration's, in its order

  [[nodiscard]] type_ref ref() const noexcept { return {number, this}; }
  /// For codecs: a value does not fit what is said here, so the type must have been changed since.
  /// The session will look all types up anew before its next statement.
  void note_outdated() const noexcept {
    if (outdated != nullptr) outdated->store(true, std::memory_order_relaxed);
  }

  std::shared_ptr<std::atomic<bool>> outdated;  ///< the session's mark; may be null
};

}  // namespace tusk
