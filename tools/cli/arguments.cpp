#include "arguments.hpp"

#include <charconv>
#include <cmath>
#include <utility>

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

std::chrono::milliseconds parse_timeout(std::string_view text) {
  constexpr double longest = 1e9;  // about 30 years, far from any overflow
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  if (!whole || !(seconds > 0) || seconds > longest) {
    throw usage_error("--timeout is a number of seconds above 0, such as 10 or 0.5, not " +
                      quoted(text));
  }
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(seconds * 1000)));
}

/// `-` alone and negative numbers are values.
bool looks_like_option(std::string_view word) {
  if (word.size() < 2 || word[0] != '-') return false;
  return !(word[1] >= '0' && word[1] <= '9') && word[1] != '.';
}

class query_parser {
 public:
  explicit query_parser(std::span<const char* const> words) noexcept : words_(words) {}

  query_arguments parse() {
    while (at_ < words_.size()) {
      const std::string_view word = words_[at_++];
      if (!options_end_ && word == "--")
        options_end_ = true;
      else if (!options_end_ && looks_like_option(word))
        option(word);
      else
        operand(word);
    }
    if (!found_.help) require_operands();
    return std::move(found_);
  }

 private:
  void option(std::string_view word) {
    const std::size_t equals = word.find('=');
    const std::string_view name = word.substr(0, equals);
    std::optional<std::string_view> value;
    if (equals != std::string_view::npos) value = word.substr(equals + 1);
    if (name == "--help" || name == "-h") {
      if (value) throw usage_error(std::string(name) + " takes no value");
      found_.help = true;
    } else if (name == "--format") {
      found_.format = parse_format(value_of(name, value));
    } else if (name == "--timeout") {
      found_.timeout = parse_timeout(value_of(name, value));
    } else if (name == "--null") {
      found_.null_token = value_of(name, value);
    } else {
      throw usage_error("there is no option " + quoted(name) +
                        "; a parameter that begins with \"-\" goes behind \"--\"");
    }
  }

  std::string_view value_of(std::string_view name, std::optional<std::string_view> given) {
    if (given) return *given;
    if (at_ == words_.size()) throw usage_error(std::string(name) + " needs a value");
    return words_[at_++];
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

  std::span<const char* const> words_;
  std::size_t at_ = 0;
  std::size_t operands_ = 0;
  bool options_end_ = false;
  query_arguments found_;
};

}  // namespace

query_arguments parse_query(std::span<const char* const> arguments) {
  return query_parser(arguments).parse();
}

}  // namespace cli
