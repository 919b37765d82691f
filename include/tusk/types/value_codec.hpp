#pragma once

#include "tusk/types/single_type.hpp"

namespace tusk::detail {

/// The forms of one type (lib/types/value_wire.hpp).
template <class T>
struct value_wire;

/// What the codecs share of value classes that stand for one PostgreSQL type, have a binary form
/// and a `parse`. The two functions are compiled once, beside the class.
template <class T, oid Type, oid ArrayType>
struct value_codec : single_type<Type, ArrayType> {
  /// Throws `data_error` for NULL, for another type, and for what is malformed.
  static T decode(const field& value);
  /// Writes the binary form where the server takes it. Throws `data_error` when `value` is one that
  /// the server cannot hold.
  static format encode(value_writer& to, const T& value);
};

}  // namespace tusk::detail
