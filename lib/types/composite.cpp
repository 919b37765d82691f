#include "tusk/types/composite.hpp"

#include <algorithm>

#include "tusk/types/failure.hpp"

namespace tusk::detail {

bool is_any_composite(type_ref type) noexcept {
  return type.kind() == type_kind::composite;
}

bool is_composite_called(type_ref type, std::string_view name) noexcept {
  return is_any_composite(type) && type.is(name);
}

// Binary when every part can come so. What is not known yet is asked for in binary, too: most types
// have that form, and it is the one that no setting changes.
format composite_format(type_ref from, const composite_reading& as) noexcept {
  const bool in_order = as.members.empty();
  if (from.info() == nullptr) {
    // A record's fields have nothing but OIDs, which do not do for types of the catalogs.
    const bool by_oid = std::all_of(as.attributes.begin(), as.attributes.end(),
                                    [](const auto* each) { return each->reads_own_type; });
    return from == oids::record && !by_oid ? format::text : format::binary;
  }
  const std::vector<attribute>& attributes = from.info()->attributes;
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    const auto named = std::find(as.members.begin(), as.members.end(), attributes[i].name);
    const auto member = in_order ? i : static_cast<std::size_t>(named - as.members.begin());
    if (member >= as.attributes.size()) continue;  // refused when it is read
    const auto fits = as.attributes[member]->read_as(attributes[i].ref());
    if (fits && as.attributes[member]->read_format(*fits) == format::text) return format::text;
  }
  return format::binary;
}

}  // namespace tusk::detail
