#include "tusk/types/value.hpp"

#include "tusk/types/boolean.hpp"
#include "tusk/types/bytea.hpp"
#include "tusk/types/failure.hpp"
#include "tusk/types/floats.hpp"

namespace tusk {

// Out of line, so that programs with a value in hand do not repeat them for every family.
value::value() = default;
value::value(const value&) = default;
value::value(value&&) noexcept = default;
value& value::operator=(const value&) = default;
value& value::operator=(value&&) noexcept = default;
value::~value() = default;

namespace {

/// What a family's values are when nobody says.
struct own_type {
  oid operator()(std::monostate) const noexcept { return 0; }
  oid operator()(const std::string&) const noexcept { return 0; }
  oid operator()(const value_array&) const noexcept { return 0; }
  oid operator()(const value_range&) const noexcept { return 0; }
  oid operator()(const value_multirange&) const noexcept { return 0; }
  oid operator()(const value_record&) const noexcept { return 0; }
  oid operator()(const other_text&) const noexcept { return 0; }
  template <class T>
  oid operator()(const T&) const noexcept {
    return codec<T>::type;
  }
};

}  // namespace

value::value(family held, oid type, std::string type_name)
    : held_(std::move(held)), type_(type), type_name_(std::move(type_name)) {
  if (type_ == 0) type_ = std::visit(own_type(), held_);
}

value::value(family held, type_ref type) : held_(std::move(held)), type_(type.number()) {
  if (type.info() != nullptr) type_name_ = type.label();
}

std::string_view value::type_name() const noexcept {
  return type_name_.empty() ? tusk::type_name(type_) : std::string_view(type_name_);
}

bool value::equals(const value& other) const {
  return held_ == other.held_;
}

void value::fail_family() const {
  const std::string_view called = type_name();
  std::string reason = is_null() ? "it is NULL" : "it is of another family";
  if (!called.empty()) reason.append(" (").append(called).append(")");
  detail::fail_conversion(codec<value>::name, reason);
}

bool operator==(const value_array& left, const value_array& right) {
  return left.dimensions == right.dimensions && left.elements == right.elements;
}

bool operator==(const value_range& left, const value_range& right) {
  return left.is_empty == right.is_empty && left.lower_inclusive == right.lower_inclusive &&
         left.upper_inclusive == right.upper_inclusive && left.lower == right.lower &&
         left.upper == right.upper;
}

bool operator==(const value_multirange& left, const value_multirange& right) {
  return left.ranges == right.ranges;
}

bool operator==(const value_record& left, const value_record& right) {
  return left.names == right.names && left.fields == right.fields;
}

}  // namespace tusk
