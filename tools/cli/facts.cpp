#include "facts.hpp"

#include "json_text.hpp"

namespace cli {
namespace {

void write_line(std::string_view text, output& to) {
  for (const char c : text) {
    switch (c) {
      case '\\': to.write("\\\\"); break;
      case '\n': to.write("\\n"); break;
      case '\r': to.write("\\r"); break;
      default: to.write(c); break;
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
      write_line(value, to);
      to.write('\n');
    }
  }
  if (as_json) to.write(facts.empty() ? "{}\n" : "}\n");
}

}  // namespace cli
