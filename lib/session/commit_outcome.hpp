#pragma once

#include <string>

#include "net/deadline.hpp"
#include "session/route.hpp"
#include "tusk/options.hpp"

namespace tusk::detail {

class connection;

/// What is known of a transaction before its COMMIT is sent.
struct transaction_mark {
  bool asked = false;      ///< whether it was asked for
  std::string id{};        ///< as a decimal number of 64 bits; empty when it has written nothing
  std::string timeline{};  ///< of the server that gave the id; empty when that cannot say
};

/// What became of it.
enum class commit_outcome : std::uint8_t { committed, rolled_back, unknown };

struct found_outcome {
  commit_outcome what = commit_outcome::unknown;
  std::string why{};  ///< it is not known, as a sentence
};

/// The id of the transaction that is open on the line; empty when it has none, for it has written
/// nothing. Throws what `connection::ask` does.
[[nodiscard]] std::string id_of_transaction(connection& line, const net::deadline& until);

/// The timeline that the server writes; empty for a standby. Throws what `connection::ask` does.
[[nodiscard]] std::string timeline_of(connection& line, const net::deadline& until);

/// Asks the server at the other end of the route, over a connection of its own, what became of a
/// transaction, again and again until it knows or the deadline passes.
[[nodiscard]] found_outcome find_outcome(const route& same, const session_options& options,
                                         const transaction_mark& mark,
                                         const net::deadline& until) noexcept;

}  // namespace tusk::detail
