#include "listen.hpp"

#include <atomic>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "arguments.hpp"
#include "json_text.hpp"
#include "output.hpp"
#include "query.hpp"
#include "signal_pipe.hpp"
#include "time_limit.hpp"
#include "tusk/environment.hpp"
#include "tusk/listener.hpp"
#include "tusk/session.hpp"
#include "words.hpp"

namespace cli {
namespace {

constexpr std::string_view help =
    R"(Prints what is notified on channels, a line for each notification, as it comes.

usage: tusk listen [OPTION...] [--] DSN CHANNEL...

  DSN      where to connect: postgresql://user@host:port/dbname or keyword=value pairs; what it
           leaves out comes from the PG* environment variables. May be empty: "".
  CHANNEL  the names exactly as they are: "Orders" is another channel than "orders"

  --format text|json
           text  channel, the sender's process and payload, with a tab between them; a tab, a newline
                 and a backslash in them are \t, \n and \\ (the default)
           json  one object a line: channel, pid, payload
  --count N
           ends after so many notifications
  --timeout SECONDS
           ends after so long, connecting included; 0.5 is half a second
  --reconnect
           connects anew when the connection is lost, for as long as it takes. Standard error tells of
           each gap, in which notifications may have been missed.
  --       ends the options
  --help   prints this

When it listens it says so on standard error. SIGINT and SIGTERM end it.

exit status: 0  ended by a signal, by --count, or by --timeout without --count
             1  the server refused a statement
             2  the command line, DSN or environment is wrong
             3  no connection, or it was lost; --timeout came before --count; the output cannot be
                written
)";

struct listen_arguments {
  bool help = false;
  bool json = false;
  bool reconnect = false;
  std::optional<std::uint64_t> count;
  std::optional<std::chrono::milliseconds> timeout;
  std::optional<std::string> dsn;
  std::vector<std::string> channels;
};

std::uint64_t parse_count(std::string_view text) {
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || end != text.data() + text.size() || count == 0)
    throw usage_error("--count is a number above 0, not \"" + std::string(text) + "\"");
  return count;
}

void option(listen_arguments& found, words& at) {
  const std::string_view name = at.text();
  if (name == "--format") {
    found.json = parse_is_json(at.value());
  } else if (name == "--count") {
    found.count = parse_count(at.value());
  } else if (name == "--timeout") {
    found.timeout = parse_timeout(at.value());
  } else if (name == "--reconnect") {
    at.require_no_value();
    found.reconnect = true;
  } else if (name == "--help" || name == "-h") {
    at.require_no_value();
    found.help = true;
  } else {
    at.refuse();
  }
}

listen_arguments parse(std::span<const char* const> all) {
  listen_arguments found;
  words at(all);
  while (at.next()) {
    if (at.is_option())
      option(found, at);
    else if (!found.dsn)
      found.dsn = at.text();
    else
      found.channels.emplace_back(at.text());
  }
  if (found.help) return found;
  if (!found.dsn) throw usage_error("DSN and CHANNEL are missing");
  if (found.channels.empty()) throw usage_error("CHANNEL is missing");
  return found;
}

/// Where notifications come from.
class source {
 public:
  source() = default;
  virtual ~source() = default;
  source(const source&) = delete;
  source& operator=(const source&) = delete;
  virtual std::optional<tusk::listener_event> wait(
      std::optional<std::chrono::milliseconds> timeout) = 0;
  /// For signal handlers.
  virtual void wake() noexcept = 0;
};

/// One connection, whose end is an error.
class one_session : public source {
 public:
  explicit one_session(const listen_arguments& asked)
      : db_(where_to(*asked.dsn), tusk::environment::process(), {.timeout = asked.timeout}),
        waker_(db_.waker()) {
    for (const std::string& each : asked.channels)
      db_.listen(each);
    show_notices(db_);
  }
  std::optional<tusk::listener_event> wait(
      std::optional<std::chrono::milliseconds> timeout) override {
    std::optional<tusk::notification> said = db_.wait_notification(timeout);
    show_notices(db_);
    if (!said) return std::nullopt;
    return std::move(*said);
  }
  void wake() noexcept override { waker_.wake(); }

