#pragma once

#include <string>

#include "tusk/types/field.hpp"

namespace tusk {

/// Whether `print` gives a binary value of this type exactly as the server's own text, whatever the
/// session's settings and the server's version are: bool, the integers, oid, xid, cid, xid8,
/// numeric, uuid, json, jsonb, jsonpath, time, timetz, inet, cidr, macaddr, macaddr8, bit, varbit,
/// tsvector, tsquery, pg_lsn, tid, pg_snapshot, the text types, enums and domains that the catalogs
/// were asked about, ranges and multiranges of numbers, and arrays of all these. Not among them are
/// floats and geometric types (extra_float_digits), dates, timestamps and intervals (DateStyle,
/// IntervalStyle, TimeZone), bytea (bytea_output), money (lc_monetary), "char" (the version), xml
/// (client_encoding), composites (the locale), and the reg types, whose names the catalogs have.
[[nodiscard]] bool printable(type_ref type) noexcept;

/// Whether `print` knows the type in binary at all: the printable ones, and those it prints in the
/// one form that it says. An anonymous record is printed when all that is in it is, which its type
/// does not say: this is false for it.
[[nodiscard]] bool has_printer(type_ref type) noexcept;

/// The value as text: unchanged when it came as text, else as the server prints it. Dates and times
/// are printed in ISO form and UTC, intervals in style postgres, bytea in hex, floats with the
/// digits that tell them apart. Throws `data_error` for NULL, for malformed values and for types
/// without a printer; those must be asked for as text.
[[nodiscard]] std::string print(const field& value);
/// The same, appended to `out`.
void print(const field& value, std::string& out);

namespace detail {

/// The same value in text, which `text` holds. Throws as `print` does.
[[nodiscard]] field print_as_field(const field& value, std::string& text);

}  // namespace detail

}  // namespace tusk
