#include "words.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>

#include "arguments.hpp"

namespace cli {
namespace {

std::string quoted(std::string_view text) {
  return std::string("\"").append(text).append("\"");
}

bool looks_like_option(std::string_view word) {
  if (word.size() < 2 || word[0] != '-') return false;
  return !(word[1] >= '0' && word[1] <= '9') && word[1] != '.';
}

}  // namespace

bool words::next() {
  if (at_ == all_.size()) return false;
  text_ = all_[at_++];
  value_.reset();
  if (!options_end_ && text_ == "--") {
    options_end_ = true;
    return next();
  }
  is_option_ = !options_end_ && looks_like_option(text_);
  if (!is_option_) return true;
  if (const std::size_t equals = text_.find('='); equals != std::string_view::npos) {
    value_ = text_.substr(equals + 1);
    text_ = text_.substr(0, equals);
  }
  return true;
}

std::string_view words::value() {
  if (value_) return *value_;
  if (at_ == all_.size()) throw usage_error(std::string(text_) + " needs a value");
  return all_[at_++];
}

void words::require_no_value() const {
  if (value_) throw usage_error(std::string(text_) + " takes no value");
}

void words::refuse() const {
  throw usage_error("there is no option " + quoted(text_) +
                    "; a parameter that begins with \"-\" goes behind \"--\"");
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

bool parse_is_json(std::string_view text) {
  if (text == "json" || text == "text") return text == "json";
  throw usage_error("--format is text or json, not " + quoted(text));
}

}  // namespace cli
