#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/known_value_check.hpp"
#include "support/values.hpp"
#include "tusk/types/types.hpp"
#include "tusk/types/value.hpp"

namespace tusk::test {

/// The types that a fuzzer's first byte chooses from.
inline constexpr std::array value_types{
    oids::bool_,
    oids::bytea,
    oids::char_,
    oids::int8,
    oids::int2,
    oids::int4,
    oids::text,
    oids::oid,
    oids::float4,
    oids::float8,
    oids::numeric,
    oids::date,
    oids::time,
    oids::timestamp,
    oids::timestamptz,
    oids::uuid,
    oids::json,
    oids::jsonb,
    oids::int4_array,
    oids::text_array,
    oids::bool_array,
    oids::numeric_array,
    oids::date_array,
    oids::box_array,
    oids::int2vector,
    oids::float8_array,
    oids::timestamp_array,
    oids::bytea_array,
    oids::point,
    oids::varchar_array,
    oids::timetz,
    oids::interval,
    oids::lseg,
    oids::path,
    oids::box,
    oids::polygon,
    oids::line,
    oids::circle,
    oids::tsvector,
    oids::tsquery,
    oids::jsonpath,
    oids::int4range,
    oids::tsrange,
    oids::numrange_array,
    oids::int4multirange,
    oids::datemultirange,
    oids::oidvector,
    oids::inet,
    oids::cidr,
    oids::macaddr,
    oids::macaddr8,
    oids::bit,
    oids::varbit,
    oids::money,
    oids::pg_lsn,
    oids::xid8,
    oids::tid,
    oids::pg_snapshot,
    oids::xml,
    oids::regclass,
    oids::pg_mcv_list,
    oids::record,
    oids::record_array,
    oids::record,
};

inline void require_value(bool holds, std::string_view what) {
  if (holds) return;
  std::cerr << "does not hold: " << what << '\n';
  std::abort();
}

/// Reads the field as T when T's codec takes the type. A value that is read must come back equal
/// from its own binary form; a refusal must be a data_error that names the column.
template <class T>
void check_value(const field& value) {
  if (!codec<T>::reads(value.type)) return;
  std::optional<T> read;
  try {
    read.emplace(codec<T>::decode(value));
  } catch (const data_error& e) {
    require_value(e.column() == "c", "a refusal names the column");
    return;
  }
  if constexpr (writable<T>) {
    try {
      const written sent = encode(*read, value.type);
      const sample echo(value.type, sent.as, sent.bytes);  // outlives the views into it
      const T again = codec<T>::decode(echo);
      // What is not equal to itself is a NaN.
      require_value(again == *read || !(*read == *read), codec<T>::name);
    } catch (const data_error&) {
      // Text takes any bytes, and some of those cannot be sent back: a NUL, a time point that
      // only the other side's range holds.
    }
  }
}

template <class... Types>
void check_values(const field& value) {
  (check_value<Types>(value), ...);
}

/// The text of an anonymous record does not say of what types its fields are, so that what comes
/// back from it are texts; everything else must be equal.
inline void check_any(const field& value) {
  if (value.type != oids::record && value.type != oids::record_array) {
    check_value<tusk::value>(value);
    return;
  }
  try {
    (void)codec<tusk::value>::decode(value).to_string();
  } catch (const data_error&) {
    // Malformed, or of a field that only text can show.
  }
}

/// Every C++ type that has a codec.
inline void check_every_type(const field& value) {
  using namespace std::chrono;
  check_values<record<>, record<std::int32_t, std::optional<std::string>>,
               record<std::optional<record<std::string>>, std::vector<int>>>(value);
  if (value.type == oids::record)
    require_value(known_types_are_sound(value), "types of the catalogs are read soundly");
  check_values<bool, char, signed char, std::uint16_t, std::int32_t, std::uint32_t, std::int64_t,
               std::uint64_t, float, double, numeric, date, tusk::time, timetz, timestamp,
               timestamptz, interval, year_month_day, sys_days, microseconds, sys_time<seconds>,
               sys_time<nanoseconds>, local_time<milliseconds>, uuid, json, std::string,
               std::vector<std::byte>>(value);
  check_values<point, lseg, box, line, circle, path, polygon, tsvector, tsquery, jsonb, jsonpath>(
      value);
  check_values<inet, cidr, macaddr, macaddr8, bit_string, money, pg_lsn, xid8, tid, pg_snapshot,
               xml>(value);
  check_values<std::vector<int>, std::vector<std::optional<std::int64_t>>,
               std::vector<std::optional<std::string>>, std::vector<bool>,
               std::vector<std::optional<numeric>>, std::vector<std::optional<date>>,
               std::vector<std::optional<std::vector<std::byte>>>, std::vector<std::string_view>>(
      value);
  check_values<array<int>, array<std::string>, array<range<numeric>>,
               std::vector<std::vector<std::optional<int>>>, std::array<std::int64_t, 2>,
               range<int>, range<timestamp>, range<std::string>, multirange<std::int64_t>,
               multirange<date>>(value);
  check_any(value);
}

}  // namespace tusk::test
