#include "tusk/types/array.hpp"

#include "tusk/types/characters.hpp"
#include "tusk/types/failure.hpp"
#include "types/array_wire.hpp"
#include "types/print_array.hpp"

namespace tusk::detail {
namespace {

/// The vectors are arrays in binary, but lists with spaces between and no braces as text.
bool is_vector(oid type) noexcept {
  return type == oids::int2vector || type == oids::oidvector;
}

}  // namespace

array_reader::array_reader(const field& value, std::string_view target)
    : value_(value), target_(target), element_(value.type.element()), binary_({}) {
  if (value.is_null()) fail_type(value, target);
  if (value.format == format::text) {
    open_text();
    return;
  }
  const array_shape shape = read_shape(value, target);
  if (shape.dimensions > 1) {
    fail_read(value, target,
              "it has " + std::to_string(shape.dimensions) +
                  " dimensions, and only one can be read; read std::string");
  }
  // What the array says its elements are counts, except that only the catalogs know more of it.
  if (element_ != shape.element) element_ = shape.element;
  count_ = shape.count;
  binary_ = proto::reader(shape.elements);
}

void array_reader::open_text() {
  text_ = value_.text();
  if (is_vector(value_.type)) {
    delimiter_ = ' ';
    close_ = '\0';
    return;
  }
  delimiter_ = element_.delimiter();
  // Bounds that are not 1-based stand before the braces: [0:1]={1,2}.
  const std::size_t brace = text_.find('{');
  if (brace == std::string_view::npos || (brace > 0 && text_[brace - 1] != '=')) fail_malformed();
  text_.remove_prefix(brace + 1);
}

bool array_reader::next(field& into) {
  if (value_.format == format::text) return next_text(into);
  if (index_ == count_) {
    if (binary_.finish()) fail_read(value_, target_, malformed_array);
    return false;
  }
  into = read_element(binary_, value_, element_, target_);
  ++index_;
  return true;
}

bool array_reader::next_text(field& into) {
  const bool ends = close_ == '\0' ? text_.empty() : text_.starts_with(close_);
  if (ends) {
    if (text_.size() > 1) fail_malformed();
    return false;
  }
  if (index_ > 0) {
    if (!text_.starts_with(delimiter_)) fail_malformed();
    text_.remove_prefix(1);
  }
  if (text_.starts_with('{'))
    fail_read(value_, target_, "it has several dimensions; read std::string");
  is_copy_ = false;
  const bool in_quotes = text_.starts_with('"');
  const std::string_view element = in_quotes ? quoted() : unquoted();
  into.data = reinterpret_cast<const std::byte*>(element.data());
  into.size = static_cast<std::int32_t>(element.size());
  if (!in_quotes && element == "NULL") into.size = -1;
  into.type = element_;
  into.format = format::text;
  into.origin = value_.origin;
  ++index_;
  return true;
}

std::string_view array_reader::quoted() {
  scratch_.clear();
  for (std::size_t at = 1; at < text_.size(); ++at) {
    if (text_[at] == '"') {
      const std::string_view raw = text_.substr(1, at - 1);
      text_.remove_prefix(at + 1);
      return is_copy_ ? std::string_view(scratch_) : raw;
    }
    if (text_[at] == '\\') {
      if (!is_copy_) scratch_.assign(text_.substr(1, at - 1));
      is_copy_ = true;
      if (++at == text_.size()) break;
    }
    if (is_copy_) scratch_.push_back(text_[at]);
  }
  fail_malformed();
}

std::string_view array_reader::unquoted() {
  // The server quotes every element in which one of these is meant.
  std::size_t end = 0;
  while (end < text_.size() && text_[end] != delimiter_ && text_[end] != close_) {
    if (text_[end] == '"' || text_[end] == '\\' || text_[end] == '{') fail_malformed();
    ++end;
  }
  if (end == 0 || (end == text_.size() && close_ != '\0')) fail_malformed();
  const std::string_view raw = text_.substr(0, end);
  text_.remove_prefix(end);
  return raw;
}

void array_reader::fail_malformed() const {
  fail_text(value_, target_, "an array");
}

void array_reader::fail_element(std::string_view reason) const {
  fail_read(value_, target_,
            std::string("element ").append(std::to_string(index_)).append(" ").append(reason));
}

array_writer::array_writer(value_writer& to, oid own, std::size_t count, format as,
                           std::string_view source)
    : to_(to),
      source_(source),
      element_(to.target() == 0 ? type_ref(own) : to.target().element()),
      as_(as),
      start_(to.out().size()) {
  if (to.target() != 0 && element_ == 0)
    to.fail(source, "it is an array, and the parameter is not");
  if (count > INT32_MAX) to.fail(source, "it has more than 2147483647 elements");
  proto::writer& out = to.out();
  if (as == format::text) {
    out.text("{");
    return;
  }
  if (!is_possible()) return;
  out.i32(count == 0 ? 0 : 1);
  out.i32(0);  // 1 when there are NULLs
  out.u32(element_);
  if (count == 0) return;
  out.i32(static_cast<std::int32_t>(count));
  out.i32(1);  // the first index
}

void array_writer::delimit() {
  const char delimiter = element_.delimiter();
  if (has_elements_) to_.out().text({&delimiter, 1});
  has_elements_ = true;
}

void array_writer::null() {
  if (as_ == format::text) {
    delimit();
    to_.out().text("NULL");
    return;
  }
  to_.out().i32(-1);
  to_.out().patch(start_ + 4, std::int32_t{1});
}

value_writer array_writer::open() {
  if (as_ == format::text) {
    delimit();
    element_at_ = to_.out().size();
  } else {
    element_at_ = to_.out().open_length();
  }
  return to_.part(element_);
}

bool array_writer::close(format wrote) {
  proto::writer& out = to_.out();
  if (wrote != as_ && !is_text_like(element_)) {
    out.truncate(start_);
    return false;
  }
  if (as_ == format::binary) {
    out.close_value(element_at_);
    return true;
  }
  if (out.status()) return true;  // there was no room: nothing to quote
  const bytes_view bytes = out.written().subspan(element_at_);
  std::string quoted;
  append_element({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, element_.delimiter(),
                 quoted);
  out.truncate(element_at_);
  out.text(quoted);
  return true;
}

void array_writer::finish() {
  if (as_ == format::text) to_.out().text("}");
}

}  // namespace tusk::detail
