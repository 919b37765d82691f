#pragma once

#include <string>
#include <string_view>

#include "support/catch.hpp"
#include "support/values.hpp"

namespace tusk::test {

/// A binary value of which every proper prefix is refused, and so is one byte more; each by an
/// error that names the column, its type and the C++ type.
template <class T>
void check_damage(oid type, std::string_view literal) {
  std::vector<std::byte> bytes = wire(literal);
  CAPTURE(std::string(literal));
  CHECK_NOTHROW(decode<T>(sample(type, format::binary, bytes)));
  const std::string beginning = "column \"c\" (" + type_label(type) + ") cannot be read as " +
                                std::string(codec<T>::name) + ": ";
  const bytes_view all = bytes;
  for (std::size_t size = 0; size < all.size(); ++size) {
    CAPTURE(size);
    const sample prefix(type, format::binary, all.first(size));
    CHECK(data_error_of([&] { (void)decode<T>(prefix); }).find(beginning) == 0);
  }
  bytes.push_back(std::byte{0});
  const sample longer(type, format::binary, bytes);
  CHECK(data_error_of([&] { (void)decode<T>(longer); }).find(beginning) == 0);
}

/// Text that is refused by `parse`, and by the codec with an error that names column and types.
template <class T>
void check_no_text(std::string_view wrong) {
  CAPTURE(std::string(wrong));
  CHECK_FALSE(T::parse(wrong));
  const std::string beginning = "column \"c\" (" + type_label(codec<T>::type) +
                                ") cannot be read as " + std::string(codec<T>::name) + ": ";
  const sample field = text(codec<T>::type, wrong);
  CHECK(data_error_of([&] { (void)decode<T>(field); }).find(beginning) == 0);
}

/// Text that reads as a value whose own text is `canonical`.
template <class T>
void check_text(std::string_view given, std::string_view canonical) {
  CAPTURE(std::string(given));
  const std::optional<T> parsed = T::parse(given);
  REQUIRE(parsed);
  CHECK(parsed->to_string() == canonical);
  CHECK(T::parse(canonical) == parsed);
  CHECK(std::hash<T>{}(*T::parse(canonical)) == std::hash<T>{}(*parsed));
  CHECK(round_trip(*parsed) == *parsed);
  CHECK(decode<T>(text(codec<T>::type, canonical)) == *parsed);
}

}  // namespace tusk::test
