#include "tusk/types/xml.hpp"

#include "tusk/types/characters.hpp"
#include "tusk/types/failure.hpp"

namespace tusk {
namespace {

/// What xml_out prints, of what xml_send sends: that one puts a declaration with the client's
/// encoding in front where this is not UTF-8, and sends the same otherwise.
std::string without_encoding(std::string_view sent) {
  constexpr std::string_view opening = "<?xml version=\"";
  constexpr std::string_view attribute = " encoding=\"";
  const std::string_view declaration = sent.substr(0, sent.find("?>"));
  const std::size_t from = declaration.find(attribute);
  if (!sent.starts_with(opening) || from == std::string_view::npos) return std::string(sent);
  const std::size_t quote = declaration.find('"', from + attribute.size());
  if (quote == std::string_view::npos) return std::string(sent);
  std::string text(sent);
  text.erase(from, quote + 1 - from);
  // All that is left of it may go without saying (print_xml_decl), its end of line too.
  constexpr std::string_view plain = "<?xml version=\"1.0\"?>";
  if (!text.starts_with(plain)) return text;
  text.erase(0, text.starts_with(std::string(plain) + '\n') ? plain.size() + 1 : plain.size());
  return text;
}

}  // namespace

xml codec<xml>::decode(const field& value) {
  if (value.is_null() || !reads(value.type)) detail::fail_type(value, name);
  if (value.format == format::text) return {std::string(value.text())};
  return {without_encoding(value.text())};
}

format codec<xml>::encode(value_writer& to, const xml& value) {
  if (to.target() != 0 && !writes(to.target())) to.fail(name, "the types do not go together");
  return detail::write_text(to, value.text, name);
}

}  // namespace tusk
