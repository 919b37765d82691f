#include "types/clock_scanner.hpp"

#include "types/ascii.hpp"
#include "types/calendar.hpp"

namespace tusk::calendar {

bool scanner::skip(char c) noexcept {
  if (!rest_.starts_with(c)) return false;
  rest_.remove_prefix(1);
  return true;
}

bool scanner::skip(std::string_view word) noexcept {
  if (!rest_.starts_with(word)) return false;
  rest_.remove_prefix(word.size());
  return true;
}

std::optional<std::int64_t> scanner::number(std::size_t least, std::size_t most) noexcept {
  std::size_t count = 0;
  std::int64_t value = 0;
  for (; count < rest_.size() && count < most && ascii::is_digit(rest_[count]); ++count)
    value = value * 10 + (rest_[count] - '0');
  if (count < least) return std::nullopt;
  rest_.remove_prefix(count);
  return value;
}

std::string_view scanner::letters(std::size_t most) noexcept {
  std::size_t count = 0;
  while (count < rest_.size() && count < most && ascii::is_letter(rest_[count]))
    ++count;
  const std::string_view found = rest_.substr(0, count);
  rest_.remove_prefix(count);
  return found;
}

std::optional<std::int64_t> scanner::time() noexcept {
  const auto hours = number(2, 2);
  if (!hours || !skip(':')) return std::nullopt;
  const auto minutes = number(2, 2);
  if (!minutes || *minutes > 59) return std::nullopt;
  std::int64_t result = (*hours * 60 + *minutes) * 60 * second;
  if (skip(':')) {
    const auto seconds = number(2, 2);
    const auto behind_point = fraction();
    if (!seconds || *seconds > 60 || !behind_point) return std::nullopt;
    result += *seconds * second + *behind_point;
  }
  if (result > day_length) return std::nullopt;
  return result;
}

std::optional<std::int64_t> scanner::fraction() noexcept {
  if (!skip('.')) return 0;
  const std::size_t before = rest_.size();
  auto result = number(1, 6);
  if (!result) return std::nullopt;
  for (std::size_t digits = before - rest_.size(); digits < 6; ++digits)
    *result *= 10;
  return result;
}

std::optional<std::int32_t> scanner::offset() noexcept {
  const bool west = rest_.starts_with('-');
  if (!skip('-') && !skip('+')) return std::nullopt;
  const auto hours = number(2, 2);
  if (!hours || *hours > 15) return std::nullopt;
  std::int64_t result = *hours * 3600;
  for (const std::int64_t unit : {60, 1}) {
    if (!skip(':') && !ascii::is_digit(next())) break;
    const auto part = number(2, 2);
    if (!part || *part > 59) return std::nullopt;
    result += *part * unit;
  }
  return static_cast<std::int32_t>(west ? -result : result);
}

}  // namespace tusk::calendar
