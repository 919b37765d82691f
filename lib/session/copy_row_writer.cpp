#include "tusk/copy_row_writer.hpp"

#include <new>

#include "session/copy_row_plan.hpp"
#include "session/copy_row_text.hpp"
#include "tusk/error.hpp"

namespace tusk::detail {

namespace {

void check_written(const proto::writer& out, std::size_t start) {
  if (out.status().what == proto::fault::no_room) throw std::bad_alloc();
  const std::size_t size = out.size() - start;
  if (size <= copy_row_writer::most_row_bytes) return;
  raise({.kind = error_kind::conversion,
         .message =
             "a row of " + std::to_string(size) + " bytes is more than the server takes, 1 GiB - 1",
         .safe_to_retry = true});
}

void write_value(proto::writer& out, const parameter& value, type_ref target, std::size_t index,
                 copy_format format, const copy_text_style& style) {
  const bool is_null = value.operations->is_null(value.value);
  if (format == copy_format::binary) {
    if (is_null) return out.i32(-1);
    return write_copied_binary(out, value, target, index);
  }
  if (index > 0) out.u8(static_cast<std::uint8_t>(style.delimiter));
  if (is_null) return out.text(style.null);
  write_copied_text(out, value, target, index, style);
}

}  // namespace

copy_row_writer::copy_row_writer(copy_format format, const copy_style& style,
                                 std::vector<column> columns, std::size_t count, std::string table,
                                 std::optional<std::string> default_mark)
    : format_(format), plan_(std::make_unique<plan>()) {
  plan_->style = checked_style(format, style);
  plan_->style.default_mark = std::move(default_mark);
  if (plan_->style.default_mark) plan_->style.is_plain = false;
  plan_->columns = std::move(columns);
  plan_->count = count;
  plan_->table = std::move(table);
}

copy_row_writer::copy_row_writer(copy_row_writer&&) noexcept = default;
copy_row_writer& copy_row_writer::operator=(copy_row_writer&&) noexcept = default;
copy_row_writer::~copy_row_writer() = default;

void copy_row_writer::begin(proto::writer& out) const {
  if (format_ == copy_format::binary) {
    constexpr std::string_view signature("PGCOPY\n\377\r\n\0", 11);
    out.text(signature);
    out.u32(0);  // no flags
    out.u32(0);  // no header extension
    return;
  }
  const copy_text_style& style = plan_->style;
  if (!style.has_header) return;
  // Where no names are known the server may not want to see them, either, but has to skip a line.
  for (std::size_t i = 0; i < plan_->count; ++i) {
    if (i > 0) out.u8(static_cast<std::uint8_t>(style.delimiter));
    // No name is empty.
    if (i < plan_->columns.size())
      static_cast<void>(write_escaped(out, plan_->columns[i].name, style));
  }
  out.u8('\n');
}

void copy_row_writer::end(proto::writer& out) const {
  if (format_ == copy_format::binary) out.i16(-1);
}

void copy_row_writer::write(proto::writer& out, std::span<const parameter> values,
                            const copy_signature* from) {
  plan_->accept(values);
  const std::size_t start = out.size();
  std::size_t index = 0;
  try {
    if (format_ == copy_format::binary) out.i16(static_cast<std::int16_t>(values.size()));
    for (; index < values.size(); ++index)
      write_value(out, values[index], plan_->targets[index], index, format_, plan_->style);
    if (format_ != copy_format::binary) out.u8('\n');
    check_written(out, start);
  } catch (const error& fault) {
    out.truncate(start);
    const std::uint64_t row = rows_ + plan_->refused++;
    plan_->reword(fault, index, row);
  } catch (...) {
    out.truncate(start);
    ++plan_->refused;
    throw;
  }
  ++rows_;
  if (from == nullptr || direct_ == from) return;
  direct_ = plan_->goes_directly(*from, format_) ? from : nullptr;
  widths_ = plan_->widths.data();
}

bool copy_row_writer::take_back(proto::writer& out, std::size_t start) noexcept {
  out.truncate(start);
  return false;
}

}  // namespace tusk::detail
