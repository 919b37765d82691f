#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "tusk/proto/reader.hpp"
#include "tusk/types/failure.hpp"
#include "tusk/types/value_codec.hpp"

namespace tusk::detail {

/// The forms of one type, for `value_codec`. A specialisation has
///   what      what its text is, for messages: "a point"
///   parse     reads the server's text
///   read      reads the binary form; gives the reason why it cannot, or nothing. Bytes that are
///             missing or left over need no reason.
///   write     writes the binary form; calls to.fail() for what the server cannot hold
///   has_text_only   optional: whether the server takes this value as text only

template <class T, oid Type, oid ArrayType>
T value_codec<T, Type, ArrayType>::decode(const field& value) {
  constexpr std::string_view name = codec<T>::name;
  if (value.is_null() || !codec<T>::reads(value.type)) fail_type(value, name);
  if (value.format == format::text) {
    std::optional<T> parsed = value_wire<T>::parse(value.text());
    if (!parsed) fail_text(value, name, value_wire<T>::what);
    return *std::move(parsed);
  }
  proto::reader in(value.bytes());
  T result;
  const std::string_view reason = value_wire<T>::read(in, result);
  if (!reason.empty()) fail_read(value, name, reason);
  if (in.finish()) fail_size(value, name);
  return result;
}

template <class T, oid Type, oid ArrayType>
format value_codec<T, Type, ArrayType>::encode(value_writer& to, const T& value) {
  if (to.target() != 0 && !codec<T>::writes(to.target()))
    to.fail(codec<T>::name, "the types do not go together");
  if constexpr (requires { value_wire<T>::has_text_only(value); }) {
    if (value_wire<T>::has_text_only(value)) {
      to.out().text(value.to_string());
      return format::text;
    }
  }
  value_wire<T>::write(to, value);
  return format::binary;
}

}  // namespace tusk::detail
