#include "facts.hpp"

#include "json_text.hpp"

namespace cli {
namespace {

void write_escaped(output& to, std::string_view value) {
  constexpr std::string_view digits = "0123456789abcdef";
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\\') {
      to.write("\\\\");
    } else if (c == '\n') {
      to.write("\\n");
    } else if (c == '\r') {
      to.write("\\r");
    } else if (byte < 0x20 || byte == 0x7f) {
      to.write("\\x");
      to.write(digits[byte >> 4U]);
      to.write(digits[byte & 0xFU]);
    } else {
      to.write(c);
    }
  }
}

}  // namespace

void write_facts(const fact_list& facts, bool as_json, output& to) {
  std::string_view separator = "{";
  for (const auto& [name, value] : facts) {
    if (as_json) {
      to.write(separator);
      write_json_string(to, name);
      to.write(": ");
      write_json_string(to, value);
      separator = ", ";
    } else {
      to.write(name);
      to.write('=');
      write_escaped(to, value);
      to.write('\n');
    }
  }
  if (as_json) to.write(facts.empty() ? "{}\n" : "}\n");
}

}  // namespace cli
