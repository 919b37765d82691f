#include "types/print_array.hpp"

#include <algorithm>
#include <array>

#include "tusk/types/failure.hpp"
#include "tusk/types/print.hpp"
#include "types/array_wire.hpp"
#include "types/ascii.hpp"

namespace tusk::detail {
namespace {

constexpr std::string_view target = "std::string";

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
    usual = usual && shape.lower[i] == 1;
  if (usual) return;
  for (std::size_t i = 0; i < shape.dimensions; ++i) {
    const std::int64_t first = shape.lower[i];
    const std::int64_t last = first + shape.sizes[i] - 1;
    out.append("[").append(std::to_string(first)).append(":").append(std::to_string(last));
    out.append("]");
  }
  out.append("=");
}

class printer {
 public:
  printer(const field& array, const array_shape& shape, std::string& out)
      : array_(array), shape_(shape), in_(shape.elements), out_(out) {}

  void dimension(std::size_t depth) {
    out_.push_back('{');
    for (std::int32_t i = 0; i < shape_.sizes[depth]; ++i) {
      if (i > 0) out_.push_back(',');
      if (depth + 1 < shape_.dimensions) {
        dimension(depth + 1);
      } else {
        element();
      }
    }
    out_.push_back('}');
  }
  void finish() {
    if (in_.finish()) fail_read(array_, target, malformed_array);
  }

 private:
  void element() {
    const field one = read_element(in_, array_, shape_.element, target);
    if (one.is_null()) {
      out_.append("NULL");
      return;
    }
    // An array of arrays cannot be; a peer that nests them would only take the stack.
    if (element_type(one.type) != 0) fail_read(array_, target, malformed_array);
    text_.clear();
    print(one, text_);
    append_element(text_, ',', out_);
  }

  const field& array_;
  const array_shape& shape_;
  proto::reader in_;
  std::string& out_;
  std::string text_;
};

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

void print_array(const field& value, std::string& out) {
  const array_shape shape = read_shape(value, target);
  if (shape.dimensions == 0) {
    out.append("{}");
    return;
  }
  append_bounds(shape, out);
  printer all(value, shape, out);
  all.dimension(0);
  all.finish();
}

}  // namespace tusk::detail
