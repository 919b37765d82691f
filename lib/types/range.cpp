#include "tusk/types/range.hpp"

#include <algorithm>

#include "tusk/types/failure.hpp"
#include "types/array_wire.hpp"
#include "types/ascii.hpp"
#include "types/range_literal.hpp"
#include "types/range_wire.hpp"

namespace tusk::detail {
namespace {

/// As range_bound_escape of PostgreSQL decides.
bool needs_quotes(std::string_view bound) noexcept {
  constexpr std::string_view special = "\"\\()[],";
  if (bound.empty()) return true;
  return std::any_of(bound.begin(), bound.end(), [special](char c) {
    return special.find(c) != std::string_view::npos || ascii::is_space(c);
  });
}

void append_bound(std::string_view bound, std::string& out) {
  if (!needs_quotes(bound)) {
    out.append(bound);
    return;
  }
  out.push_back('"');
  for (const char c : bound) {
    if (c == '"' || c == '\\') out.push_back(c);
    out.push_back(c);
  }
  out.push_back('"');
}

}  // namespace

std::string range_text(std::uint8_t flags, std::string_view lower, std::string_view upper) {
  if ((flags & range_flag::empty) != 0) return "empty";
  std::string out((flags & range_flag::lower_inclusive) != 0 ? "[" : "(");
  if ((flags & range_flag::lower_infinite) == 0) append_bound(lower, out);
  out.push_back(',');
  if ((flags & range_flag::upper_infinite) == 0) append_bound(upper, out);
  out.push_back((flags & range_flag::upper_inclusive) != 0 ? ']' : ')');
  return out;
}

range_reader::range_reader(const field& value, type_ref subtype, std::string_view target)
    : value_(value), target_(target) {
  if (value.is_null()) fail_type(value, target);
  if (value.format == format::text) {
    open_text();
    lower_.type = subtype;
    upper_.type = subtype;
    return;
  }
  const binary_range range = read_range(value, subtype, target);
  flags_ = range.flags;
  lower_ = range.lower;
  upper_ = range.upper;
  lower_.type = subtype;  // also where there is no bound
}

void range_reader::open_text() {
  std::string_view rest = value_.text();
  const std::optional<range_literal> range = take_range(rest);
  if (!range || !rest.empty()) fail_text(value_, target_, "a range");
  flags_ = range->flags;
  const auto open = [this](const bound_literal& bound, std::string& copy) {
    if (!bound.is_escaped) return text_field(bound.text);
    has_copy_ = true;
    unescape_bound(bound.text, copy);
    return text_field(copy);
  };
  const bool is_empty = (flags_ & range_flag::empty) != 0;
  if (!is_empty && (flags_ & range_flag::lower_infinite) == 0)
    lower_ = open(range->lower, lower_text_);
  if (!is_empty && (flags_ & range_flag::upper_infinite) == 0)
    upper_ = open(range->upper, upper_text_);
  lower_.origin = value_.origin;
  upper_.origin = value_.origin;
}

type_ref range_reader::bound_as(std::optional<type_ref> (*read_as)(type_ref)) const {
  const std::optional<type_ref> as = read_as(lower_.type);
  if (!as) fail_read(value_, target_, "its bounds are of " + type_label(lower_.type));
  return *as;
}

void range_reader::fail_copy() const {
  fail_read(value_, target_, "a bound is escaped in the text; read a range of std::string");
}

multirange_reader::multirange_reader(const field& value, type_ref range, std::string_view target)
    : value_(value), target_(target), range_(range), binary_(value.bytes()) {
  if (value.is_null()) fail_type(value, target);
  if (value.format == format::binary) {
    count_ = read_range_count(binary_, value, target);
    return;
  }
  text_ = ascii::trim(value.text());
  if (text_.size() < 2 || !text_.starts_with('{') || !text_.ends_with('}'))
    fail_text(value, target, "a multirange");
  text_ = ascii::trim(text_.substr(1, text_.size() - 2));
}

bool multirange_reader::next(field& into) {
  if (value_.format == format::text) return next_text(into);
  if (index_ == count_) {
    if (binary_.finish()) fail_read(value_, target_, malformed_array);
    return false;
  }
  into = read_element(binary_, value_, range_, target_);
  if (into.is_null()) fail_read(value_, target_, malformed_array);
  ++index_;
  return true;
}

bool multirange_reader::next_text(field& into) {
  if (text_.empty()) return false;
  const std::string_view before = text_;
  if (!take_range(text_)) fail_text(value_, target_, "a multirange");
  into = text_field(before.substr(0, before.size() - text_.size()));
  into.type = range_;
  into.origin = value_.origin;
  if (text_.empty()) return true;
  if (text_.size() == 1 || text_.front() != ',') fail_text(value_, target_, "a multirange");
  text_.remove_prefix(1);
  return true;
}

std::optional<type_ref> part_target(const value_writer& to, type_kind kind, oid own,
                                    std::optional<type_ref> (*sent_as)(type_ref),
                                    std::string_view source) {
  if (to.target() == 0) return own == 0 ? std::nullopt : std::optional<type_ref>(own);
  std::optional<type_ref> part;
  if (to.target().kind() == kind) part = sent_as(to.target().part());
  if (!part) to.fail(source, "the types do not go together");
  return part;
}

}  // namespace tusk::detail
