#pragma once

#include "tusk/types/codec.hpp"

namespace tusk::detail {

/// The part of a codec that says so: one type of the server's, in binary, both ways.
template <oid Type, oid ArrayType>
struct single_type {
  static constexpr oid type = Type;
  static constexpr oid array_type = ArrayType;

  static bool reads(oid from) noexcept { return from == Type; }
  static bool writes(oid to) noexcept { return to == Type; }
  static format read_format(oid) noexcept { return format::binary; }
};

}  // namespace tusk::detail
