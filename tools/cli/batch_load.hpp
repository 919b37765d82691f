#pragma once

#include <vector>

#include "cancel_on_signal.hpp"
#include "copy_arguments.hpp"
#include "copy_file.hpp"
#include "time_limit.hpp"
#include "tusk/session.hpp"

namespace cli {

/// `tusk copy-in --jobs`: cuts the input into batches, has the sessions load them, and tells what
/// became of them. Gives the exit status.
[[nodiscard]] int load_batches(const copy_in_arguments& asked, copy_source& from,
                               const time_limit& limit, cancel_on_signal& stop,
                               std::vector<tusk::session> sessions);

}  // namespace cli
