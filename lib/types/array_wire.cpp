#include "types/array_wire.hpp"

#include <string>

#include "tusk/types/failure.hpp"

namespace tusk::detail {
namespace {

/// Each element has at least its Int32 length.
constexpr std::size_t least_element = 4;

/// One dimension. The subscript behind its last element must be an Int32 too.
bool read_dimension(proto::reader& in, array_dimension& into) {
  into.size = in.i32();
  into.lower = in.i32();
  return in.ok() && into.size >= 0 && std::int64_t{into.lower} + into.size <= INT32_MAX;
}

}  // namespace

binary_array read_shape(const field& value, std::string_view target) {
  binary_array array;
  array_shape& shape = array.shape;
  proto::reader in(value.bytes());
  const std::int32_t dimensions = in.i32();
  const std::int32_t flags = in.i32();
  array.element = in.u32();
  if (!in.ok() || (flags != 0 && flags != 1)) fail_read(value, target, malformed_array);
  if (dimensions < 0 || dimensions > static_cast<std::int32_t>(array_shape::most_dimensions))
    fail_read(value, target, "it has " + std::to_string(dimensions) + " dimensions");
  shape.dimensions = static_cast<std::size_t>(dimensions);
  std::size_t count = dimensions > 0 ? 1 : 0;
  for (std::size_t i = 0; i < shape.dimensions; ++i) {
    if (!read_dimension(in, shape.each[i])) fail_read(value, target, malformed_array);
    // Checked at each factor, so that the product stays far from overflow.
    count *= static_cast<std::size_t>(shape.each[i].size);
    if (count > in.remaining() / least_element)
      fail_read(value, target, "it announces more elements than its bytes can hold");
  }
  array.elements = in.rest();
  // An empty int2vector has one dimension, of no elements.
  if (count == 0) shape = {};
  if (count == 0 && !array.elements.empty()) fail_read(value, target, malformed_array);
  return array;
}

field read_element(proto::reader& in, const field& whole, type_ref type, std::string_view target) {
  field element;
  element.type = type;
  element.format = format::binary;
  element.origin = whole.origin;
  element.size = in.i32();
  if (element.size >= 0) element.data = in.bytes(static_cast<std::size_t>(element.size)).data();
  if (!in.ok() || element.size < -1) fail_read(whole, target, malformed_array);
  return element;
}

}  // namespace tusk::detail
