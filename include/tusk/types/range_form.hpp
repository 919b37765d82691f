#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tusk/proto/reader.hpp"
#include "tusk/types/codec.hpp"
#include "tusk/types/part_writer.hpp"

/// The forms of ranges and multiranges, for their codecs.
namespace tusk::detail {

/// What is said of a range beside its bounds: the flags of PostgreSQL's rangetypes.h, which are the
/// first byte of the binary form.
namespace range_flag {
inline constexpr std::uint8_t empty = 0x01;
inline constexpr std::uint8_t lower_inclusive = 0x02;
inline constexpr std::uint8_t upper_inclusive = 0x04;
inline constexpr std::uint8_t lower_infinite = 0x08;
inline constexpr std::uint8_t upper_infinite = 0x10;
}  // namespace range_flag

/// Takes a range apart, in either format.
class range_reader {
 public:
  /// `subtype` is what the bounds are. Throws `data_error` for NULL and for what is malformed.
  /// `value` must outlive the reader.
  range_reader(const field& value, type_ref subtype, std::string_view target);

  [[nodiscard]] std::uint8_t flags() const noexcept { return flags_; }
  /// A bound, or NULL when there is none. Its bytes live as long as the reader, and as long as the
  /// row's unless it is a copy.
  [[nodiscard]] const field& lower() const noexcept { return lower_; }
  [[nodiscard]] const field& upper() const noexcept { return upper_; }
  /// Whether a bound had to be unescaped out of the row.
  [[nodiscard]] bool has_copy() const noexcept { return has_copy_; }
  /// What the bounds are read as. Throws `data_error` when they are not.
  [[nodiscard]] type_ref bound_as(std::optional<type_ref> (*read_as)(type_ref)) const;
  /// Throws `data_error`: a view cannot be given of what had to be unescaped.
  [[noreturn]] void fail_copy() const;

 private:
  void open_text();

  const field& value_;
  std::string_view target_;
  std::uint8_t flags_ = range_flag::empty;
  field lower_;
  field upper_;
  bool has_copy_ = false;
  std::string lower_text_;
  std::string upper_text_;
};

/// Walks the ranges of a multirange, in either format.
class multirange_reader {
 public:
  /// `range` is the type of the ranges. Throws `data_error` for NULL and for what is malformed.
  /// `value` must outlive the reader.
  multirange_reader(const field& value, type_ref range, std::string_view target);

  /// How many ranges are worth reserving for: never more than the bytes can hold.
  [[nodiscard]] std::size_t reserve() const noexcept { return count_; }
  /// The next range, in the multirange's format, or false behind the last.
  bool next(field& into);

 private:
  bool next_text(field& into);

  const field& value_;
  std::string_view target_;
  type_ref range_;
  std::size_t count_ = 0;
  std::size_t index_ = 0;  ///< ranges given so far
  proto::reader binary_;
  std::string_view text_;  ///< what is left of the text form
};

/// As range_out prints it, from the bounds' own texts, which are not looked at where the flags say
/// that there is no bound.
[[nodiscard]] std::string range_text(std::uint8_t flags, std::string_view lower,
                                     std::string_view upper);

/// The built-in range type over a subtype, and the built-in multirange type over a range type; 0
/// when there is none.
[[nodiscard]] consteval oid range_of(oid subtype) {
  switch (subtype) {
    case oids::int4: return oids::int4range;
    case oids::int8: return oids::int8range;
    case oids::numeric: return oids::numrange;
    case oids::date: return oids::daterange;
    case oids::timestamp: return oids::tsrange;
    case oids::timestamptz: return oids::tstzrange;
    default: return 0;
  }
}
[[nodiscard]] consteval oid multirange_of(oid range) {
  switch (range) {
    case oids::int4range: return oids::int4multirange;
    case oids::int8range: return oids::int8multirange;
    case oids::numrange: return oids::nummultirange;
    case oids::daterange: return oids::datemultirange;
    case oids::tsrange: return oids::tsmultirange;
    case oids::tstzrange: return oids::tstzmultirange;
    default: return 0;
  }
}
/// The array type of a built-in range or multirange type.
[[nodiscard]] consteval oid range_array_of(oid type) {
  switch (type) {
    case oids::int4range: return oids::int4range_array;
    case oids::int8range: return oids::int8range_array;
    case oids::numrange: return oids::numrange_array;
    case oids::daterange: return oids::daterange_array;
    case oids::tsrange: return oids::tsrange_array;
    case oids::tstzrange: return oids::tstzrange_array;
    case oids::int4multirange: return oids::int4multirange_array;
    case oids::int8multirange: return oids::int8multirange_array;
    case oids::nummultirange: return oids::nummultirange_array;
    case oids::datemultirange: return oids::datemultirange_array;
    case oids::tsmultirange: return oids::tsmultirange_array;
    case oids::tstzmultirange: return oids::tstzmultirange_array;
    default: return 0;
  }
}

/// What the parts of a range or multirange are sent as: what they are when the server was not
/// asked, else what the target is made of. Throws `data_error` when that is not of `kind`, or does
/// not take such parts. nullopt when nothing is known, so that only text can go.
[[nodiscard]] std::optional<type_ref> part_target(const value_writer& to, type_kind kind, oid own,
                                                  std::optional<type_ref> (*sent_as)(type_ref),
                                                  std::string_view source);

}  // namespace tusk::detail
