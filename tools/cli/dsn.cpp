#include "dsn.hpp"

#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "arguments.hpp"
#include "facts.hpp"
#include "output.hpp"
#include "tusk/conninfo.hpp"
#include "words.hpp"

namespace cli {

namespace {

constexpr std::string_view help =
    R"(Prints what a connection string means, or says where it goes wrong. Connects to nothing.

usage: tusk dsn [OPTION...] [--] STRING

  STRING   postgresql://user@host:port/dbname or keyword=value pairs

  --format text|json
           text  one keyword=value a line (the default). In a value a line feed is written \n, a
                 carriage return \r, any other control character \x and two hexadecimal digits,
                 and a backslash \\
           json  one object of strings
  --defaults
           adds what connecting would add: the service file, the PG* environment variables, the
           password file's password for the first host, and the built-in defaults; and checks the
           values. Without it nothing but STRING is read, and its values are taken as they are.
  --show-secrets
           prints passwords and keys. Otherwise each is printed as ********
  --       ends the options
  --help   prints this

exit status: 0  done
             2  STRING is refused (the message says at which byte, from 0), or what --defaults adds
             3  the output cannot be written
)";

struct dsn_arguments {
  bool help = false;
  bool json = false;
  bool defaults = false;
  bool show_secrets = false;
  std::optional<std::string> dsn;
};

dsn_arguments parse(std::span<const char* const> all) {
  dsn_arguments found;
  words at(all);
  while (at.next()) {
    if (!at.is_option()) {
      if (found.dsn) throw usage_error("dsn takes one connection string: quote it");
      found.dsn = at.text();
    } else if (at.text() == "--format") {
      found.json = parse_is_json(at.value());
    } else if (at.text() == "--defaults") {
      at.require_no_value();
      found.defaults = true;
    } else if (at.text() == "--show-secrets") {
      at.require_no_value();
      found.show_secrets = true;
    } else if (at.text() == "--help" || at.text() == "-h") {
      at.require_no_value();
      found.help = true;
    } else {
      at.refuse();
    }
  }
  if (!found.help && !found.dsn) throw usage_error("a connection string is missing");
  return found;
}

tusk::conninfo understood(const dsn_arguments& asked) {
  tusk::conninfo read = tusk::conninfo::parse(*asked.dsn);
  if (!asked.defaults) return read;
  read = read.with_defaults();
  if (read.password && !read.password->empty()) return read;
  tusk::password_found found = read.password_from_file();
  if (found.password) read.password = std::move(found.password);
  if (!found.warning.empty()) std::fprintf(stderr, "WARNING:  %s\n", found.warning.c_str());
  return read;
}

fact_list facts_of(const tusk::conninfo& read, bool show_secrets) {
  const auto items = read.items(show_secrets ? tusk::secrets::shown : tusk::secrets::hidden);
  return {items.begin(), items.end()};
}

}  // namespace

int run_dsn(std::span<const char* const> words) {
  const dsn_arguments asked = parse(words);
  output to;
  if (asked.help)
    to.write(help);
  else
    write_facts(facts_of(understood(asked), asked.show_secrets), asked.json, to);
  to.flush();
  return 0;
}

}  // namespace cli