 private:
  tusk::session db_;
  tusk::waker waker_;
};

/// As many as it takes.
class many_sessions : public source {
 public:
  explicit many_sessions(const listen_arguments& asked)
      : ear_(where_to(*asked.dsn), tusk::environment::process(), options_of(asked)) {}
  std::optional<tusk::listener_event> wait(
      std::optional<std::chrono::milliseconds> timeout) override {
    return ear_.wait(timeout);
  }
  void wake() noexcept override { ear_.wake(); }

 private:
  static tusk::listener_options options_of(const listen_arguments& asked) {
    tusk::listener_options options;
    options.channels = asked.channels;
    if (asked.timeout && *asked.timeout < options.patience) options.patience = *asked.timeout;
    return options;
  }
  tusk::listener ear_;
};

/// SIGINT and SIGTERM end the wait, for as long as this lives.
class wake_on_signal {
 public:
  explicit wake_on_signal(source& what) {
    waiting = &what;
    struct sigaction act{};
    act.sa_handler = [](int) {
      came = true;
      if (source* const known = waiting) known->wake();
    };
    // A second one ends the program where it stands.
    act.sa_flags = static_cast<int>(SA_RESETHAND);
    handle_end_signals(act);
  }
  ~wake_on_signal() { waiting = nullptr; }
  wake_on_signal(const wake_on_signal&) = delete;
  wake_on_signal& operator=(const wake_on_signal&) = delete;

  [[nodiscard]] static bool has_come() noexcept { return came; }

 private:
  static_assert(std::atomic<source*>::is_always_lock_free);
  static inline std::atomic<source*> waiting = nullptr;
  static inline std::atomic<bool> came = false;
};

// As COPY's text format writes it, so that a notification is one line.
void write_escaped(output& to, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '\t': to.write("\\t"); break;
      case '\n': to.write("\\n"); break;
      case '\r': to.write("\\r"); break;
      case '\\': to.write("\\\\"); break;
      default: to.write(c);
    }
  }
}

void print(const tusk::notification& said, bool json, output& to) {
  const std::string process = std::to_string(said.process_id);
  if (json) {
    to.write("{\"channel\":");
    write_json_string(to, said.channel);
    to.write(",\"pid\":");
    to.write(process);
    to.write(",\"payload\":");
    write_json_string(to, said.payload);
    to.write("}\n");
  } else {
    write_escaped(to, said.channel);
    to.write('\t');
    to.write(process);
    to.write('\t');
    write_escaped(to, said.payload);
    to.write('\n');
  }
  to.flush();
}

void tell(const tusk::listener_gap& gap) {
  if (gap.dropped != 0) {
    std::fprintf(stderr, "tusk: notifications are missing: %s\n", gap.reason.c_str());
    return;
  }
  std::fprintf(stderr,
               "tusk: there was no connection for %lld ms, and notifications may have been missed: "
               "%s\n",
               static_cast<long long>(gap.lasted.count()), gap.reason.c_str());
}

int listen(const listen_arguments& asked, output& to) {
  constexpr int no_session = 3;
  const time_limit limit(asked.timeout);
  std::unique_ptr<source> from;
  if (asked.reconnect)
    from = std::make_unique<many_sessions>(asked);
  else
    from = std::make_unique<one_session>(asked);
  const wake_on_signal waking(*from);
  std::fprintf(stderr, "tusk: listening\n");
  std::uint64_t left = asked.count.value_or(0);
  while (!wake_on_signal::has_come()) {
    const auto event = from->wait(limit.left());
    if (event && std::holds_alternative<tusk::listener_gap>(*event)) {
      tell(std::get<tusk::listener_gap>(*event));
    } else if (event) {
      print(std::get<tusk::notification>(*event), asked.json, to);
      if (asked.count && --left == 0) break;
    }
    if (!event && limit.is_over()) return asked.count ? no_session : 0;
  }
  return 0;
}

}  // namespace

int run_listen(std::span<const char* const> words) {
  const listen_arguments asked = parse(words);
  output to;
  if (!asked.help) return listen(asked, to);
  to.write(help);
  to.flush();
  return 0;
}

}  // namespace cli
