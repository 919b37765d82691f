#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <vector>

#include "session/row_collector.hpp"
#include "session/session_core.hpp"
#include "tusk/batch.hpp"

namespace tusk::detail {

/// One Sync group in which statements go out, and their answers come, piece by piece.
struct batch_state {
  /// A statement that carries several elements.
  struct piece {
    std::uint64_t first;
    std::uint64_t elements;
    std::uint64_t parses;  ///< asked for up to here, its own included
  };
  /// Whose exception it is that comes now.
  enum class step : std::uint8_t {
    taking,   ///< the range's
    writing,  ///< an element's: it cannot be converted
    sending,  ///< the connection's
  };

  in_flight sent{};
  step now = step::writing;
  bool on_its_way = false;              ///< something may have been sent
  std::uint64_t elements = 0;           ///< written
  std::uint64_t statements = 0;         ///< written
  std::vector<piece> pieces{};          ///< of each statement, where they carry several elements
  std::uint64_t parses = 0;             ///< asked for
  std::uint64_t parsed = 0;             ///< answered
  std::uint64_t answered = 0;           ///< statements
  std::uint64_t rows = 0;               ///< of all tags together
  std::vector<std::uint64_t> counts{};  ///< of each statement
  row_collector* returned = nullptr;    ///< where rows go; null when nobody wants them
  std::optional<error_details> failed{};
  std::exception_ptr thrown_by_range{};  ///< rethrown as it is when the group has ended

  /// Takes the next element, if there is one.
  bool take(const row_pull& from, std::span<const parameter>& row) {
    now = step::taking;
    const bool found = from.next(from.context, row);
    now = step::writing;
    return found;
  }
};

/// What was declared holds for all elements; only `dynamic_parameters` can differ. Throws
/// `programming_error`.
void require_same_types(const prepared_statement& of, std::span<const parameter> row);

}  // namespace tusk::detail
