#include "types/short_decimal.hpp"

#include <array>
#include <cfenv>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>

#include "support/catch.hpp"
#include "types/print_float.hpp"

using namespace tusk::detail;

namespace {

/// What the function says; empty when it leaves the number to the general way.
std::string short_text(double number) {
  std::array<char, 16> room{};
  char* const end = write_short_decimal(number, room.data());
  return end == nullptr ? std::string() : std::string(room.data(), end);
}

/// The fewest digits that are read as the number, by integers alone and so under any rounding.
std::string general_text(double number) {
  std::array<char, 400> room{};
  const auto done =
      std::to_chars(room.data(), room.data() + room.size(), number, std::chars_format::fixed);
  return {room.data(), done.ptr};
}

/// Whether the number, where it is written at all, is written as in general.
bool is_right(double number) {
  const std::string text = short_text(number);
  return text.empty() || text == general_text(number);
}

struct rounding {
  explicit rounding(int mode) { std::fesetround(mode); }
  rounding(const rounding&) = delete;
  rounding& operator=(const rounding&) = delete;
  ~rounding() { std::fesetround(FE_TONEAREST); }
};

}  // namespace

TEST_CASE("every number of up to six decimals below a billion has its short text") {
  std::mt19937_64 random(20260101);
  for (int i = 0; i < 70'000; ++i) {
    const double power = std::pow(10.0, i % 7);
    // Of all sizes, not just of the largest.
    const auto limit = static_cast<std::uint64_t>(1e9 * power) >> (random() % 40);
    const double number = static_cast<double>(random() % (limit + 1)) / power;
    if (number != 0 && number < 1e-4) continue;
    const std::string text = short_text(number);
    if (text.empty() || text != general_text(number)) FAIL(number << " became '" << text << "'");
  }
}

TEST_CASE("no number is taken for a decimal next to it, however the processor rounds") {
  std::mt19937_64 random(20260102);
  for (const int mode : {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO}) {
    for (int i = 0; i < 20'000; ++i) {
      const double number = static_cast<double>(random() % 1'000'000'000'000) / 1e4;
      const double power = std::ldexp(1.0, static_cast<int>(random() % 46) - 15);
      const double above = std::nextafter(number, 1e300);
      const double below = std::nextafter(number, 0.0);
      const rounding as(mode);
      if (!is_right(number) || !is_right(above) || !is_right(below))
        FAIL("about " << number << " in mode " << mode);
      if (!is_right(power) || !is_right(std::nextafter(power, 0.0)))
        FAIL("about " << power << " in mode " << mode);
    }
  }
}

TEST_CASE("numbers out of its reach are left to the general way") {
  for (const double number : {1e9, 1e300, 9.9e-5, 1.0 / 3, 0.1234567, 5e-324,
                              std::numeric_limits<double>::infinity(), std::nan("")})
    CHECK(short_text(number).empty());
  CHECK(short_text(0.0001) == "0.0001");
  CHECK(short_text(999999999.999999) == "999999999.999999");
}

TEST_CASE("a double's text has its sign, however it is found") {
  const auto text = [](double number) {
    std::string out;
    print_float(number, out);
    return out;
  };
  CHECK(text(-0.0) == "-0");
  CHECK(text(0.0) == "0");
  CHECK(text(-20.01) == "-20.01");
  CHECK(text(-1e9) == "-1000000000");
  CHECK(text(-1.0 / 3) == "-0.3333333333333333");
  CHECK(text(-1e-5) == "-1e-05");
  CHECK(text(-std::numeric_limits<double>::infinity()) == "-Infinity");
  CHECK(text(std::copysign(std::nan(""), -1.0)) == "NaN");
}
