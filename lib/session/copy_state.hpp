#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "net/deadline.hpp"
#include "session/copy_options.hpp"
#include "session/statement_mark.hpp"
#include "tusk/copy_in.hpp"
#include "tusk/copy_out.hpp"
#include "tusk/proto/format.hpp"
#include "tusk/row.hpp"

namespace tusk::detail {

/// What the server says about a COPY's data when it begins, and what was asked of it.
struct copy_facts : copy_layout {
  std::size_t columns = 0;

  /// Whether the data has something before its first row. In text and CSV that is known to be there
  /// only when the names are.
  [[nodiscard]] bool begins_with_header(bool names_are_known) const noexcept {
    return format == copy_format::binary || (style.header && names_are_known);
  }
  /// The server knows what the data is; CSV it calls text.
  void heed(tusk::format overall) noexcept {
    if (overall == tusk::format::binary) {
      format = copy_format::binary;
    } else if (format == copy_format::binary) {
      format = copy_format::text;
    }
  }
};

/// An open COPY FROM STDIN, shared by the session and the caller's handle.
struct copy_in_state : copy_feed {
  /// What has been given so far.
  enum class content : std::uint8_t { nothing, rows, bytes };

  std::string sql{};
  std::string table{};              ///< as messages call it; empty for SQL text
  std::string select{};             ///< whose columns are those copied; likewise
  std::vector<column> described{};  ///< the columns, in their order; empty for SQL text
  copy_facts facts{};
  net::deadline until{};
  bool extended = true;  ///< the statement's Sync is still to be sent
  bool open = false;
  bool filling = false;    ///< a CopyData is open
  bool pulling = false;    ///< a source of bytes is filling it, and may do nothing else
  bool finishing = false;  ///< the server has been told that the data is complete
  content given = content::nothing;
  std::optional<copy_row_writer> rows{};
  std::size_t begun = 0;    ///< where the length of the open CopyData is
  std::uint64_t bytes = 0;  ///< of data, in the messages before the open one
  std::uint64_t taken = 0;  ///< rows, by the server's count, when it is finished
  statement_mark running{};
};

}  // namespace tusk::detail
