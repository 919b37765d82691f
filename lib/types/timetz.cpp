#include "tusk/types/timetz.hpp"

#include "tusk/proto/byte_order.hpp"
#include "tusk/types/failure.hpp"
#include "types/bounded_text.hpp"
#include "types/calendar.hpp"
#include "types/clock_writer.hpp"
#include "types/date_text.hpp"

namespace tusk {
namespace {

constexpr std::string_view far_offset = "its offset is not less than 16 hours";

bool in_range(std::int64_t offset) noexcept {
  constexpr std::int64_t limit = timetz::offset_limit.count();
  return offset > -limit && offset < limit;
}

timetz made_of(const calendar::reading& clock, std::int32_t offset) {
  return timetz(time(std::chrono::microseconds(clock.value)), std::chrono::seconds(offset));
}

}  // namespace

timetz::timetz(time local, std::chrono::seconds offset)
    : local_(local), offset_(static_cast<std::int32_t>(offset.count())) {
  if (!in_range(offset.count()))
    detail::fail_conversion("std::chrono::seconds to tusk::timetz", far_offset);
}

std::optional<timetz> timetz::parse(std::string_view text) noexcept {
  std::int32_t offset = 0;
  const calendar::reading clock = calendar::read_zoned_time(text, offset);
  if (!clock.good()) return std::nullopt;
  return made_of(clock, offset);
}

std::to_chars_result timetz::to_chars(char* first, char* last) const noexcept {
  return bounded_text::put<max_chars>(first, last, [this](char* to) noexcept {
    to = calendar::write_time(to, static_cast<std::uint64_t>(local_.microseconds()));
    return calendar::write_offset(to, offset_);
  });
}

std::string timetz::to_string() const {
  return bounded_text::string_of(*this);
}

timetz codec<timetz>::decode(const field& value) {
  if (value.is_null() || !reads(value.type)) detail::fail_type(value, name);
  if (value.format == format::text) {
    std::int32_t offset = 0;
    const calendar::reading clock = calendar::read_zoned_time(value.text(), offset);
    if (!clock.good()) calendar::fail_reading(value, name, "a time with time zone", clock);
    return made_of(clock, offset);
  }
  if (value.size != 12) detail::fail_size(value, name);
  const auto clock = proto::load_big_endian<std::int64_t>(value.data);
  if (clock < 0 || clock > calendar::day_length)
    fail_read(value, name, "it is not within 00:00:00 and 24:00:00");
  // Seconds west. Widened first: the smallest number has no opposite of its size.
  const auto west = std::int64_t{proto::load_big_endian<std::int32_t>(value.data + 8)};
  if (!in_range(west)) fail_read(value, name, far_offset);
  return timetz(time(std::chrono::microseconds(clock)), std::chrono::seconds(-west));
}

format codec<timetz>::encode(value_writer& to, timetz value) {
  if (to.target() != 0 && !writes(to.target())) to.fail(name, "the types do not go together");
  to.out().i64(value.local().microseconds());
  to.out().i32(static_cast<std::int32_t>(-value.offset().count()));
  return format::binary;
}

}  // namespace tusk
