#include "tusk/types/enumeration.hpp"

#include <algorithm>

#include "tusk/types/failure.hpp"

namespace tusk::detail {
namespace {

std::string without_label(std::int64_t value) {
  return "its value " + std::to_string(value) + " has no label in tusk::enum_type";
}

}  // namespace

bool is_enum_called(type_ref type, std::string_view name) noexcept {
  const bool is_nowhere = type.info() != nullptr && type.kind() == type_kind::unknown;
  return type.is(name) || is_nowhere;
}

std::size_t find_label(const field& value, std::span<const std::string_view> labels,
                       std::string_view name) {
  if (value.is_null()) fail_type(value, name);
  const std::string_view label = value.text();  // in binary, too: enum_send
  const auto found = std::find(labels.begin(), labels.end(), label);
  if (found == labels.end()) fail_text(value, name, "a label in its tusk::enum_type");
  return static_cast<std::size_t>(found - labels.begin());
}

format write_label(value_writer& to, std::string_view label, std::string_view name) {
  const type_ref target = to.target();
  if (target != 0 && !is_enum_called(target, name)) to.fail(name, "the types do not go together");
  to.out().text(label);
  return target.kind() == type_kind::enumeration ? format::binary : format::text;
}

void fail_unlabelled(const value_writer& to, std::string_view name, std::int64_t value) {
  to.fail(name, without_label(value));
}

void fail_unlabelled(std::string_view name, std::int64_t value) {
  fail_conversion(name, without_label(value));
}

}  // namespace tusk::detail
