#pragma once

#include <optional>
#include <string>
#include <vector>

#include "support/catalog_types.hpp"
#include "tusk/types/types.hpp"

namespace tusk::test {

struct fuzzed_pair {
  std::optional<std::string> word;
  std::optional<std::int32_t> number;
  friend bool operator==(const fuzzed_pair&, const fuzzed_pair&) = default;
};

}  // namespace tusk::test

template <>
struct tusk::composite_type<tusk::test::fuzzed_pair> {
  static constexpr std::string_view name = "pair";
};

namespace tusk::test {

/// Reads the bytes of `value` as a T of a type out of the catalogs: refused with an error that
/// names the column, or a value that comes back equal.
template <class T>
bool reads_soundly(const field& value, const known_type& type) {
  const known_sample seen(type, value.format, value.bytes());
  std::optional<T> read;
  try {
    read.emplace(codec<T>::decode(seen));
  } catch (const data_error& e) {
    return e.column() == "c";
  }
  try {
    return round_trip(*read, type) == *read;
  } catch (const data_error&) {
    return true;  // a NUL, which text from the wire may hold and no text that is sent
  }
}

/// Composites, arrays of them and hstore.
inline bool known_types_are_sound(const field& value) {
  static const known_type pair =
      composite_info(16400, "pair", {{"number", oids::int4, {}}, {"word", oids::text, {}}});
  static const known_type pairs = made_of(16401, "_pair", type_kind::array, 16400, pair);
  static const known_type map =
      std::make_shared<const type_info>(named_type(16402, "hstore", type_kind::base));
  return reads_soundly<fuzzed_pair>(value, pair) &&
         reads_soundly<std::vector<std::optional<fuzzed_pair>>>(value, pairs) &&
         reads_soundly<hstore>(value, map);
}

}  // namespace tusk::test
