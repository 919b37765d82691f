#include "row_splitter.hpp"

#include "line_splitter.hpp"
#include "tuple_splitter.hpp"

namespace cli {

std::unique_ptr<row_splitter> make_row_splitter(const splitting& how) {
  if (how.format == tusk::copy_format::binary) return std::make_unique<tuple_splitter>();
  return std::make_unique<line_splitter>(how);
}

std::uint64_t line_in_editor(const splitting& how, std::string_view piece,
                             std::uint64_t server_line) {
  const auto splitter = make_row_splitter(how);
  while (const auto end = splitter->row_end(piece)) {
    if (splitter->lines_for_server() >= server_line) return splitter->lines();
    piece.remove_prefix(*end);
  }
  const bool last = splitter->ends_with_row();
  return last && splitter->lines_for_server() >= server_line ? splitter->lines() : server_line;
}

}  // namespace cli
