#include <algorithm>
#include <array>

#include "tusk/types/characters.hpp"
#include "tusk/types/composite.hpp"
#include "tusk/types/failure.hpp"
#include "types/composite_text.hpp"

// Composites as the server reads them: record_recv and record_in.
namespace tusk::detail {
namespace {

/// The messages of a text that belongs to no parameter are the same as those of one that does.
[[noreturn]] void fail(const composite_writing& as, type_ref to, const std::string& reason) {
  proto::writer nowhere({});
  value_writer(nowhere, to, 0).fail(as.name, reason);
}

/// The member that goes to an attribute, by its name or its place.
std::size_t member_for(const composite_writing& as, const std::vector<attribute>& attributes,
                       std::size_t index, type_ref to) {
  if (as.members.empty()) return index;
  const std::string& name = attributes[index].name;
  if (index < as.members.size() && as.members[index] == name) return index;
  const auto found = std::find(as.members.begin(), as.members.end(), name);
  if (found == as.members.end())
    fail(as, to, "the attribute \"" + name + "\" has no member of that name in the struct");
  return static_cast<std::size_t>(found - as.members.begin());
}

void check_attributes(const composite_writing& as, const std::vector<attribute>& attributes,
                      type_ref to) {
  for (const std::string_view name : as.members) {
    if (std::none_of(attributes.begin(), attributes.end(),
                     [&](const attribute& each) { return each.name == name; }))
      fail(as, to, "there is no attribute for the struct's member \"" + std::string(name) + '"');
  }
  if (as.members.empty() && attributes.size() != as.attributes.size())
    fail(as, to,
         "the type has " + std::to_string(attributes.size()) + " attributes and the struct " +
             std::to_string(as.attributes.size()) + " members");
}

type_ref accepted_type(const attribute& known, const attribute_writing& as,
                       const composite_writing& whole, type_ref to) {
  const auto fits = as.sent_as(known.ref());
  if (!fits) {
    fail(whole, to,
         "its attribute \"" + known.name + "\" (" + type_label(known.ref()) + ") cannot take a " +
             std::string(as.name));
  }
  return *fits;
}

/// False when a member goes as text only: everything has been taken back.
bool write_binary(value_writer& to, const composite_writing& as,
                  std::span<const void* const> values) {
  const std::vector<attribute>& attributes = to.target().info()->attributes;
  proto::writer& out = to.out();
  const std::size_t start = out.size();
  out.i32(static_cast<std::int32_t>(attributes.size()));
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    const std::size_t member = member_for(as, attributes, i, to.target());
    const attribute_writing& one = *as.attributes[member];
    const type_ref accepted = accepted_type(attributes[i], one, as, to.target());
    out.u32(attributes[i].type);
    if (one.is_null(values[member])) {
      out.i32(-1);
      continue;
    }
    const std::size_t at = out.open_length();
    value_writer place = to.part(accepted);
    if (one.encode(place, values[member]) == format::text && !is_text_in_binary(accepted)) {
      out.truncate(start);
      return false;
    }
    out.close_value(at);
  }
  return true;
}

/// The same, after checking that the struct fits. What does not may fit what the type has become
/// since it was looked up, so it is looked up again before the next statement.
bool write_known(value_writer& to, const composite_writing& as,
                 std::span<const void* const> values) {
  const type_info& known = *to.target().info();
  try {
    check_attributes(as, known.attributes, to.target());
    return write_binary(to, as, values);
  } catch (...) {
    known.note_outdated();
    throw;
  }
}

}  // namespace

format write_composite(value_writer& to, const composite_writing& as,
                       std::span<const void* const> values) {
  const type_ref target = to.target();
  if (target != 0 && !is_any_composite(target)) to.fail(as.name, "the types do not go together");
  if (target != 0) {
    if (write_known(to, as, values)) return format::binary;
  } else if (!as.members.empty()) {
    to.fail(as.name,
            "in which order its attributes are is not known here; use statement_mode::prepared, or "
            "say by_position in its tusk::composite_type");
  }
  to.out().text(composite_text(as, values, target));
  return format::text;
}

std::string composite_text(const composite_writing& as, std::span<const void* const> values,
                           type_ref to) {
  const bool known = is_any_composite(to);
  if (!known && !as.members.empty()) {
    fail(as, to,
         "in which order its attributes are is not known here; use statement_mode::prepared, or "
         "say by_position in its tusk::composite_type");
  }
  if (known) check_attributes(as, to.info()->attributes, to);
  const std::size_t count = known ? to.info()->attributes.size() : values.size();
  std::string out = "(";
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) out.push_back(',');
    const std::size_t member = known ? member_for(as, to.info()->attributes, i, to) : i;
    const attribute_writing& one = *as.attributes[member];
    const type_ref part = known ? accepted_type(to.info()->attributes[i], one, as, to) : type_ref();
    if (one.is_null(values[member])) continue;
    append_attribute(one.to_text(values[member], part), out);
  }
  out.push_back(')');
  return out;
}

}  // namespace tusk::detail
