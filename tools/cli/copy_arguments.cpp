#include "copy_arguments.hpp"

#include <charconv>
#include <utility>

#include "arguments.hpp"
#include "words.hpp"

namespace cli {
namespace {

std::string quoted(std::string_view text) {
  return std::string("\"").append(text).append("\"");
}

tusk::copy_format parse_copy_format(std::string_view text) {
  for (const auto each :
       {tusk::copy_format::text, tusk::copy_format::csv, tusk::copy_format::binary}) {
    if (text == tusk::name_of(each)) return each;
  }
  throw usage_error("--format is one of text, csv and binary, not " + quoted(text));
}

tusk::copy_format format_of_file(std::string_view name) {
  if (name.ends_with(".csv")) return tusk::copy_format::csv;
  if (name.ends_with(".bin")) return tusk::copy_format::binary;
  return tusk::copy_format::text;
}

char parse_byte(std::string_view option, std::string_view text) {
  // Shells make it hard to write a tab.
  if (text == "\\t") return '\t';
  if (text.size() == 1) return text[0];
  throw usage_error(std::string(option) + " is one byte, or \\t for a tab, not " + quoted(text));
}

void add_columns(std::string_view text, std::vector<std::string>& to) {
  for (;;) {
    const std::size_t comma = text.find(',');
    if (comma == 0 || text.empty())
      throw usage_error("--columns is a list such as id,name: one of its names is empty");
    to.emplace_back(text.substr(0, comma));
    if (comma == std::string_view::npos) return;
    text.remove_prefix(comma + 1);
  }
}

/// What both commands have, while it is being read.
class copy_parser {
 public:
  copy_parser(std::span<const char* const> all, copy_arguments& found) noexcept
      : at(all), found_(&found) {}

  /// Whether the option is one of those that both have.
  bool option() {
    const std::string_view name = at.text();
    if (data_option(name)) return true;
    if (name == "--timeout") {
      found_->timeout = parse_timeout(at.value());
      return true;
    }
    if (name == "--help" || name == "-h")
      found_->help = true;
    else if (name == "--quiet" || name == "-q")
      found_->progress = progress_mode::never;
    else if (name == "--progress")
      found_->progress = progress_mode::always;
    else if (name == "--header")
      found_->style.header = true;
    else
      return false;
    at.require_no_value();
    return true;
  }

  void operand() { operands_.emplace_back(at.text()); }

  /// Puts the operands where they belong. `has_table` is false where a query replaces the table.
  void finish(bool has_table) {
    if (found_->help) return;
    const std::size_t needed = has_table ? 2 : 1;
    if (operands_.empty())
      throw usage_error(has_table ? "DSN and TABLE are missing" : "DSN is missing");
    if (operands_.size() < needed) throw usage_error("TABLE is missing");
    if (operands_.size() > needed + 1)
      throw usage_error("there is one operand too many: " + quoted(operands_[needed + 1]));
    found_->dsn = operands_[0];
    if (has_table) take_table(operands_[1]);
    if (operands_.size() == needed + 1) found_->file = operands_[needed];
    found_->format = format_.value_or(format_of_file(found_->file));
    check_style();
  }

  words at;

 private:
  bool data_option(std::string_view name) {
    if (name == "--format")
      format_ = parse_copy_format(at.value());
    else if (name == "--schema")
      schema_ = at.value();
    else if (name == "--columns")
      add_columns(at.value(), found_->columns);
    else if (name == "--column")
      found_->columns.emplace_back(at.value());
    else if (name == "--delimiter")
      found_->style.delimiter = parse_byte(name, at.value());
    else if (name == "--quote")
      found_->style.quote = parse_byte(name, at.value());
    else if (name == "--escape")
      found_->style.escape = parse_byte(name, at.value());
    else if (name == "--null")
      found_->style.null = at.value();
    else if (name == "--options")
      found_->options = at.value();
    else
      return false;
    return true;
  }

