#include <array>
#include <charconv>
#include <cstdint>

#include "types/inet_text.hpp"

namespace tusk::inet_text {
namespace {

constexpr std::size_t group_count = 8;
using groups = std::array<unsigned, group_count>;

/// A run of groups that are zero.
struct run {
  std::size_t first = 0;
  std::size_t size = 0;
};

char* write_number(char* to, unsigned value, int base = 10) noexcept {
  return std::to_chars(to, to + 10, value, base).ptr;
}

char* write_v4(char* to, bytes_view address) noexcept {
  for (std::size_t i = 0; i < address.size(); ++i) {
    if (i > 0) *to++ = '.';
    to = write_number(to, std::to_integer<unsigned>(address[i]));
  }
  return to;
}

/// The first of the longest runs of at least two zeros: what `::` stands for.
run longest_zeros(const groups& all) noexcept {
  run best;
  run now;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i] != 0) {
      now.size = 0;
      continue;
    }
    if (now.size++ == 0) now.first = i;
    if (now.size > best.size) best = now;
  }
  return best.size < 2 ? run{} : best;
}

char* write_v6(char* to, bytes_view address) noexcept {
  groups all{};
  for (std::size_t i = 0; i < all.size(); ++i)
    all[i] = std::to_integer<unsigned>(address[2 * i]) << 8U |
             std::to_integer<unsigned>(address[2 * i + 1]);
  const run gap = longest_zeros(all);
  // ::1.2.3.4 and ::ffff:1.2.3.4 are IPv4 addresses within IPv6.
  const bool ends_in_v4 = gap.first == 0 && (gap.size == 6 || (gap.size == 5 && all[5] == 0xFFFF));
  const std::size_t end = ends_in_v4 ? 6 : group_count;
  for (std::size_t i = 0; i < end; ++i) {
    if (gap.size > 0 && i == gap.first) {
      *to++ = ':';
      i += gap.size - 1;
      if (i + 1 == group_count) *to++ = ':';
      continue;
    }
    if (i > 0) *to++ = ':';
    to = write_number(to, all[i], 16);
  }
  if (!ends_in_v4) return to;
  *to++ = ':';
  return write_v4(to, address.last(4));
}

}  // namespace

char* write_address(char* to, bytes_view address) noexcept {
  return address.size() == 4 ? write_v4(to, address) : write_v6(to, address);
}

char* write_prefix(char* to, int prefix) noexcept {
  *to++ = '/';
  return write_number(to, static_cast<unsigned>(prefix));
}

}  // namespace tusk::inet_text
