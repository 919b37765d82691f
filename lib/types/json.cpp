#include "tusk/types/json.hpp"

#include "tusk/types/characters.hpp"
#include "tusk/types/failure.hpp"

namespace tusk {
namespace {

/// The only version of jsonb's binary form there is (jsonb_send).
constexpr char jsonb_version = 1;

format write(value_writer& to, std::string_view text, oid own, std::string_view source) {
  const oid target = to.target() == 0 ? own : to.target().number();
  if (!codec<json>::writes(target)) to.fail(source, "the types do not go together");
  if (target == oids::jsonb) to.out().integer(jsonb_version);
  detail::write_text(to, text, source);
  return format::binary;
}

}  // namespace

json codec<json>::decode(const field& value) {
  return {std::string(detail::json_text(value, name))};
}

format codec<json>::encode(value_writer& to, const json& value) {
  return write(to, value.text, type, name);
}

jsonb codec<jsonb>::decode(const field& value) {
  return {std::string(detail::json_text(value, name))};
}

format codec<jsonb>::encode(value_writer& to, const jsonb& value) {
  return write(to, value.text, type, name);
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