  void take_table(std::string_view name) {
    const std::size_t dot = schema_ ? std::string_view::npos : name.find('.');
    found_->schema =
        schema_.value_or(std::string(dot == std::string_view::npos ? "" : name.substr(0, dot)));
    found_->table = dot == std::string_view::npos ? name : name.substr(dot + 1);
    if (found_->table.empty() || dot == 0) {
      throw usage_error("TABLE is NAME or SCHEMA.NAME, not " + quoted(name) +
                        "; with --schema it is the name alone");
    }
  }

  // The server would say the same, but of batches nothing with a header reaches it.
  void check_style() const {
    const bool binary = found_->format == tusk::copy_format::binary;
    if (binary && found_->style != tusk::copy_style{}) {
      throw usage_error("the binary format takes none of --delimiter, --null, --quote, --escape " +
                        std::string("and --header"));
    }
    if (found_->format == tusk::copy_format::text &&
        (found_->style.quote != 0 || found_->style.escape != 0))
      throw usage_error("--quote and --escape are for --format csv");
  }

  copy_arguments* found_;
  std::vector<std::string> operands_;
  std::optional<tusk::copy_format> format_;
  std::optional<std::string> schema_;
};

unsigned parse_jobs(std::string_view text) {
  unsigned jobs = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), jobs);
  if (error != std::errc{} || end != text.data() + text.size() || jobs == 0 || jobs > 1000)
    throw usage_error("--jobs is a number of sessions from 1 to 1000, not " + quoted(text));
  return jobs;
}

}  // namespace

batch_limits parse_batch(std::string_view text) {
  constexpr std::uint64_t most_bytes = std::uint64_t{1} << 30;
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  batch_limits found;
  std::uint64_t factor = 0;
  if (unit.empty()) factor = 1;
  for (const auto& [name, bytes] : {std::pair<std::string_view, std::uint64_t>{"B", 1},
                                    {"kB", std::uint64_t{1} << 10},
                                    {"MB", std::uint64_t{1} << 20},
                                    {"GB", std::uint64_t{1} << 30}}) {
    if (unit == name) factor = bytes;
  }
  if (error != std::errc{} || count == 0 || factor == 0 ||
      (!unit.empty() && count > most_bytes / factor)) {
    throw usage_error(
        "--batch is a number of rows, such as 10000, or bytes with their unit (B, kB, MB, GB; " +
        std::string("at most 1GB), such as 4MB; not ") + quoted(text));
  }
  if (unit.empty()) {
    found.rows = count;
    found.bytes = std::size_t{64} << 20;  // memory is bounded in any case
  } else {
    found.bytes = static_cast<std::size_t>(count * factor);
  }
  return found;
}

copy_in_arguments parse_copy_in(std::span<const char* const> all) {
  copy_in_arguments found;
  copy_parser reading(all, found);
  bool batch = false;
  while (reading.at.next()) {
    if (!reading.at.is_option()) {
      reading.operand();
    } else if (reading.at.text() == "--jobs") {
      found.jobs = parse_jobs(reading.at.value());
    } else if (reading.at.text() == "--batch") {
      found.batch = parse_batch(reading.at.value());
      batch = true;
    } else if (!reading.option()) {
      reading.at.refuse();
    }
  }
  reading.finish(true);
  if (batch && found.jobs == 0 && !found.help)
    throw usage_error("--batch needs --jobs: without it all is one COPY");
  return found;
}

copy_out_arguments parse_copy_out(std::span<const char* const> all) {
  copy_out_arguments found;
  copy_parser reading(all, found);
  std::optional<std::string> query;
  while (reading.at.next()) {
    if (!reading.at.is_option())
      reading.operand();
    else if (reading.at.text() == "--query")
      query = reading.at.value();
    else if (!reading.option())
      reading.at.refuse();
  }
  if (query && query->empty()) throw usage_error("--query is empty");
  if (query && !found.columns.empty())
    throw usage_error("--columns is for tables: the SELECT of --query names its own");
  reading.finish(!query);
  found.query = query.value_or("");
  return found;
}

}  // namespace cli
