#pragma once

#include <string>
#include <string_view>

#include "support/catch.hpp"
#include "support/values.hpp"

namespace tusk::test {

/// The binary form of a type whose form has one length for each value: it is written so and read
/// back, and neither any proper prefix of it nor it and one byte more is read.
template <class T>
void check_wire(const T& value, std::string_view literal, oid type = codec<T>::type) {
  const std::vector<std::byte> whole = wire(literal);
  CAPTURE(literal);
  const written sent = encode(value, type);
  CHECK(sent.as == format::binary);
  CHECK(sent.hex() == hex(whole));
  CHECK(decode<T>(sample(type, format::binary, whole)) == value);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    const sample part(type, format::binary, bytes_view(whole).first(size));
    CHECK(data_error_of([&] { (void)decode<T>(part); }).starts_with("column \"c\" ("));
  }
  std::vector<std::byte> longer = whole;
  longer.push_back(std::byte{});
  const sample more(type, format::binary, longer);
  CHECK(data_error_of([&] { (void)decode<T>(more); }).starts_with("column \"c\" ("));
}

/// A text that is parsed as `value`, and a value that prints so.
template <class T>
void check_text(const T& value, std::string_view printed) {
  CAPTURE(printed);
  CHECK(value.to_string() == printed);
  CHECK(T::parse(printed) == value);
  CHECK(decode<T>(text(codec<T>::type, printed)) == value);
  CHECK(detail::text_of(value) == printed);
}

/// `to_chars` needs the text's size and not a character more, and writes nothing beyond.
template <class T>
void check_to_chars(const T& value) {
  const std::string printed = value.to_string();
  CAPTURE(printed);
  CHECK(printed.size() <= T::max_chars);
  for (std::size_t room = 0; room <= T::max_chars; ++room) {
    std::string buffer(room + 1, '#');
    const auto [end, fault] = value.to_chars(buffer.data(), buffer.data() + room);
    CHECK(buffer.back() == '#');
    if (room < printed.size()) {
      CHECK(fault == std::errc::value_too_large);
      CHECK(end == buffer.data() + room);
    } else {
      CHECK(fault == std::errc());
      CHECK(std::string_view(buffer.data(), end) == printed);
    }
  }
}

/// Texts that are no T, neither parsed nor read; the refusal names the column and the type.
template <class T, class Texts>
void check_refused(const Texts& texts) {
  for (const std::string_view wrong : texts) {
    CAPTURE(wrong);
    CHECK_FALSE(T::parse(wrong).has_value());
    const std::string message =
        data_error_of([&] { (void)decode<T>(text(codec<T>::type, wrong)); });
    CHECK(message.find("column \"c\" (" + type_label(codec<T>::type) + ") cannot be read as " +
                       std::string(codec<T>::name)) == 0);
  }
}

}  // namespace tusk::test
