#include "tusk/types/time.hpp"

#include "tusk/proto/byte_order.hpp"
#include "tusk/types/failure.hpp"
#include "types/bounded_text.hpp"
#include "types/calendar.hpp"
#include "types/clock_scanner.hpp"
#include "types/clock_writer.hpp"

namespace tusk {
namespace {

constexpr std::string_view out_of_range = "it is not within 00:00:00 and 24:00:00";

bool in_range(std::int64_t microseconds) noexcept {
  return microseconds >= 0 && microseconds <= calendar::day_length;
}

time read_time(const field& value, std::string_view target) {
  if (value.is_null() || !codec<time>::reads(value.type)) detail::fail_type(value, target);
  if (value.format == format::text) {
    const std::optional<time> parsed = time::parse(value.text());
    if (!parsed) detail::fail_text(value, target, "a time");
    return *parsed;
  }
  if (value.size != 8) detail::fail_size(value, target);
  const auto count = proto::load_big_endian<std::int64_t>(value.data);
  if (!in_range(count)) fail_read(value, target, out_of_range);
  return time(std::chrono::microseconds(count));
}

format write_time(value_writer& to, std::int64_t microseconds, std::string_view source) {
  if (to.target() != 0 && to.target() != oids::time)
    to.fail(source, "the types do not go together");
  if (!in_range(microseconds)) to.fail(source, out_of_range);
  to.out().i64(microseconds);
  return format::binary;
}

}  // namespace

time::time(std::chrono::microseconds since_midnight) : microseconds_(since_midnight.count()) {
  if (!in_range(microseconds_))
    detail::fail_conversion("std::chrono::microseconds to tusk::time", out_of_range);
}

std::optional<time> time::parse(std::string_view text) noexcept {
  calendar::scanner in(text);
  const std::optional<std::int64_t> count = in.time();
  if (!count || !in.at_end()) return std::nullopt;
  return time(std::chrono::microseconds(*count));
}

std::to_chars_result time::to_chars(char* first, char* last) const noexcept {
  return bounded_text::put<max_chars>(first, last, [this](char* to) noexcept {
    return calendar::write_time(to, static_cast<std::uint64_t>(microseconds_));
  });
}

std::string time::to_string() const {
  return bounded_text::string_of(*this);
}

time codec<time>::decode(const field& value) {
  return read_time(value, name);
}

format codec<time>::encode(value_writer& to, time value) {
  return write_time(to, value.microseconds(), name);
}

std::chrono::microseconds codec<std::chrono::microseconds>::decode(const field& value) {
  return read_time(value, name).since_midnight();
}

format codec<std::chrono::microseconds>::encode(value_writer& to, std::chrono::microseconds value) {
  return write_time(to, value.count(), name);
}

std::string codec<std::chrono::microseconds>::to_text(std::chrono::microseconds value) {
  return time(value).to_string();
}

}  // namespace tusk
