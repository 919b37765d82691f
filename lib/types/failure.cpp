#include "tusk/types/failure.hpp"

#include "tusk/error.hpp"
#include "tusk/types/value_writer.hpp"

namespace tusk {
namespace {

constexpr std::size_t shown_text = 40;

[[noreturn]] void raise_conversion(std::string message, std::string column = {},
                                   bool before_sending = false) {
  error_details details;
  details.kind = error_kind::conversion;
  details.message = std::move(message);
  details.column = std::move(column);
  details.safe_to_retry = before_sending;
  raise(std::move(details));
}

/// The beginning of a text in double quotes, never cut inside a UTF-8 sequence.
std::string excerpt(std::string_view text) {
  if (text.size() <= shown_text) return '"' + std::string(text) + '"';
  std::size_t end = shown_text;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
    --end;
  return '"' + std::string(text.substr(0, end)) + "...\"";
}

}  // namespace

void fail_read(const field& value, std::string_view target, std::string_view reason) {
  std::string message;
  std::string column;
  // An element of an array has a type of its own; the message speaks of the column's.
  type_ref type = value.type;
  if (value.origin != nullptr) {
    column = value.origin->name;
    message = "column \"" + column + '"';
    if (value.origin->type != 0) type = value.origin->ref();
  } else {
    message = "value";
  }
  message.append(" (").append(type_label(type)).append(") cannot be read as ");
  message.append(target).append(": ").append(reason);
  raise_conversion(std::move(message), std::move(column));
}

void value_writer::fail(std::string_view source, std::string_view reason) const {
  std::string message = index_ == 0 ? "a value" : '$' + std::to_string(index_);
  if (target_ != 0) message.append(" (").append(type_label(target_)).append(")");
  message.append(" cannot take this ").append(source).append(": ").append(reason);
  raise_conversion(std::move(message), {}, true);
}

namespace detail {

void fail_size(const field& value, std::string_view target) {
  fail_read(value, target,
            std::to_string(value.size) + (value.size == 1 ? " byte is" : " bytes are") +
                " not the binary form of " + type_label(value.type));
}

void fail_text(const field& value, std::string_view target, std::string_view what) {
  fail_read(value, target, excerpt(value.text()) + " is not " + std::string(what));
}

void fail_type(const field& value, std::string_view target) {
  if (value.is_null()) fail_read(value, target, "it is NULL; read a std::optional");
  fail_read(value, target, "the types do not go together; read std::string for its text");
}

void fail_conversion(std::string_view source, std::string_view reason) {
  raise_conversion(std::string(source).append(": ").append(reason));
}

}  // namespace detail
}  // namespace tusk
