#include "query.hpp"

#include <chrono>
#include <cstdio>
#include <string>
#include <utility>

#include "printer.hpp"
#include "time_limit.hpp"

namespace cli {
namespace {

std::unique_ptr<printer> make_printer(output_format format, output& to) {
  switch (format) {
    case output_format::table: return make_table_printer(to);
    case output_format::csv: return make_csv_printer(to);
    case output_format::json: return make_json_printer(to);
  }
  return make_table_printer(to);
}

using optional_texts = std::vector<std::optional<std::string>>;

optional_texts parameters_of(const query_arguments& asked) {
  optional_texts values;
  for (const std::string& word : asked.parameters)
    values.push_back(word == asked.null_token ? std::nullopt : std::optional<std::string>(word));
  return values;
}

/// Reuses the strings of the row before.
void read_row(const tusk::row& from, text_row& values) {
  values.resize(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) {
    const tusk::cell cell = from[i];
    if (cell.is_null()) {
      values[i].reset();
      continue;
    }
    if (!values[i]) values[i].emplace();
    values[i]->clear();
    tusk::print(cell.raw(), *values[i]);
  }
}

void print_rows(tusk::stream<tusk::row>& rows, printer& to) {
  bool begun = !rows.columns().empty();
  if (begun) to.begin(rows.columns());
  text_row values;
  for (const tusk::row row : rows) {
    // `select from t` has rows without columns.
    if (!begun) to.begin(rows.columns());
    begun = true;
    read_row(row, values);
    to.row(values);
  }
  if (begun)
    to.end();
  else
    to.command(rows.done().tag());
}

}  // namespace

tusk::conninfo where_to(const std::string& dsn) {
  tusk::conninfo to = tusk::conninfo::parse(dsn);
  if (!to.fallback_application_name) to.fallback_application_name = "tusk";
  return to;
}

void show_notices(tusk::session& db) {
  for (tusk::notice& notice : db.take_notices()) {
    notice.fields.code = {};  // nearly always 00000
    std::fputs(tusk::error(std::move(notice.fields)).report().c_str(), stderr);
  }
}

void run_query(const query_arguments& asked, output& to) {
  const time_limit limit(asked.timeout);
  tusk::session db(where_to(asked.dsn), tusk::environment::process(), {.timeout = limit.left()});
  const optional_texts values = parameters_of(asked);
  tusk::dynamic_parameters list;
  for (const auto& value : values)
    list.add(value);
  const std::unique_ptr<printer> printed = make_printer(asked.format, to);
  try {
    auto rows = db.stream<>({.timeout = limit.left(), .formats = tusk::formats::printable},
                            asked.sql, list);
    print_rows(rows, *printed);
  } catch (...) {
    show_notices(db);
    throw;
  }
  to.flush();
  show_notices(db);
}

// The session was told what was left, which says little to who gave the whole.
void raise_late(const tusk::error& late, std::chrono::milliseconds whole) {
  tusk::error_details details = late.details();
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%g", static_cast<double>(whole.count()) / 1000);
  details.message =
      std::string("time is up (--timeout ").append(seconds).append("): ") + details.message;
  tusk::raise(std::move(details));
}

}  // namespace cli
