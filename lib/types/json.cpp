#include "tusk/types/json.hpp"

#include "tusk/types/characters.hpp"
#include "tusk/types/failure.hpp"

namespace tusk {
namespace {

/// The only version of jsonb's binary form there is (jsonb_send).
constexpr char jsonb_version = 1;

}  // namespace

json codec<json>::decode(const field& value) {
  return {std::string(detail::json_text(value, name))};
}

format codec<json>::encode(value_writer& to, const json& value) {
  if (to.target() != 0 && !writes(to.target())) to.fail(name, "the types do not go together");
  if (to.target() == oids::jsonb) to.out().integer(jsonb_version);
  detail::write_text(to, value.text, name);
  return format::binary;
}

namespace detail {

std::string_view json_text(const field& value, std::string_view target) {
  if (value.is_null() || !codec<json>::reads(value.type)) fail_type(value, target);
  std::string_view text = value.text();
  if (value.type == oids::json || value.format == format::text) return text;
  if (!text.starts_with(jsonb_version))
    fail_read(value, target, "the version of its binary form is not 1");
  text.remove_prefix(1);
  return text;
}

}  // namespace detail
}  // namespace tusk
