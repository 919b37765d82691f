#include "tusk/quote.hpp"

#include "session/quoting.hpp"

namespace tusk {

std::string quote_identifier(std::string_view name) {
  return detail::quoted_name(name, {});
}

std::string quote_identifier(std::string_view schema, std::string_view name) {
  return detail::quoted_name(schema, name, {});
}

std::string quote_literal(std::string_view text) {
  return detail::quoted_literal(text, {});
}

std::string quote_nullable(const std::optional<std::string_view>& text) {
  return text ? quote_literal(*text) : "NULL";
}

std::string quote_bytea(bytes_view bytes) {
  return detail::quoted_bytea(bytes);
}

std::string escape_like(std::string_view text, char escape) {
  return detail::escaped_for_like(text, escape, "UTF8");
}

}  // namespace tusk
