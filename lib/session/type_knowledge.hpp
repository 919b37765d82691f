#pragma once

#include "tusk/types/field.hpp"

namespace tusk::net {
class deadline;
}

namespace tusk::detail {

class session_core;
struct prepared_statement;

/// What a call knows of types, and whether it may ask the server for more: not while answers to
/// something else are still to come.
struct type_knowledge {
  session_core& core;
  const net::deadline* until = nullptr;  ///< how long asking may take; null when it must not ask

  /// Finds out what it can of a statement's parameters and columns, once.
  void learn(prepared_statement& of) const;
  /// What is known already of a column's type.
  void fill(column& each) const;
  /// How DateStyle orders day and month.
  [[nodiscard]] date_order dates() const noexcept;
};

}  // namespace tusk::detail
