#pragma once

#include <span>

#include "copy_arguments.hpp"
#include "row_splitter.hpp"
#include "tusk/copy_in.hpp"

namespace cli {

/// `tusk copy-in`: loads a file or standard input into a table. Gives the exit status. Throws
/// usage_error, tusk::error and std::runtime_error for what ends it.
[[nodiscard]] int run_copy_in(std::span<const char* const> words);

/// What is asked of the server. A header is the server's to skip, or was left out already.
[[nodiscard]] tusk::copy_into target_of(const copy_in_arguments& asked, bool has_header);

/// How the input is to be cut into rows, for a server of this version (as session::server_version).
[[nodiscard]] splitting splitting_of(const copy_in_arguments& asked, int server_version);

}  // namespace cli
