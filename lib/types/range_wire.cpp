#include "types/range_wire.hpp"

#include "tusk/types/failure.hpp"
#include "tusk/types/range_form.hpp"
#include "types/array_wire.hpp"

namespace tusk::detail {
namespace {

/// Each range of a multirange has at least its Int32 length and its flags.
constexpr std::size_t least_range = 5;

constexpr std::uint8_t known_flags = range_flag::empty | range_flag::lower_inclusive |
                                     range_flag::upper_inclusive | range_flag::lower_infinite |
                                     range_flag::upper_infinite;

}  // namespace

binary_range read_range(const field& value, type_ref subtype, std::string_view target) {
  binary_range range;
  proto::reader in(value.bytes());
  // Other flags are of use within the server only; range_recv drops them, too.
  range.flags = in.u8() & known_flags;
  const bool is_empty = (range.flags & range_flag::empty) != 0;
  if (is_empty) range.flags = range_flag::empty;
  const std::uint8_t missing = range_flag::lower_infinite | range_flag::upper_infinite;
  const std::uint8_t none = is_empty ? missing : range.flags & missing;
  if ((none & range_flag::lower_infinite) == 0) {
    range.lower = read_element(in, value, subtype, target);
    if (range.lower.is_null()) fail_read(value, target, malformed_array);
  }
  if ((none & range_flag::upper_infinite) == 0) {
    range.upper = read_element(in, value, subtype, target);
    if (range.upper.is_null()) fail_read(value, target, malformed_array);
  }
  if (in.finish()) fail_read(value, target, malformed_array);
  return range;
}

std::size_t read_range_count(proto::reader& in, const field& value, std::string_view target) {
  const std::int32_t count = in.i32();
  if (!in.ok() || count < 0) fail_read(value, target, malformed_array);
  if (static_cast<std::size_t>(count) > in.remaining() / least_range)
    fail_read(value, target, "it announces more ranges than its bytes can hold");
  return static_cast<std::size_t>(count);
}

}  // namespace tusk::detail
