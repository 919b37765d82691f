#include "types/short_decimal.hpp"

#include <bit>
#include <charconv>
#include <cstdint>

#include "types/two_digits.hpp"

namespace tusk::detail {

namespace {

constexpr std::uint64_t hidden_bit = std::uint64_t{1} << 52;

/// Whether `millionths` / 10^6 is read as the number whose bits these are: whether it is less than
/// half a unit of the mantissa's last place away, which is
/// |millionths * 2^shift - mantissa * 10^6| < 10^6 / 2. Integers only, for a division would round
/// as the caller has told the processor to. Both products may overflow; their difference does not.
bool reads_as(std::uint64_t millionths, std::uint64_t bits) noexcept {
  const std::uint64_t mantissa = (bits & (hidden_bit - 1)) | hidden_bit;
  const auto shift = static_cast<unsigned>(1075 - (bits >> 52U));  // 23 to 66
  constexpr std::uint64_t scale = 15'625;                          // 10^6, as the shift, by 2^6
  const auto off = static_cast<std::int64_t>((millionths << (shift - 6)) - mantissa * scale);
  // Below a power of two numbers lie closer together.
  const std::int64_t most = mantissa == hidden_bit ? scale / 4 : scale / 2;
  return off >= -most && off <= most;
}

/// What is mostly small.
char* write_whole(char* to, std::uint32_t value) noexcept {
  if (value >= 100) return std::to_chars(to, to + 10, value).ptr;
  if (value >= 10) return write_two_digits(to, value);
  *to = static_cast<char>('0' + value);
  return to + 1;
}

}  // namespace

// A decimal of up to 15 digits that is read as the number is the shortest of all that are: no two
// decimals of so many digits are read as the same one.
char* write_short_decimal(double magnitude, char* to) noexcept {
  if (magnitude == 0) {
    *to = '0';
    return to + 1;
  }
  if (!(magnitude >= 1e-4 && magnitude < 1e9)) return nullptr;  // NaN, too
  const auto millionths = static_cast<std::uint64_t>(magnitude * 1e6 + 0.5);
  if (!reads_as(millionths, std::bit_cast<std::uint64_t>(magnitude))) return nullptr;
  const auto whole = static_cast<std::uint32_t>(millionths / 1'000'000);
  const auto fraction = static_cast<std::uint32_t>(millionths % 1'000'000);
  to = write_whole(to, whole);
  if (fraction == 0) return to;
  *to++ = '.';
  return write_millionths(to, fraction);
}

}  // namespace tusk::detail
