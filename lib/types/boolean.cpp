#include "tusk/types/boolean.hpp"

#include "tusk/types/failure.hpp"

namespace tusk {

bool codec<bool>::decode_slowly(const field& value) {
  if (value.is_null() || !reads(value.type)) detail::fail_type(value, name);
  if (value.format == format::binary) detail::fail_size(value, name);
  const std::string_view text = value.text();
  if (text != "t" && text != "f") detail::fail_text(value, name, "t or f");
  return text == "t";
}

format codec<bool>::encode(value_writer& to, bool value) {
  if (to.target() != 0 && !writes(to.target())) to.fail(name, "the types do not go together");
  to.out().u8(value ? 1 : 0);
  return format::binary;
}

}  // namespace tusk
