#pragma once

#include "arguments.hpp"
#include "output.hpp"

namespace cli {

/// Runs `tusk query`. Notices go to standard error as they are known from psql. Throws tusk::error
/// and output_error.
void run_query(const query_arguments& asked, output& to);

}  // namespace cli
