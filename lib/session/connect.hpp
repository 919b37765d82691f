#pragma once

#include <memory>

#include "session/connection.hpp"
#include "tusk/conninfo.hpp"

namespace tusk::detail {

/// Opens a connection to what `to` says, whose defaults are filled in: every address of the host in
/// turn, each within connect_timeout and all within `until`. Throws one error of kind `connect`
/// that tells what each address said.
[[nodiscard]] std::unique_ptr<connection> connect(const conninfo& to,
                                                  const session_options& options,
                                                  const net::deadline& until);

}  // namespace tusk::detail
