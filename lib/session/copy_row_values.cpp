#include <new>

#include "session/copy_row_plan.hpp"
#include "session/copy_row_text.hpp"
#include "session/misuse.hpp"
#include "tusk/error.hpp"
#include "tusk/types/characters.hpp"
#include "tusk/types/print.hpp"
#include "tusk/types/value.hpp"

// Values that go through their codecs.
namespace tusk::detail {

namespace {

using write_fault = proto::fault;

/// The only version there is of the binary forms of jsonb and jsonpath, which are text otherwise.
constexpr std::uint8_t json_version = 1;

void check_room(const proto::writer& out) {
  if (out.status().what == write_fault::no_room) throw std::bad_alloc();
}

std::string_view written_text(const proto::writer& out, std::size_t from) noexcept {
  const bytes_view bytes = out.written().subspan(from);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void check_size(std::size_t size, const value_writer& to, std::string_view source) {
  if (size <= copy_row_writer::most_row_bytes) return;
  to.fail(source, "its " + std::to_string(size) +
                      " bytes are more than the server takes for a row, 1 GiB - 1");
}

/// Whether an XML declaration names an encoding: as text it means nothing, in binary a lot.
bool declares_encoding(std::string_view xml) noexcept {
  const std::string_view declaration = xml.substr(0, xml.find("?>"));
  return xml.starts_with("<?xml") && declaration.find("encoding") != std::string_view::npos;
}

bool is_for_text(const parameter_operations& as) {
  return as.name != codec<value>::name && as.sent_as(oids::text).has_value();
}

[[noreturn]] void refuse_text(const value_writer& to, const parameter_operations& as) {
  std::string message = "$" + std::to_string(to.index());
  if (to.target() != 0) message += " (" + type_label(to.target()) + ")";
  message += " cannot take this " + std::string(as.name) + " in COPY's binary format: ";
  message += to.target() == 0
                 ? "what type it has only the table's columns tell, so name the table and not SQL, "
                   "or use tusk::copy_format::text"
                 : "it goes as text only, and nothing is cast; give a value of that type, or use "
                   "tusk::copy_format::text";
  misuse(std::move(message), {});
}

type_ref base_of(type_ref type) noexcept {
  while (type.info() != nullptr && type.kind() == type_kind::domain)
    type = type.part();
  return type;
}

/// What a codec wrote as text, behind `at`, becomes the type's binary form where that is known.
void settle_text(proto::writer& out, std::size_t at, const value_writer& to,
                 const parameter_operations& as) {
  const type_ref type = base_of(to.target());
  if (type == 0 ? is_for_text(as) : is_text_in_binary(type)) return;
  if (type == oids::xml && !declares_encoding(written_text(out, at))) return;
  if (type == oids::jsonb || type == oids::jsonpath) {
    const std::string text(written_text(out, at));
    out.truncate(at);
    out.u8(json_version);
    out.text(text);
    return;
  }
  // An empty array of what only the catalogs know.
  const type_ref element = type.element();
  const bool is_list = type == oids::int2vector || type == oids::oidvector;
  if (element == 0 || is_list || written_text(out, at) != "{}") refuse_text(to, as);
  out.truncate(at);
  out.i32(0);
  out.i32(0);
  out.u32(element);
}

/// The text of a value, of which `out` has what its codec wrote behind `at`.
std::string text_of_written(const proto::writer& out, std::size_t at, format wrote,
                            const parameter& value, const value_writer& to) {
  const type_ref target = to.target();
  if (wrote == format::text || is_text_in_binary(target)) return std::string(written_text(out, at));
  if (target == oids::float4) {
    // A double's own digits could be read as another float than the one it is rounded to.
    const bytes_view bytes = out.written().subspan(at);
    return print({bytes.data(), static_cast<std::int32_t>(bytes.size()), target, wrote, nullptr});
  }
  return value.operations->to_text(value.value, to.index(), target);
}

}  // namespace

void write_copied_binary(proto::writer& out, const parameter& value, type_ref target,
                         std::size_t index) {
  const std::size_t at = out.open_length();
  value_writer to(out, target, index + 1);
  const format wrote = value.operations->encode(to, value.value);
  check_room(out);
  if (wrote == format::text) settle_text(out, at + 4, to, *value.operations);
  check_room(out);
  check_size(out.size() - at, to, value.operations->name);
  out.close_value(at);
}

void write_copied_text(proto::writer& out, const parameter& value, type_ref target,
                       std::size_t index, const copy_text_style& style) {
  const parameter_operations& as = *value.operations;
  const std::size_t at = out.size();
  value_writer to(out, target, index + 1);
  std::string text;
  if (target != 0) {
    // The codec has the last word on whether the value goes to that type.
    const format wrote = as.encode(to, value.value);
    check_room(out);
    text = text_of_written(out, at, wrote, value, to);
    out.truncate(at);
  } else {
    text = as.to_text(value.value, index + 1, target);
  }
  const std::size_t nul = text.find('\0');
  if (nul != std::string::npos)
    to.fail(as.name, "its byte " + std::to_string(nul + 1) + " is NUL, which no line can hold");
  check_size(text.size(), to, as.name);
  if (!write_escaped(out, text, style))
    to.fail(as.name, "it is empty, which is the null string of this COPY, and cannot be escaped");
  check_room(out);
}

}  // namespace tusk::detail
