#include <charconv>
#include <cstring>

#include "session/copy_row_plan.hpp"
#include "session/copy_row_text.hpp"
#include "tusk/types/boolean.hpp"
#include "tusk/types/date.hpp"
#include "tusk/types/floats.hpp"
#include "tusk/types/interval.hpp"
#include "tusk/types/timestamp.hpp"
#include "tusk/types/uuid.hpp"
#include "types/calendar.hpp"
#include "types/clock_writer.hpp"
#include "types/print_float.hpp"
#include "types/two_digits.hpp"

// Lines of text and CSV whose values go into them directly. All of it is as fast as it is short.
namespace tusk::detail {

namespace {

/// Longer lines are not written in place: what they could need at most would have to be there.
constexpr std::size_t most_direct_line = std::size_t{128} << 10;

static_assert(most_printed >= interval::max_chars && most_printed >= timestamptz::max_chars &&
              most_printed >= float_chars && most_printed >= uuid::max_chars);

template <class T>
char* print_value(const std::byte* binary, char* to) noexcept {
  return codec<T>::from_native(binary).to_chars(to, to + most_printed).ptr;
}

char* print_whole(std::int64_t value, char* to) noexcept {
  auto rest = static_cast<std::uint64_t>(value);
  if (value < 0) {
    *to++ = '-';
    rest = 0U - rest;
  }
  if (rest >= 100'000'000) return std::to_chars(to, to + most_printed, rest).ptr;
  auto small = static_cast<std::uint32_t>(rest);
  constexpr std::size_t most = 8;
  std::array<char, 2 * most> digits{};
  char* const end = digits.data() + most;
  char* first = end;
  for (; small >= 100; small /= 100) {
    first -= 2;
    write_two_digits(first, small % 100);
  }
  first -= 2;
  write_two_digits(first, small);
  if (small < 10) ++first;
  // A fixed number of characters, of which the last may mean nothing, is copied at once.
  std::memcpy(to, first, most);
  return to + (end - first);
}

template <class Integer>
char* print_integer(const std::byte* binary, char* to) noexcept {
  return print_whole(proto::load_big_endian<Integer>(binary), to);
}

/// As to_chars does, with the date of the row before where it is the same.
template <bool Zoned>
char* print_timestamp(const std::byte* binary, char* to, copied_day& last) noexcept {
  const auto value = codec<basic_timestamp<Zoned>>::from_native(binary);
  const std::int64_t microseconds = value.microseconds();
  const std::int64_t day = calendar::floor_divide(microseconds, calendar::day_length);
  if (day != last.day) {
    char* const end = value.to_chars(to, to + most_printed).ptr;
    // Other years have more digits or another era, and the infinities no date.
    constexpr std::int64_t year_1 = -730'119;
    constexpr std::int64_t year_10000 = 2'921'940;
    if (day < year_1 || day >= year_10000) return end;
    last.day = day;
    std::memcpy(last.text.data(), to, last.text.size());
    return end;
  }
  std::memcpy(to, last.text.data(), last.text.size());
  to += last.text.size();
  *to++ = ' ';
  to = calendar::write_time(to,
                            static_cast<std::uint64_t>(microseconds - day * calendar::day_length));
  return Zoned ? calendar::write_word(to, "+00") : to;
}

/// Writes the text of a binary value, which has the size that its type has: up to `most_printed`
/// characters. Gives its end.
char* print_copied(copy_printer as, const std::byte* binary, char* to, copied_day& last) noexcept {
  switch (as) {
    case copy_printer::none:
    case copy_printer::characters: break;
    case copy_printer::boolean: *to = codec<bool>::from_native(binary) ? 't' : 'f'; return to + 1;
    case copy_printer::int2: return print_integer<std::int16_t>(binary, to);
    case copy_printer::int4: return print_integer<std::int32_t>(binary, to);
    case copy_printer::int8: return print_integer<std::int64_t>(binary, to);
    case copy_printer::float4: return write_float(codec<float>::from_native(binary), to);
    case copy_printer::float8: return write_float(codec<double>::from_native(binary), to);
    case copy_printer::date: return print_value<date>(binary, to);
    case copy_printer::timestamp: return print_timestamp<false>(binary, to, last);
    case copy_printer::timestamptz: return print_timestamp<true>(binary, to, last);
    case copy_printer::interval: return print_value<interval>(binary, to);
    case copy_printer::uuid: return print_value<uuid>(binary, to);
  }
  return to;
}

}  // namespace

char* copy_row_writer::open_line(proto::writer& out, std::size_t room, std::size_t count) const {
  if (room > most_direct_line) return nullptr;
  const std::size_t most = 1 + room + count * (1 + plan_->style.null.size());
  return reinterpret_cast<char*>(out.claim(most));
}

char* copy_row_writer::put_value(char* at, std::size_t index, const void* data, std::size_t size) {
  plan& to = *plan_;
  const copy_text_style& style = to.style;
  const copy_printer printer = to.printers[index];
  if (data == nullptr) {
    at += style.null.copy(at, style.null.size());
  } else if (printer == copy_printer::characters) {
    at = put_checked_text(at, {static_cast<const char*>(data), size}, style);
    if (at == nullptr) return nullptr;
  } else {
    at = print_copied(printer, static_cast<const std::byte*>(data), at, to.last_day);
  }
  *at = style.delimiter;
  return at + 1;
}

void copy_row_writer::close_line(proto::writer& out, std::size_t start, char* end) {
  const auto* const line = reinterpret_cast<const char*>(out.written().data()) + start;
  // A line of no values has no delimiter, either.
  if (end == line) ++end;
  end[-1] = '\n';
  out.truncate(start + static_cast<std::size_t>(end - line));
}

}  // namespace tusk::detail
