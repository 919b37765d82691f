// The command-line program tusk: PostgreSQL without libpq, from a shell.
#include <fcntl.h>
#include <unistd.h>

#include <clocale>
#include <csignal>
#include <cstdio>
#include <exception>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "arguments.hpp"
#include "connect_info.hpp"
#include "copy_in.hpp"
#include "copy_out.hpp"
#include "dsn.hpp"
#include "listen.hpp"
#include "output.hpp"
#include "ping.hpp"
#include "query.hpp"
#include "trace.hpp"
#include "tusk/error.hpp"
#include "version.hpp"

namespace {

constexpr int success = 0;
constexpr int server_error = 1;
constexpr int usage_failure = 2;
constexpr int no_session = 3;

constexpr std::string_view general_help =
    R"(tusk: talks to PostgreSQL

usage: tusk query [OPTION...] [--] DSN SQL [PARAM...]   runs a statement
       tusk copy-in [OPTION...] DSN TABLE [FILE]        loads a file into a table
       tusk copy-out [OPTION...] DSN TABLE [FILE]       saves a table, or a query's rows, in a file
       tusk ping [OPTION...] DSN                        is a server there?
       tusk connect-info [OPTION...] DSN                connects, and tells how
       tusk dsn [OPTION...] STRING                      what does a connection string mean?
       tusk listen [OPTION...] DSN CHANNEL...           prints what is notified, as it comes
       tusk trace --listen PORT [OPTION...] DSN         relays clients, and prints what passes
       tusk COMMAND --help
       tusk --help | --version
)";

constexpr std::string_view query_help =
    R"(Runs one SQL statement and prints its rows, or its command tag when it returns none.

usage: tusk query [OPTION...] [--] DSN SQL [PARAM...]

  DSN      where to connect: postgresql://user@host:port/dbname or keyword=value pairs; what it
           leaves out comes from the PG* environment variables. May be empty: "".
  SQL      the statement
  PARAM    the values of $1, $2, ...: sent as text, read by the server as the type it wants

  --format table|csv|json
           table  aligned columns (the default)
           csv    a header line, NULL as nothing, an empty string as ""
           json   one array of objects: numbers, booleans and json as JSON, NULL as null,
                  everything else as strings; [] for a statement that returns no rows
  --timeout SECONDS
           gives up when connecting and the statement together take longer; 0.5 is half a second
  --null TOKEN
           a PARAM that is exactly TOKEN is NULL
  --       ends the options. Use it before a PARAM that may begin with "-"; what begins with "-" and
           a digit is a value in any case.
  --help   prints this

Values are printed as the server's own text. Errors and notices go to standard error.

exit status: 0  done
             1  the server refused the statement
             2  the command line, DSN or environment is wrong
             3  no connection, or it was lost; time is up; the server broke the protocol; the
                output cannot be written
)";

int fail(std::string_view text, int status) {
  std::fprintf(stderr, "tusk: %.*s\n", static_cast<int>(text.size()), text.data());
  return status;
}

int status_of(const tusk::error& e) {
  switch (e.kind()) {
    // FATAL and PANIC end the session.
    case tusk::error_kind::skipped:
    case tusk::error_kind::cancelled:
    case tusk::error_kind::rolled_back:
    case tusk::error_kind::in_doubt:
    case tusk::error_kind::server: return e.session_usable() ? server_error : no_session;
    case tusk::error_kind::usage: return usage_failure;
    case tusk::error_kind::connect:
    case tusk::error_kind::connection_lost:
    case tusk::error_kind::timeout:
    case tusk::error_kind::protocol:
    case tusk::error_kind::conversion: return no_session;
  }
  return no_session;
}

int show(std::string_view text) {
  cli::output to;
  to.write(text);
  to.flush();
  return success;
}

int query(std::span<const char* const> words) {
  const cli::query_arguments asked = cli::parse_query(words);
  if (asked.help) return show(query_help);
  cli::output to;
  try {
    cli::run_query(asked, to);
  } catch (const tusk::error& failed) {
    to.flush();  // the rows that came before
    if (failed.kind() == tusk::error_kind::timeout && asked.timeout)
      cli::raise_late(failed, *asked.timeout);
    throw;
  }
  return success;
}

int run(std::span<const char* const> words) {
  const std::string_view command = words.empty() ? std::string_view() : words[0];
  if (command == "query") return query(words.subspan(1));
  if (command == "copy-in") return cli::run_copy_in(words.subspan(1));
  if (command == "copy-out") return cli::run_copy_out(words.subspan(1));
  if (command == "ping") return cli::run_ping(words.subspan(1));
  if (command == "connect-info") return cli::run_connect_info(words.subspan(1));
  if (command == "dsn") return cli::run_dsn(words.subspan(1));
  if (command == "listen") return cli::run_listen(words.subspan(1));
  if (command == "trace") return cli::run_trace(words.subspan(1));
  if (command == "--help" || command == "-h") return show(general_help);
  if (command == "--version") return show(std::string("tusk ").append(cli::version).append("\n"));
  if (command.empty()) throw cli::usage_error("a command is missing");
  throw cli::usage_error(
      std::string(command.starts_with('-') ? "there is no option \"" : "there is no command \"")
          .append(command)
          .append("\""));
}

// The next file or socket that is opened would take the place of standard input, output or error
// where that is closed, and what is printed would go into it.
void hold_standard_places() {
  for (const int place : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(place, F_GETFD) < 0)
      static_cast<void>(::open("/dev/null", place == STDIN_FILENO ? O_WRONLY : O_RDONLY));
  }
}

}  // namespace

int main(int argc, char** argv) {
  hold_standard_places();
  // The widths of characters, and nothing else, are taken from a locale.
  if (std::setlocale(LC_CTYPE, "C.UTF-8") == nullptr) std::setlocale(LC_CTYPE, "");
  // So that a reader who has gone is an error like any other.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    const std::span<char*> all(argv, static_cast<std::size_t>(argc));
    const std::vector<const char*> words(all.empty() ? all.end() : all.begin() + 1, all.end());
    return run(words);
  } catch (const cli::usage_error& e) {
    return fail(std::string(e.what()).append("\nTry \"tusk --help\" or \"tusk COMMAND --help\"."),
                usage_failure);
  } catch (const cli::output_error& e) {
    return fail(e.what(), no_session);
  } catch (const tusk::error& e) {
    std::fputs(e.report().c_str(), stderr);
    return status_of(e);
  } catch (const std::exception& e) {
    return fail(e.what(), no_session);
  }
}
