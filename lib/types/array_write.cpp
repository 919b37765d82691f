#include "tusk/types/array_form.hpp"
#include "tusk/types/characters.hpp"

namespace tusk::detail {

value_writer part_writer::open() noexcept {
  part_at_ = to_->out().open_length();
  return to_->part(type_);
}

bool part_writer::close(format wrote) noexcept {
  if (wrote == format::text && !is_text_in_binary(type_)) return false;
  to_->out().close_value(part_at_);
  return true;
}

namespace {

type_ref item_target(const value_writer& to, const array_item_operations& item,
                     std::string_view source) {
  if (to.target() == 0) return item.type;
  const type_ref element = to.target().element();
  if (element == 0) to.fail(source, "it is an array, and the parameter is not");
  const std::optional<type_ref> as = item.sent_as(element);
  if (!as) to.fail(source, "its elements do not go to " + type_label(element));
  return *as;
}

}  // namespace

array_writer::array_writer(value_writer& to, const array_shape& shape,
                           const array_item_operations& item, std::string_view source)
    : source_(source),
      shape_(shape),
      item_type_(item_target(to, item, source)),
      is_list_(is_vector(to.target())),
      parts_(to, item_type_) {
  // The array says what its own elements are, a domain where they go as what that is made of.
  const type_ref element = to.target() == 0 ? item_type_ : to.target().element();
  delimiter_ = element.delimiter();
  // A server that was not asked is told the array's type by the codec, or finds it out from text.
  // aclitem is the one type with values to send that has no binary form, even in an empty array.
  is_binary_ =
      element != 0 && element != oids::aclitem && (to.target() != 0 || item.array_type != 0);
  // An extension's type may have no binary form, either, and without an element nobody says so.
  if (shape.dimensions == 0 && element.info() != nullptr) is_binary_ = false;
  if (is_list_) {
    if (shape.dimensions > 1) to.fail(source, "it has more than one dimension");
    if (shape.dimensions == 1) shape_.each[0].lower = 0;
    is_binary_ = is_binary_ && shape.dimensions == 1;  // an empty one is refused in binary
  }
  if (is_binary_) write_header(element);
}

void array_writer::write_header(oid element) {
  proto::writer& out = parts_.to().out();
  out.i32(static_cast<std::int32_t>(shape_.dimensions));
  out.i32(0);  // 1 when there are NULLs
  out.u32(element);
  for (std::size_t i = 0; i < shape_.dimensions; ++i) {
    out.i32(shape_.each[i].size);
    out.i32(shape_.each[i].lower);
  }
}

void array_writer::null() {
  check_null();
  proto::writer& out = parts_.to().out();
  out.i32(-1);
  out.patch(parts_.start() + 4, std::int32_t{1});
}

void array_writer::check_null() const {
  if (is_list_) parts_.to().fail(source_, "an element is NULL, and the parameter holds none");
}

array_text array_writer::begin_text() noexcept {
  parts_.take_back();
  return {shape_, delimiter_, is_list_};
}

}  // namespace tusk::detail
