#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "tusk/types/array_shape.hpp"
#include "tusk/types/bit_string.hpp"
#include "tusk/types/codec.hpp"
#include "tusk/types/date.hpp"
#include "tusk/types/inet.hpp"
#include "tusk/types/integers.hpp"
#include "tusk/types/interval.hpp"
#include "tusk/types/json.hpp"
#include "tusk/types/numeric.hpp"
#include "tusk/types/range.hpp"
#include "tusk/types/time.hpp"
#include "tusk/types/timestamp.hpp"
#include "tusk/types/timetz.hpp"
#include "tusk/types/uuid.hpp"

namespace tusk {

class value;

/// What an array of any type holds.
struct value_array {
  std::vector<array_dimension> dimensions;  ///< the outermost first; none when it is empty
  std::vector<value> elements;              ///< the last subscript runs fastest

  friend bool operator==(const value_array& left, const value_array& right);
};

/// What a range of any type holds.
struct value_range {
  bool is_empty = false;
  bool lower_inclusive = false;
  bool upper_inclusive = false;
  std::vector<value> lower;  ///< the bound, or nothing where there is none
  std::vector<value> upper;

  friend bool operator==(const value_range& left, const value_range& right);
};

struct value_multirange {
  std::vector<value> ranges;

  friend bool operator==(const value_multirange& left, const value_multirange& right);
};

/// What a composite or an anonymous record holds.
struct value_record {
  std::vector<std::string> names;  ///< as many as fields, or none in an anonymous record
  std::vector<value> fields;

  friend bool operator==(const value_record& left, const value_record& right);
};

/// A value of a type that is none of the families: its text, as the server writes it.
struct other_text {
  std::string text;

  friend bool operator==(const other_text&, const other_text&) = default;
};

/// A value whose type is only known at run time: for tools, and code that does not know what it is
/// asked for.
///
///     for (const tusk::value& each : db.query<tusk::value>("select x from t"))
///       each.visit([](const auto& held) { ... });
///
/// It holds one of the families that PostgreSQL's types belong to, and remembers which type it was.
/// Nothing is rounded or lost; what belongs to no family is kept as its text.
class value {
 public:
  using family = std::variant<std::monostate,          // NULL
                              bool,                    //
                              std::int64_t,            // int2, int4, int8, oid, xid, cid
                              double,                  // float4, float8
                              numeric,                 //
                              std::string,             // text, varchar, bpchar, name, enums
                              std::vector<std::byte>,  // bytea
                              json,                    // json, jsonb
                              uuid, date, time, timetz, timestamp, timestamptz, interval, inet,
                              cidr, bit_string,
                              value_array,       // arrays; int2vector, oidvector
                              value_range,       //
                              value_multirange,  //
                              value_record,      // composites, record
                              other_text>;       // all else

  /// NULL of no type.
  value();
  value(const value&);
  value(value&&) noexcept;
  value& operator=(const value&);
  value& operator=(value&&) noexcept;
  ~value();

  /// Of a family, and of a type: when that is 0, it is what such values are sent as; 0 for text and
  /// for what is made of others, which goes to whatever type the server wants.
  explicit value(family held, oid type = 0, std::string type_name = {});
  /// An integer, as int8.
  template <std::signed_integral T>
  value(T number) : value(family(std::int64_t{number})) {}
  value(bool truth) : value(family(truth)) {}
  value(double number) : value(family(number)) {}
  value(std::string text) : value(family(std::move(text))) {}
  value(const char* text) : value(family(std::string(text))) {}

  [[nodiscard]] bool is_null() const noexcept { return held_.index() == 0; }
  /// The type's OID; 0 when it is not known.
  [[nodiscard]] oid type() const noexcept { return type_; }
  /// As SQL spells it: "integer", "shop.mood"; empty when it is not known.
  [[nodiscard]] std::string_view type_name() const noexcept;

  [[nodiscard]] const family& held() const noexcept { return held_; }
  /// Null when it is of another family.
  template <class T>
  [[nodiscard]] const T* get_if() const noexcept {
    return std::get_if<T>(&held_);
  }
  /// Throws `data_error` when it is of another family.
  template <class T>
  [[nodiscard]] const T& get() const {
    const T* found = get_if<T>();
    if (found == nullptr) fail_family();
    return *found;
  }
  /// Calls `with` with what it holds.
  template <class Visitor>
  decltype(auto) visit(Visitor&& with) const {
    return std::visit(std::forward<Visitor>(with), held_);
  }

  /// All of it as text that the type's input function reads: as the server writes it with its
  /// default settings, times in UTC. Throws `data_error` for NULL, which has no text.
  [[nodiscard]] std::string to_string() const;

  /// Equal when both hold the same family and equal values; of what type they were does not matter.
  /// Doubles compare as doubles, so that NaN is not equal to itself.
  friend bool operator==(const value& left, const value& right) { return left.equals(right); }

 private:
  friend struct codec<value>;
  value(family held, type_ref type);

  [[noreturn]] void fail_family() const;
  [[nodiscard]] bool equals(const value& other) const;

  family held_;
  oid type_ = 0;
  std::string type_name_;  ///< of what is not built in
};

/// Any type at all. A column of a type that only the catalogs know is read as what they say of it:
/// the label of an enum, a composite with the names of its attributes, or text.
///
/// Columns are asked for in binary where tusk knows that form, and an anonymous record as text,
/// since it may hold what has none: its fields are texts then. `data_error` is thrown when types
/// lie within each other more than 100 deep.
///
/// As a parameter it goes in binary where its family has that form and the server wants such a
/// type, else as text.
template <>
struct codec<value> {
  static constexpr std::string_view name = "tusk::value";
  static constexpr oid type = 0;
  static constexpr bool nullable = true;

  static bool reads(type_ref from) noexcept { return from == 0 || from.is_known(); }
  static bool writes(type_ref) noexcept { return true; }
  static format read_format(type_ref from) noexcept;
  static value decode(const field& from);
  static bool is_null(const value& value) noexcept { return value.is_null(); }
  static format encode(value_writer& to, const value& value);

  /// tusk's own: a value of a type that the catalogs may know.
  static value make(value::family held, type_ref from);
};

}  // namespace tusk
