#include "session/description.hpp"

#include <algorithm>
#include <functional>

#include "session/type_registry.hpp"
#include "tusk/error.hpp"
#include "tusk/types/print.hpp"

namespace tusk::detail {

namespace {

[[noreturn]] void refuse(const prepared_statement& of, std::string message) {
  raise({.kind = error_kind::usage,
         .message = std::move(message),
         .statement = of.sql,
         .safe_to_retry = true});
}

std::string count_of(std::size_t count, std::string_view thing) {
  std::string text = std::to_string(count) + " " + std::string(thing);
  if (count != 1) text += "s";
  return text;
}

std::string quoted(std::string_view name) {
  return "\"" + std::string(name) + "\"";
}

format untyped_format(oid type, formats wanted) {
  const bool binary = (wanted == formats::automatic && has_printer(type)) ||
                      (wanted == formats::printable && printable(type));
  return binary ? format::binary : format::text;
}

// Why a type was not found to fit: `otherwise`, unless only the catalogs know it and nobody could
// ask them.
std::string why_refused(type_ref type, const type_knowledge& types, std::string otherwise) {
  const bool unasked = type.info() == nullptr && is_of_the_catalogs(type) && types.until == nullptr;
  if (!unasked) return otherwise;
  return "what type that is cannot be looked up while answers are awaited: call session::type() "
         "before, or use std::string";
}

void check_readable(prepared_statement& of, std::size_t index, const column_operations& as,
                    const type_knowledge& types) {
  const column& from = of.columns[index];
  if (as.read_as(from.ref())) return;
  if (is_of_the_catalogs(from.type) && from.info == nullptr) {
    types.learn(of);
    if (from.info != nullptr && as.read_as(from.ref())) return;
  }
  refuse(of, "column " + quoted(from.name) + " (" + type_label(from.ref()) +
                 ") cannot be read as " + std::string(as.name) + ": " +
                 why_refused(from.ref(), types,
                             "the types do not go together; read std::string for its text"));
}

// Which member of the struct each column goes to.
std::vector<std::uint32_t> match_names(const prepared_statement& of, const row_shape& shape) {
  std::vector<std::uint32_t> members;
  for (const column& each : of.columns) {
    const auto found = std::find(shape.names.begin(), shape.names.end(), each.name);
    if (found == shape.names.end()) {
      if (shape.allows(allow::extra_columns)) {
        members.push_back(no_member);
        continue;
      }
      refuse(of, "column " + quoted(each.name) +
                     " has no member of that name in the struct; tusk::allow::extra_columns passes "
                     "it over");
    }
    const auto member = static_cast<std::uint32_t>(found - shape.names.begin());
    if (std::find(members.begin(), members.end(), member) != members.end()) {
      refuse(of, "column " + quoted(each.name) + " stands more than once in the result");
    }
    members.push_back(member);
  }
  for (std::uint32_t i = 0; i < shape.names.size() && !shape.allows(allow::missing_columns); ++i) {
    if (std::find(members.begin(), members.end(), i) == members.end()) {
      refuse(of, "the result has no column for the struct's member " + quoted(shape.names[i]) +
                     "; tusk::allow::missing_columns leaves it at its default");
    }
  }
  return members;
}

// What a value is written as: the parameter's own type or, where that is a domain, its base.
type_ref accepted_type(prepared_statement& of, std::size_t index, const parameter_operations& as,
                       const type_knowledge& types) {
  if (const auto fits = as.sent_as(of.parameter_type(index))) return *fits;
  if (is_of_the_catalogs(of.parameters[index])) {
    types.learn(of);
    if (const auto fits = as.sent_as(of.parameter_type(index))) return *fits;
  }
  const type_ref wanted = of.parameter_type(index);
  const std::string name = "$" + std::to_string(index + 1);
  refuse(of, name + " (" + type_label(wanted) + ") cannot take this " + std::string(as.name) +
                 ": " +
                 why_refused(wanted, types,
                             "give a value of that family, or cast in the statement, such as " +
                                 name + "::" + (as.type == 0 ? "type" : type_label(as.type))));
}

// The members or values that the columns go to, in the columns' order.
column_set matched(const prepared_statement& of, const row_shape& shape) {
  column_set chosen{of.columns, {}};
  if (shape.untyped) return chosen;
  if (!shape.names.empty()) {
    chosen.members = match_names(of, shape);
  } else if (of.columns.size() != shape.values.size()) {
    refuse(of, "the statement returns " + count_of(of.columns.size(), "column") + " and " +
                   std::to_string(shape.values.size()) +
                   (shape.values.size() == 1 ? " is to be read" : " are to be read"));
  }
  return chosen;
}

bool has_unknown_types(const prepared_statement& of) {
  return std::any_of(of.columns.begin(), of.columns.end(), [](const column& each) {
    return each.info == nullptr && is_of_the_catalogs(each.type);
  });
}

// Null for a column that is passed over.
const column_operations* reader_of(const column_set& chosen, const row_shape& shape,
                                   std::size_t index) {
  if (shape.names.empty()) return shape.values[index];
  const std::uint32_t member = chosen.members[index];
  return member == no_member ? nullptr : shape.values[member];
}

column_set choose(prepared_statement& of, const row_shape& shape, formats wanted,
                  const type_knowledge& types) {
  column_set chosen = matched(of, shape);
  // Whoever looks at a cell may want to know what it is.
  const bool may_ask = shape.untyped && wanted == formats::automatic;
  if (may_ask && has_unknown_types(of)) types.learn(of);
  for (std::size_t i = 0; i < chosen.columns.size(); ++i) {
    column& each = chosen.columns[i];
    each.dates = types.dates();
    if (shape.untyped) {
      each.info = of.columns[i].info;
      each.format = untyped_format(each.type, wanted);
      continue;
    }
    const column_operations* as = reader_of(chosen, shape, i);
    if (as == nullptr) continue;
    check_readable(of, i, *as, types);
    each.info = of.columns[i].info;
    each.format = as->read_format(*as->read_as(each.ref()));
    each.native = each.type == as->native_type && each.format == format::binary;
  }
  return chosen;
}

// One code stands for all columns when they agree, which saves bytes on the wire.
std::vector<format> compressed(std::vector<format> codes) {
  if (std::adjacent_find(codes.begin(), codes.end(), std::not_equal_to<>()) == codes.end() &&
      codes.size() > 1) {
    codes.erase(codes.begin() + 1, codes.end());
  }
  return codes;
}

std::vector<format> codes_of(const std::vector<column>& columns) {
  std::vector<format> codes;
  for (const column& each : columns)
    codes.push_back(each.format);
  return compressed(std::move(codes));
}

}  // namespace

std::vector<format> undescribed_formats(const row_shape& shape) {
  if (!shape.names.empty()) return {};
  std::vector<format> codes;
  for (const column_operations* each : shape.values)
    codes.push_back(each->read_format({}));
  return compressed(std::move(codes));
}

std::shared_ptr<const column_set> columns_as_sent(prepared_statement& of, const row_shape& shape,
                                                  const type_knowledge& types) {
  for (column& each : of.columns) {
    types.fill(each);
    each.dates = types.dates();
  }
  column_set chosen = matched(of, shape);
  for (std::size_t i = 0; i < chosen.columns.size() && !shape.untyped; ++i) {
    column& each = chosen.columns[i];
    const column_operations* as = reader_of(chosen, shape, i);
    if (as == nullptr) continue;
    check_readable(of, i, *as, types);
    if (each.format == format::binary &&
        as->read_format(*as->read_as(each.ref())) == format::text) {
      refuse(of,
             "column " + quoted(each.name) + " (" + type_label(each.ref()) +
                 ") has come in binary and is read as " + std::string(as->name) +
                 " from text only: cast it in the statement, or let it come as text: prepare the "
                 "statement; of a COPY ask for the format text");
    }
    each.native = each.type == as->native_type && each.format == format::binary;
  }
  return std::make_shared<const column_set>(std::move(chosen));
}

std::vector<column> read_columns(const proto::row_description& said) {
  std::vector<column> columns;
  columns.reserve(said.columns.size());
  for (const proto::column_description& each : said.columns) {
    columns.push_back({.name = std::string(each.name),
                       .type = each.type,
                       .format = each.format_code,
                       .type_size = each.type_size,
                       .type_modifier = each.type_modifier,
                       .table = each.table,
                       .attribute = each.attribute});
  }
  return columns;
}

std::shared_ptr<column_set> text_columns(const proto::row_description& said,
                                         const type_knowledge& types) {
  column_set columns{read_columns(said), {}};
  for (column& each : columns.columns) {
    types.fill(each);
    each.dates = types.dates();
  }
  return std::make_shared<column_set>(std::move(columns));
}

void check_parameters(prepared_statement& of, std::span<const parameter> given,
                      const type_knowledge& types) {
  if (given.size() != of.parameters.size()) {
    refuse(of, "the statement takes " + count_of(of.parameters.size(), "parameter") + ", and " +
                   std::to_string(given.size()) + (given.size() == 1 ? " is given" : " are given"));
  }
  const bool seen = std::equal(given.begin(), given.end(), of.accepted.begin(), of.accepted.end(),
                               [](const parameter& a, const auto* b) { return a.operations == b; });
  if (seen) return;
  of.accepted.clear();
  of.targets.clear();
  for (std::size_t i = 0; i < given.size(); ++i)
    of.targets.push_back(accepted_type(of, i, *given[i].operations, types));
  for (const parameter& each : given)
    of.accepted.push_back(each.operations);
}

bool same_types(const prepared_statement& declared, std::span<const parameter> values) noexcept {
  return std::equal(
      values.begin(), values.end(), declared.parameters.begin(), declared.parameters.end(),
      [](const parameter& given, oid type) { return given.operations->type == type; });
}

const column_choice& choose_columns(prepared_statement& of, const row_shape& shape, formats wanted,
                                    const type_knowledge& types) {
  column_choice& last = of.choice;
  const date_order dates = types.dates();
  if (last.shape == &shape && last.formats == wanted && last.dates == dates) return last;
  column_choice fresh{&shape, wanted, dates, nullptr, {}};
  fresh.columns = std::make_shared<const column_set>(choose(of, shape, wanted, types));
  fresh.codes = codes_of(fresh.columns->columns);
  return last = std::move(fresh);
}

}  // namespace tusk::detail
