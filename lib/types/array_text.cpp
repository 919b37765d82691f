#include <algorithm>

#include "tusk/types/array_form.hpp"
#include "types/array_quoting.hpp"
#include "types/ascii.hpp"

namespace tusk::detail {
namespace {

bool needs_quotes(std::string_view text, char delimiter) noexcept {
  if (text.empty() || ascii::equals(text, "null")) return true;
  return std::any_of(text.begin(), text.end(), [delimiter](char c) {
    return c == '"' || c == '\\' || c == '{' || c == '}' || c == delimiter || ascii::is_space(c);
  });
}

/// `[2:3][1:4]=`, when a lower bound is not 1.
void append_bounds(const array_shape& shape, std::string& out) {
  bool usual = true;
  for (std::size_t i = 0; i < shape.dimensions; ++i)
    usual = usual && shape.each[i].lower == 1;
  if (usual) return;
  for (std::size_t i = 0; i < shape.dimensions; ++i) {
    out.append("[").append(std::to_string(shape.each[i].lower)).append(":");
    out.append(std::to_string(shape.each[i].upper())).append("]");
  }
  out.append("=");
}

}  // namespace

void append_element(std::string_view text, char delimiter, std::string& out) {
  if (!needs_quotes(text, delimiter)) {
    out.append(text);
    return;
  }
  out.push_back('"');
  for (const char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  out.push_back('"');
}

array_text::array_text(const array_shape& shape, char delimiter, bool is_list)
    : shape_(shape), delimiter_(delimiter), is_list_(is_list) {
  if (!is_list) append_bounds(shape, out_);
}

void array_text::separate() {
  if (is_list_) {
    if (index_++ > 0) out_.push_back(' ');
    return;
  }
  // How many braces end before this element, and begin again with it.
  std::size_t turned = index_ == 0 ? shape_.dimensions : 0;
  if (index_ > 0) {
    std::size_t block = 1;
    for (std::size_t i = shape_.dimensions; i > 1; --i, ++turned) {
      block *= static_cast<std::size_t>(shape_.each[i - 1].size);
      if (index_ % block != 0) break;
    }
    out_.append(turned, '}');
    out_.push_back(delimiter_);
  }
  out_.append(turned, '{');
  ++index_;
}

void array_text::null() {
  separate();
  out_.append("NULL");
}

void array_text::add(std::string_view element) {
  separate();
  if (is_list_) {
    out_.append(element);
  } else {
    append_element(element, delimiter_, out_);
  }
}

std::string& array_text::finish() {
  if (is_list_) return out_;
  if (shape_.dimensions == 0) out_.append("{}");
  out_.append(shape_.dimensions, '}');
  return out_;
}

}  // namespace tusk::detail
