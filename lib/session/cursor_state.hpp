#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tusk/cursor.hpp"
#include "tusk/options.hpp"
#include "tusk/row_traits.hpp"

namespace tusk::detail {

/// A cursor that was opened, and how far it has come.
struct cursor_state {
  std::string name;
  std::string sql;
  call_options options;  ///< of each fetch
  std::uint32_t fetch_size = 0;
  bool scroll = false;
  bool hold = false;
  bool declared = false;          ///< by DECLARE, else it is a portal of the protocol
  bool as_text = false;           ///< all by the simple protocol
  std::uint64_t scope = 0;        ///< the transaction or savepoint that it was opened on
  std::uint64_t transaction = 0;  ///< the core's count of transactions when it was opened
  std::uint64_t connection = 0;   ///< the core's count of connections
  std::shared_ptr<const column_set> columns;
  std::vector<format> codes;  ///< to ask a declared one's columns for
  std::uint64_t rows = 0;     ///< fetched so far
  bool done = false;          ///< it stands behind the last row
  bool lost = false;          ///< a fetch has failed: nobody knows where it stands
};

/// A portal that is to be closed on the server.
struct left_portal {
  std::string name;
  bool hold = false;
};

}  // namespace tusk::detail
