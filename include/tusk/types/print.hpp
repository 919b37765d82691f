#pragma once

#include <string>

#include "tusk/types/field.hpp"

namespace tusk {

/// Whether `print` gives a binary value of this type exactly as the server's own text, whatever the
/// session's settings are: bool, the integers, oid, xid, cid, numeric, uuid, json, jsonb, the text
/// types, and arrays of these. Floats (extra_float_digits), dates and times (DateStyle, TimeZone),
/// bytea (bytea_output) and what the catalogs decide are not among them.
[[nodiscard]] bool printable(oid type) noexcept;

/// Whether `print` knows the type in binary at all: the printable ones, and those it prints in the
/// one form that it says.
[[nodiscard]] bool has_printer(oid type) noexcept;

/// The value as text: unchanged when it came as text, else as the server prints it. Dates and times
/// are printed in ISO form and UTC, bytea in hex, floats with the digits that tell them apart.
/// Throws `data_error` for NULL, for malformed values and for types without a printer; those must
/// be asked for as text.
[[nodiscard]] std::string print(const field& value);
/// The same, appended to `out`.
void print(const field& value, std::string& out);

namespace detail {

/// The same value in text, which `text` holds. Throws as `print` does.
[[nodiscard]] field print_as_field(const field& value, std::string& text);

}  // namespace detail

}  // namespace tusk
