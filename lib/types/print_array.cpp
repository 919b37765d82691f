#include "types/print_array.hpp"

#include "tusk/types/array_form.hpp"
#include "tusk/types/failure.hpp"
#include "tusk/types/print.hpp"
#include "types/array_wire.hpp"

namespace tusk::detail {
namespace {

constexpr std::string_view target = "std::string";

}  // namespace

void print_array(const field& value, std::string& out) {
  const binary_array array = read_shape(value, target);
  // What the array says its elements are counts, except that only the catalogs know more of it.
  type_ref element = value.type.element();
  if (element != array.element) element = array.element;
  // An array of arrays cannot be; a peer that nests them would only take the stack.
  if (element.element() != 0) fail_read(value, target, malformed_array);
  array_text text(array.shape, element.delimiter());
  proto::reader in(array.elements);
  std::string printed;
  for (std::size_t left = array.shape.count(); left > 0; --left) {
    const field one = read_element(in, value, element, target);
    if (one.is_null()) {
      text.null();
      continue;
    }
    printed.clear();
    print(one, printed);
    text.add(printed);
  }
  if (in.finish()) fail_read(value, target, malformed_array);
  out.append(text.finish());
}

}  // namespace tusk::detail
