#pragma once

#include <string>
#include <utility>
#include <vector>

#include "output.hpp"

namespace cli {

/// Names and values, in the order in which they are printed.
using fact_list = std::vector<std::pair<std::string, std::string>>;

/// Prints one `name=value` a line, or one JSON object of strings. In a line a line feed is written
/// `\n`, a carriage return `\r`, any other control character `\x` and two hexadecimal digits, and a
/// backslash `\\`: so one line stays one line, and two values never look alike.
void write_facts(const fact_list& facts, bool as_json, output& to);

}  // namespace cli
