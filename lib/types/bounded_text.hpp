#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <string>
#include <system_error>

/// The text of values that never takes more than so many characters (`T::max_chars`).
namespace tusk::bounded_text {

/// What `std::to_chars` promises, of a `write(char*)` that takes up to `Most` characters and gives
/// their end: written in place where all that could come has room, else by way of the stack.
template <std::size_t Most, class Write>
std::to_chars_result put(char* first, char* last, Write write) noexcept {
  if (static_cast<std::size_t>(last - first) >= Most) return {write(first), std::errc()};
  std::array<char, Most> room;
  char* const end = write(room.data());
  if (end - room.data() > last - first) return {last, std::errc::value_too_large};
  return {std::copy(room.data(), end, first), std::errc()};
}

/// `to_string` of what has a `to_chars`.
template <class T>
std::string string_of(const T& value) {
  std::array<char, T::max_chars> room;
  return {room.data(), value.to_chars(room.data(), room.data() + room.size()).ptr};
}

}  // namespace tusk::bounded_text
