#pragma once

#include <memory>

#include "session/connect_plan.hpp"
#include "session/connection.hpp"
#include "session/route.hpp"

namespace tusk::detail {

/// Opens a connection to the first server of the plan that takes it and is of the kind that is
/// wanted: each host, and each of its addresses, in turn, each address within connect_timeout and
/// all within `until`. `options` must outlive the connection. Throws one error that tells what each
/// of them said.
[[nodiscard]] std::unique_ptr<connection> connect(const std::shared_ptr<const connect_plan>& plan,
                                                  const session_options& options,
                                                  const net::deadline& until);

/// Opens another connection to the very server and address that a route leads to, whatever kind of
/// server it is by now. Throws as `connect` does.
[[nodiscard]] std::unique_ptr<connection> connect_again(const route& same,
                                                        const session_options& options,
                                                        const net::deadline& until);

}  // namespace tusk::detail
