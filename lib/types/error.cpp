#include "tusk/error.hpp"

#include <utility>

#include "types/error_position.hpp"

namespace tusk {
namespace {

/// Which element of a batch it concerns; empty for what is no batch.
std::string element_of(const error_details& details) {
  if (!details.element) return {};
  const std::uint64_t first = *details.element;
  if (details.elements <= 1) return "in element " + std::to_string(first) + " (from 0)";
  return "in one of the elements " + std::to_string(first) + " to " +
         std::to_string(first + details.elements - 1) + " (from 0)";
}

/// One line: severity, message and SQLSTATE for the server's errors, the sentence for our own.
std::string one_line(const error_details& details) {
  std::string line;
  if (!details.severity.empty()) line.append(details.severity).append(": ");
  line.append(details.message);
  if (!details.code.empty()) line.append(" (").append(details.code.text()).append(")");
  if (details.element) line.append(" ").append(element_of(details));
  return line;
}

std::shared_ptr<const error_details> shared(error_details&& details) {
  return std::make_shared<const error_details>(std::move(details));
}

void append_field(std::string& to, std::string_view label, std::string_view text) {
  if (!text.empty()) to.append(label).append(":  ").append(text).append("\n");
}

enum class family : std::uint8_t {
  operational,
  in_doubt,
  programming,
  integrity,
  data,
  internal,
  unsupported
};

family family_of_class(std::string_view code) noexcept {
  for (const std::string_view one : {"08", "25", "40", "53", "55", "57", "58", "F0"})
    if (code == one) return family::operational;
  if (code == "23" || code == "44") return family::integrity;
  if (code == "21" || code == "22") return family::data;
  if (code == "XX") return family::internal;
  if (code == "0A") return family::unsupported;
  return family::programming;
}

family family_of(const error_details& details) noexcept {
  switch (details.kind) {
    case error_kind::server: return family_of_class(details.code.class_code());
    case error_kind::connect:
    case error_kind::connection_lost:
    case error_kind::timeout:
    case error_kind::skipped:
    case error_kind::cancelled:
    case error_kind::rolled_back: return family::operational;
    case error_kind::in_doubt: return family::in_doubt;
    case error_kind::protocol: return family::internal;
    case error_kind::usage: return family::programming;
    case error_kind::conversion: return family::data;
  }
  return family::internal;
}

}  // namespace

error::error(error_details details)
    : std::runtime_error(one_line(details)), details_(shared(std::move(details))) {}

namespace {

/// Enough of a statement to recognise it by, cut between characters.
std::string beginning(std::string_view statement) {
  constexpr std::size_t most = 300;
  if (statement.size() <= most) return std::string(statement);
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(statement[end]) & 0xC0U) == 0x80U)
    --end;
  return std::string(statement.substr(0, end)).append("...");
}

/// Which statement of a script it is; empty for what is no script.
std::string place_of(const error_details& details) {
  if (!details.in_script) return {};
  const script_place& place = *details.in_script;
  return "statement " + std::to_string(place.index) + " (from 0), line " +
         std::to_string(place.line) + ": " + beginning(place.text);
}

}  // namespace

std::string error::report() const {
  const error_details& known = *details_;
  std::string out = known.severity.empty() ? "ERROR" : known.severity;
  out.append(":  ").append(known.message);
  if (!known.code.empty()) out.append(" (").append(known.code.text()).append(")");
  out.append("\n");
  // A position in the internal query is the nearer one when both are there.
  if (known.internal_position > 0 && !known.internal_query.empty()) {
    append_position(out, known.internal_query, known.internal_position);
  } else if (known.position > 0 && !known.statement.empty()) {
    append_position(out, known.statement, known.position, known.statement_encoding);
  }
  append_field(out, "DETAIL", known.detail);
  append_field(out, "HINT", known.hint);
  append_field(out, "QUERY", known.internal_query);
  append_field(out, "CONTEXT", known.where);
  append_field(out, "BATCH", element_of(known));
  append_field(out, "SCRIPT", place_of(known));
  // The server's errors point into the statement, or concern something else.
  if (known.kind != error_kind::server) append_field(out, "STATEMENT", beginning(known.statement));
  return out;
}

bool is_transient(const sqlstate_code& code) noexcept {
  for (const std::string_view one : {"08", "53"})
    if (code.class_code() == one) return true;
  for (const std::string_view one : {"25P03", "25P04", "40001", "40P01", "55000", "55006", "55P03",
                                     "57P01", "57P02", "57P03", "57P05", "58000", "58030"})
    if (code.text() == one) return true;
  return false;
}

bool error::is_transient() const noexcept {
  switch (kind()) {
    case error_kind::connection_lost:
    case error_kind::timeout: return true;
    case error_kind::connect: return sqlstate().empty() || tusk::is_transient(sqlstate());
    case error_kind::server:
    case error_kind::skipped: return tusk::is_transient(sqlstate());
    default: return false;
  }
}

void raise(error_details details) {
  switch (family_of(details)) {
    case family::operational: throw operational_error(std::move(details));
    case family::in_doubt: throw in_doubt_error(std::move(details));
    case family::programming: throw programming_error(std::move(details));
    case family::integrity: throw integrity_error(std::move(details));
    case family::data: throw data_error(std::move(details));
    case family::internal: throw internal_error(std::move(details));
    case family::unsupported: throw not_supported_error(std::move(details));
  }
  throw internal_error(std::move(details));
}

}  // namespace tusk
