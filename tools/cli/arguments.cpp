#include "arguments.hpp"

#include <utility>

#include "words.hpp"

namespace cli {
namespace {

std::string quoted(std::string_view text) {
  return std::string("\"").append(text).append("\"");
}

output_format parse_format(std::string_view text) {
  if (text == "table") return output_format::table;
  if (text == "csv") return output_format::csv;
  if (text == "json") return output_format::json;
  throw usage_error("--format is one of table, csv and json, not " + quoted(text));
}

class query_parser {
 public:
  explicit query_parser(std::span<const char* const> all) noexcept : words_(all) {}

  query_arguments parse() {
    while (words_.next()) {
      if (words_.is_option())
        option(words_.text());
      else
        operand(words_.text());
    }
    if (!found_.help) require_operands();
    return std::move(found_);
  }

 private:
  void option(std::string_view name) {
    if (name == "--help" || name == "-h") {
      words_.require_no_value();
      found_.help = true;
    } else if (name == "--format") {
      found_.format = parse_format(words_.value());
    } else if (name == "--timeout") {
      found_.timeout = parse_timeout(words_.value());
    } else if (name == "--null") {
      found_.null_token = words_.value();
    } else {
      words_.refuse();
    }
  }

  void operand(std::string_view word) {
    ++operands_;
    if (operands_ == 1)
      found_.dsn = word;
    else if (operands_ == 2)
      found_.sql = word;
    else
      found_.parameters.emplace_back(word);
  }

  void require_operands() const {
    if (operands_ == 0) throw usage_error("DSN and SQL are missing");
    if (operands_ == 1) throw usage_error("SQL is missing");
  }

  words words_;
  std::size_t operands_ = 0;
  query_arguments found_;
};

}  // namespace

query_arguments parse_query(std::span<const char* const> arguments) {
  return query_parser(arguments).parse();
}

}  // namespace cli
