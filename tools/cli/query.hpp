#pragma once

#include <chrono>
#include <string>

#include "arguments.hpp"
#include "output.hpp"
#include "tusk/conninfo.hpp"
#include "tusk/error.hpp"
#include "tusk/session.hpp"

namespace cli {

/// Runs `tusk query`. Notices go to standard error as they are known from psql. Throws tusk::error
/// and output_error.
void run_query(const query_arguments& asked, output& to);

/// Throws an error of kind `timeout` again, with the limit for the whole in it.
[[noreturn]] void raise_late(const tusk::error& late, std::chrono::milliseconds whole);

/// Where a DSN leads, as the program that the server shows to be called `tusk`.
[[nodiscard]] tusk::conninfo where_to(const std::string& dsn);

/// Takes the session's notices and writes them to standard error.
void show_notices(tusk::session& db);

}  // namespace cli
