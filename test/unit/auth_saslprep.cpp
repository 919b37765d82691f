#include "auth/saslprep.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "auth/nfkc.hpp"
#include "auth_saslprep_vectors.hpp"
#include "support/catch.hpp"

using namespace std::string_view_literals;
using tusk::auth::saslprep;

namespace {

/// What SASLprep makes of a password, or "refused".
std::string prepared(std::string_view password) {
  const auto result = saslprep(password);
  return result ? std::string{view(*result)} : "refused";
}

std::u32string normalised(std::u32string_view text) {
  const auto result = tusk::auth::nfkc({text.begin(), text.end()});
  return {result.begin(), result.end()};
}

}  // namespace

TEST_CASE("SASLprep agrees with an independent implementation on every vector") {
  for (const auto& vector : tusk::test::saslprep_vectors) {
    INFO("password " << vector.input);
    const auto result = saslprep(vector.input);
    CHECK(result.has_value() != vector.refused);
    if (result) CHECK(view(*result) == vector.output);
  }
}

TEST_CASE("SASLprep gives what the examples of RFC 4013 say") {
  CHECK(prepared("I\u00ADX") == "IX");
  CHECK(prepared("user") == "user");
  CHECK(prepared("USER") == "USER");
  CHECK(prepared("\u00AA") == "a");
  CHECK(prepared("\u2168") == "IX");
  CHECK(prepared("\u0627\u0031") == "refused");
}

TEST_CASE("SASLprep leaves ASCII alone, control characters included, as PostgreSQL does") {
  CHECK(prepared("") == "");
  CHECK(prepared("\x01 a\x7F") == "\x01 a\x7F");
  CHECK(prepared("\u00E9\x01") == "refused");
}

TEST_CASE("SASLprep refuses a password that maps to nothing") {
  CHECK(prepared("\u00AD\u200D") == "refused");
}

TEST_CASE("SASLprep judges bidirectional text before it normalises, as PostgreSQL does") {
  // U+2135 ALEF SYMBOL is left-to-right itself and becomes U+05D0, which is right-to-left.
  CHECK(prepared("1\u2135") == "1\u05D0");
  CHECK(prepared("\u05D0\u2135") == "refused");
}

TEST_CASE("SASLprep refuses what is not UTF-8") {
  for (const auto bytes : {"\x80"sv, "a\xBF"sv,  // continuation without a beginning
                           "\xC3"sv, "\xE2\x82"sv, "\xF0\x9F\x98"sv,      // cut off
                           "\xC3("sv, "\xE2\x28\xA1"sv, "\xE2\x82("sv,    // interrupted
                           "\xC0\x80"sv, "\xC1\xBF"sv, "\xE0\x9F\xBF"sv,  // overlong
                           "\xF0\x8F\xBF\xBF"sv, "\xED\xA0\x80"sv,        // overlong, surrogate
                           "\xF4\x90\x80\x80"sv, "\xF5\x80\x80\x80"sv,    // above U+10FFFF
                           "\xFE"sv, "\xFF"sv}) {
    CHECK(prepared(bytes) == "refused");
  }
}

TEST_CASE("NFKC sorts marks by class and keeps the order of equal ones") {
  CHECK(normalised(U"q\u0307\u0323") == U"q\u0323\u0307");
  CHECK(normalised(U"q\u0301\u0300") == U"q\u0301\u0300");
}

TEST_CASE("NFKC composes across marks of another class and never across an equal one") {
  CHECK(normalised(U"a\u0323\u0302") == U"\u1EAD");
  CHECK(normalised(U"a\u0313\u0301") == U"a\u0313\u0301");
  CHECK(normalised(U"\u0301e") == U"\u0301e");
}

TEST_CASE("NFKC takes every Hangul syllable apart and puts it together again") {
  for (char32_t code = 0xAC00; code < 0xAC00 + 11172; ++code) {
    const char32_t index = code - 0xAC00;
    std::u32string parts{char32_t{0x1100} + index / 588, char32_t{0x1161} + index / 28 % 21};
    if (index % 28 != 0) parts += char32_t{0x11A7} + index % 28;
    REQUIRE(normalised(parts) == std::u32string{code});
    REQUIRE(normalised(std::u32string{code}) == std::u32string{code});
  }
}

TEST_CASE("NFKC leaves a syllable before the code point below the first trailing consonant") {
  CHECK(normalised(U"\uAC00\u11A7") == U"\uAC00\u11A7");
}
