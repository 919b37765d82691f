#include "types/copy_failure.hpp"

#include <string>

#include "tusk/error.hpp"

namespace tusk::detail {

void fail_copy_data(const copy_place& place, std::string_view reason) {
  error_details details;
  const bool is_binary = place.format == copy_format::binary;
  details.kind = is_binary ? error_kind::protocol : error_kind::conversion;
  details.message = "COPY data";
  if (place.row != 0) details.message.append(", row ").append(std::to_string(place.row));
  if (place.field != 0) details.message.append(", field ").append(std::to_string(place.field));
  details.message.append(": ").append(reason);
  raise(std::move(details));
}

void fail_copy_width(const copy_place& place, std::uint32_t found, bool or_more,
                     std::uint32_t wanted) {
  std::string reason = "it has " + std::to_string(found);
  reason.append(or_more ? " fields or more" : found == 1 ? " field" : " fields");
  reason.append(" where the COPY has ").append(std::to_string(wanted));
  if (place.format != copy_format::binary)
    reason.append("; is the delimiter the one that the COPY was given?");
  fail_copy_data(place, reason);
}

}  // namespace tusk::detail
