#pragma once

#include <optional>
#include <vector>

#include "tusk/error.hpp"
#include "tusk/result.hpp"

namespace tusk {

/// What became of a script: the results of the statements that were run, and where and why it
/// stopped, if it did.
///
/// The results stand even where the script has failed; what the statements did may not: without
/// BEGIN in it, the whole script is one transaction and rolled back. A syntax error anywhere keeps
/// all of it from being run.
struct script_outcome {
  /// One for each statement that was answered; one without rows has no columns. When time was up or
  /// the connection was lost, more statements may have been carried out than have results.
  std::vector<result<row>> results{};
  /// Why it stopped; `error_details::in_script` says where. As a mere `error`: `kind()` and
  /// `sqlstate()` tell what `script` would have thrown.
  std::optional<error> failed{};

  /// Whether all of it was run.
  [[nodiscard]] bool ok() const noexcept { return !failed.has_value(); }
};

}  // namespace tusk
