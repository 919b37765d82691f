#include "ping.hpp"

#include <chrono>
#include <cstdio>
#include <optional>
#include <string>

#include "arguments.hpp"
#include "output.hpp"
#include "tusk/error.hpp"
#include "tusk/ping.hpp"
#include "words.hpp"

namespace cli {
namespace {

constexpr std::string_view help =
    R"(Tells whether a server takes connections. No password is sent, and neither the user nor the
database need exist.

usage: tusk ping [--timeout SECONDS] [--quiet] DSN

  DSN      where to ask: postgresql://host:port/ or keyword=value pairs; what it leaves out comes
           from the PG* environment variables and the service file. May be empty: "".
  --timeout SECONDS
           gives up after so long; 3 when not given
  --quiet  prints nothing
  --help   prints this

exit status, as pg_isready's:
             0  it takes connections
             1  it refuses them: it is starting up, shutting down, or in recovery
             2  nobody answered
             3  nothing was asked: the command line, DSN or environment is wrong
)";

constexpr int not_asked = 3;

struct ping_arguments {
  bool help = false;
  bool quiet = false;
  std::chrono::milliseconds timeout{3000};
  std::optional<std::string> dsn;
};

ping_arguments parse(std::span<const char* const> all) {
  ping_arguments found;
  words at(all);
  while (at.next()) {
    if (!at.is_option()) {
      if (found.dsn) throw usage_error("ping takes one DSN");
      found.dsn = at.text();
    } else if (at.text() == "--timeout") {
      found.timeout = parse_timeout(at.value());
    } else if (at.text() == "--quiet" || at.text() == "-q") {
      at.require_no_value();
      found.quiet = true;
    } else if (at.text() == "--help" || at.text() == "-h") {
      at.require_no_value();
      found.help = true;
    } else {
      at.refuse();
    }
  }
  if (!found.help && !found.dsn) throw usage_error("DSN is missing");
  return found;
}

int ask(std::span<const char* const> all) {
  const ping_arguments asked = parse(all);
  output to;
  if (asked.help) {
    to.write(help);
    to.flush();
    return 0;
  }
  const tusk::ping_result heard = tusk::ping(*asked.dsn, {.timeout = asked.timeout});
  if (!asked.quiet) {
    std::string line(tusk::name_of(heard.status));
    // That a password is wanted, or a database is missing, is none of ping's business.
    if (heard.status != tusk::ping_status::accepting && !heard.message.empty())
      line.append(": ").append(heard.message);
    to.write(line += '\n');
    to.flush();
  }
  return static_cast<int>(heard.status);
}

}  // namespace

int run_ping(std::span<const char* const> all) {
  try {
    return ask(all);
  } catch (const usage_error& e) {
    std::fprintf(stderr, "tusk: %s\nTry \"tusk ping --help\".\n", e.what());
  } catch (const tusk::error& e) {
    std::fputs(e.report().c_str(), stderr);
  }
  return not_asked;
}

}  // namespace cli
