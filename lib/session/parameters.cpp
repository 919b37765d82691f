#include "session/parameters.hpp"

#include <string>

#include "tusk/types/print.hpp"

namespace tusk::detail {

namespace {

// A type of the user's own, most likely a domain. What it is made of only the catalogs know, but it
// understands the text of what it is made of.
bool goes_as_text(const parameter_operations& as, oid target) {
  return target != 0 && type_name(target).empty() && has_printer(as.type);
}

format write_as_text(value_writer& to, const parameter& given) {
  proto::writer& out = to.out();
  const std::size_t start = out.size();
  const oid own = given.operations->type;
  value_writer as_own = to.part(own);
  const format written = given.operations->encode(as_own, given.value);
  if (written == format::text || out.status()) return written;
  const bytes_view bytes = out.written().subspan(start);
  const std::string text =
      print(field{bytes.data(), static_cast<std::int32_t>(bytes.size()), own, written, nullptr});
  out.truncate(start);
  out.text(text);
  return format::text;
}

}  // namespace

bool can_be_sent(const parameter_operations& as, oid target) {
  return as.writes(target) || goes_as_text(as, target);
}

format write_parameter(value_writer& to, const parameter& given) {
  if (!given.operations->writes(to.target())) return write_as_text(to, given);
  return given.operations->encode(to, given.value);
}

}  // namespace tusk::detail
