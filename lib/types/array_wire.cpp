#include "types/array_wire.hpp"

#include "tusk/types/failure.hpp"

namespace tusk::detail {
namespace {

/// Each element has at least its Int32 length.
constexpr std::size_t least_element = 4;

/// One dimension's size and lower bound. The index of its last element must be an Int32 too.
bool read_dimension(proto::reader& in, array_shape& shape, std::size_t at) {
  shape.sizes[at] = in.i32();
  shape.lower[at] = in.i32();
  const std::int64_t end = std::int64_t{shape.lower[at]} + shape.sizes[at];
  return in.ok() && shape.sizes[at] > 0 && end <= INT32_MAX;
}

}  // namespace

array_shape read_shape(const field& value, std::string_view target) {
  array_shape shape;
  proto::reader in(value.bytes());
  const std::int32_t dimensions = in.i32();
  const std::int32_t flags = in.i32();
  shape.element = in.u32();
  if (!in.ok() || (flags != 0 && flags != 1)) fail_read(value, target, malformed_array);
  if (dimensions < 0 || dimensions > static_cast<std::int32_t>(array_shape::most_dimensions))
    fail_read(value, target, "it has " + std::to_string(dimensions) + " dimensions");
  shape.dimensions = static_cast<std::size_t>(dimensions);
  std::size_t count = dimensions > 0 ? 1 : 0;
  for (std::size_t i = 0; i < shape.dimensions; ++i) {
    if (!read_dimension(in, shape, i)) fail_read(value, target, malformed_array);
    // Checked at each factor, so that the product stays far from overflow.
    count *= static_cast<std::size_t>(shape.sizes[i]);
    if (count > in.remaining() / least_element)
      fail_read(value, target, "it announces more elements than its bytes can hold");
  }
  shape.count = count;
  shape.elements = in.rest();
  if (count == 0 && !shape.elements.empty()) fail_read(value, target, malformed_array);
  return shape;
}

field read_element(proto::reader& in, const field& array, oid type, std::string_view target) {
  field element;
  element.type = type;
  element.format = format::binary;
  element.origin = array.origin;
  element.size = in.i32();
  if (element.size >= 0) element.data = in.bytes(static_cast<std::size_t>(element.size)).data();
  if (!in.ok() || element.size < -1) fail_read(array, target, malformed_array);
  return element;
}

}  // namespace tusk::detail
