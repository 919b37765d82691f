#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tusk/tusk.hpp"

// A type of an extension, added to tusk from outside: pgvector's `vector`. Its OID differs from
// database to database, so the codec knows it by its name, and the session finds the rest out.

namespace pgvector {

/// A value of `vector`: up to 16,000 numbers.
struct vector {
  std::vector<float> values;
  friend bool operator==(const vector&, const vector&) = default;
};

}  // namespace pgvector

template <>
struct tusk::codec<pgvector::vector> {
  static constexpr std::string_view name = "pgvector::vector";
  static constexpr tusk::oid type = 0;  // none that would be the same everywhere

  static bool reads(tusk::type_ref from) { return from.is("vector"); }
  static bool writes(tusk::type_ref to) { return to.is("vector"); }
  static tusk::format read_format(tusk::type_ref) { return tusk::format::binary; }

  static pgvector::vector decode(const tusk::field& value) {
    if (value.format == tusk::format::text) return from_text(value);
    // vector_send: the number of dimensions, 16 bits that mean nothing, the numbers.
    tusk::proto::reader in(value.bytes());
    const auto count = in.i16();
    static_cast<void>(in.i16());
    // Believed only when the bytes are there: what the server sends may be anything.
    if (!in.ok() || count < 0 || in.remaining() != static_cast<std::size_t>(count) * sizeof(float))
      tusk::fail_read(value, name, "its binary form is malformed");
    pgvector::vector read;
    read.values.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i)
      read.values.push_back(std::bit_cast<float>(in.u32()));
    return read;
  }

  static tusk::format encode(tusk::value_writer& to, const pgvector::vector& value) {
    if (to.target() == 0) {  // the server was not asked: it takes text as whatever it wants
      to.out().text(to_text(value));
      return tusk::format::text;
    }
    if (value.values.size() > 16'000) to.fail(name, "it has more than 16000 dimensions");
    to.out().i16(static_cast<std::int16_t>(value.values.size()));
    to.out().i16(0);
    for (const float each : value.values)
      to.out().u32(std::bit_cast<std::uint32_t>(each));
    return tusk::format::binary;
  }

  /// `[1,2.5,-3]`, for the simple protocol and for arrays that go as text.
  static std::string to_text(const pgvector::vector& value) {
    std::string text = "[";
    for (const float each : value.values) {
      if (text.size() > 1) text += ',';
      text += tusk::codec<float>::to_text(each);
    }
    return text + "]";
  }

 private:
  static pgvector::vector from_text(const tusk::field& value) {
    std::string_view left = value.text();
    if (left.size() < 2 || left.front() != '[' || left.back() != ']')
      tusk::fail_read(value, name, "its text is malformed");
    left = left.substr(1, left.size() - 2);
    pgvector::vector read;
    // Each number is a float's text in the same column, which is what the errors will name.
    tusk::field number = value;
    number.type = tusk::oids::float4;
    for (bool more = !left.empty(); more;) {
      const std::size_t comma = left.find(',');
      more = comma != std::string_view::npos;
      const std::string_view digits = left.substr(0, comma);
      number.data = reinterpret_cast<const std::byte*>(digits.data());
      number.size = static_cast<std::int32_t>(digits.size());
      read.values.push_back(tusk::codec<float>::decode(number));
      if (more) left.remove_prefix(comma + 1);
    }
    return read;
  }
};
