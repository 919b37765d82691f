#include "session/copy_row_plan.hpp"

#include <algorithm>

#include "session/misuse.hpp"
#include "tusk/types/characters.hpp"

namespace tusk::detail {

namespace {

std::string quoted(std::string_view name) {
  return "\"" + std::string(name) + "\"";
}

std::uint8_t width_of(oid type) noexcept {
  switch (type) {
    case oids::int2: return 2;
    case oids::int4: return 4;
    case oids::int8: return 8;
    default: return 0;
  }
}

std::uint8_t native_width_of(copy_printer printer) noexcept {
  switch (printer) {
    case copy_printer::boolean: return 1;
    case copy_printer::int2: return 2;
    case copy_printer::int4:
    case copy_printer::float4:
    case copy_printer::date: return 4;
    case copy_printer::int8:
    case copy_printer::float8:
    case copy_printer::timestamp:
    case copy_printer::timestamptz: return 8;
    case copy_printer::interval:
    case copy_printer::uuid: return 16;
    case copy_printer::none:
    case copy_printer::characters: break;
  }
  return 0;
}

}  // namespace

std::string copy_row_writer::plan::label(std::size_t index) const {
  if (index < columns.size()) return "column " + quoted(columns[index].name);
  return "column " + std::to_string(index + 1);
}

std::string copy_row_writer::plan::copy_label() const {
  return table.empty() ? "COPY" : "COPY into " + quoted(table);
}

type_ref copy_row_writer::plan::accepted_type(std::size_t index,
                                              const parameter_operations& as) const {
  if (columns.empty()) return as.type == 0 ? type_ref() : as.sent_as(as.type).value_or(as.type);
  const type_ref wanted = columns[index].ref();
  if (const auto fits = as.sent_as(wanted)) return *fits;
  misuse(copy_label() + ": " + label(index) + " (" + type_label(wanted) + ") cannot take this " +
             std::string(as.name) + ": give a value of that family, for COPY casts nothing",
         {});
}

void copy_row_writer::plan::accept(std::span<const parameter> values) {
  const bool seen = std::equal(values.begin(), values.end(), accepted.begin(), accepted.end(),
                               [](const parameter& a, const auto* b) { return a.operations == b; });
  // Of no values nothing is seen, and a table without columns takes none.
  if (seen && values.size() == count) return;
  if (values.size() != count) {
    misuse(copy_label() + " takes " + std::to_string(count) +
               (count == 1 ? " column, and " : " columns, and ") + std::to_string(values.size()) +
               (values.size() == 1 ? " value is given" : " values are given"),
           {});
  }
  accepted.clear();
  asked = nullptr;
  std::vector<type_ref> fitting;
  for (const parameter& each : values)
    fitting.push_back(accepted_type(fitting.size(), *each.operations));
  targets = std::move(fitting);
  for (const parameter& each : values)
    accepted.push_back(each.operations);
}

bool copy_row_writer::plan::plan_column(std::size_t index, copy_way way, copy_format format) {
  const type_ref target = targets[index];
  const bool is_line = format != copy_format::binary;
  copy_printer& printer = printers[index];
  switch (way) {
    case copy_way::general: return false;
    case copy_way::null: return true;
    case copy_way::characters:
      printer = copy_printer::characters;
      return is_line || target == 0 || is_text_in_binary(target);
    case copy_way::bytes: return !is_line && target == oids::bytea;
    case copy_way::whole:
    case copy_way::native: break;
  }
  printer = copy_printer_of(target);
  widths[index] = way == copy_way::whole ? width_of(target) : native_width_of(printer);
  return widths[index] != 0 && (way == copy_way::whole || target == accepted[index]->type);
}

bool copy_row_writer::plan::goes_directly(const copy_signature& types, copy_format format) {
  if (asked == &types) return false;
  asked = &types;
  printers.assign(count, copy_printer::none);
  widths.assign(count, 0);
  if (format != copy_format::binary && !style.is_plain) return false;
  for (std::size_t i = 0; i < count; ++i) {
    if (!plan_column(i, types.ways[i], format)) return false;
  }
  return true;
}

void copy_row_writer::plan::reword(const error& fault, std::size_t index, std::uint64_t row) const {
  error_details details = fault.details();
  // A codec knows its value as a parameter's, or not at all.
  const std::string parameter = "$" + std::to_string(index + 1) + " ";
  constexpr std::string_view unknown = "a value ";
  std::string& said = details.message;
  std::size_t taken = 0;
  if (said.starts_with(parameter)) taken = parameter.size();
  if (said.starts_with(unknown)) taken = unknown.size();
  std::string place = "row " + std::to_string(row + 1) + " of " + copy_label() + ": ";
  if (index < count) place += label(index) + (taken == 0 ? ": " : " ");
  said = place + said.substr(taken);
  if (index < columns.size()) details.column = details.copy_column = columns[index].name;
  details.copy_line = row + 1;
  raise(std::move(details));
}

}  // namespace tusk::detail
