#include "copy_failure.hpp"

#include <algorithm>
#include <utility>

namespace cli {
namespace {

/// Puts another line into `COPY t, line 3, column c: "x"`, of whatever language: it is the first
/// number behind the table's name.
void renumber(std::string& context, std::uint64_t from, std::uint64_t to) {
  const std::string said = " " + std::to_string(from);
  const std::size_t name_end = std::min(context.find(", "), context.find("、"));
  const std::size_t at = context.find(said, name_end);
  if (at == std::string::npos) return;
  const std::size_t end = at + said.size();
  if (end < context.size() && context[end] >= '0' && context[end] <= '9') return;
  context.replace(at + 1, said.size() - 1, std::to_string(to));
}

}  // namespace

std::string report_at(const tusk::error& failed, const std::string& file, tusk::copy_format format,
                      std::uint64_t line) {
  if (line == 0) return failed.report();
  tusk::error_details details = failed.details();
  renumber(details.where, details.copy_line, line);
  const bool rows = format == tusk::copy_format::binary;
  std::string text = file + (rows ? ": row " : ":") + std::to_string(line) + ": ";
  const std::string& column = details.copy_column.empty() ? details.column : details.copy_column;
  if (!column.empty()) text += "column \"" + column + "\": ";
  return text + tusk::error(std::move(details)).report();
}

bool is_of_data(const tusk::error& failed) noexcept {
  return failed.kind() == tusk::error_kind::server && failed.session_usable() &&
         failed.details().copy_line != 0;
}

bool may_be_done(const tusk::error& failed) noexcept {
  switch (failed.kind()) {
    case tusk::error_kind::in_doubt:
    case tusk::error_kind::connection_lost:
    case tusk::error_kind::timeout:
    case tusk::error_kind::protocol: return !failed.session_usable() && !failed.safe_to_retry();
    default: return false;
  }
}

}  // namespace cli
