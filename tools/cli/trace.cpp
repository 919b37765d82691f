#include "trace.hpp"

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "arguments.hpp"
#include "output.hpp"
#include "signal_pipe.hpp"
#include "trace_relay.hpp"
#include "tusk/conninfo.hpp"
#include "words.hpp"

namespace cli {

namespace {

constexpr std::string_view help =
    R"(Relays connections to a server, and prints every message that passes in the format of libpq's
PQtrace: F for the client's, B for the server's, length, name, fields. Passwords, what SASL exchanges
and cancel keys are left out; statements and values are not.

usage: tusk trace --listen PORT [OPTION...] [--] DSN

  DSN      where the server is: the first host and port of it count, and nothing else. What it
           leaves out comes from the PG* environment variables and the service file. May be "".

  --listen PORT
           where clients connect to; 0 is any free port. It is told on standard error.
  --host ADDR
           the address to listen on; 127.0.0.1 when not given
  --regress
           leaves out what differs from run to run: object ids, process numbers, source lines
  --no-values
           prints lengths in place of parameters, rows and COPY data
  --no-timestamps
           leaves out the time in front of each line
  --       ends the options
  --help   prints this

Any number of clients may connect, and send cancel requests. From the second on, a line begins with
its connection's number. Clients that ask for TLS are told that there is none, and the server is
spoken to in plain text, for what is encrypted cannot be shown. SIGINT and SIGTERM end it.

exit status: 0  ended by a signal
             2  the command line, DSN or environment is wrong, or asks for TLS
             3  it cannot listen, or the server's host is not known; the output cannot be written
)";

struct trace_arguments {
  bool help = false;
  tusk::wire_trace_options options{};
  std::string host = "127.0.0.1";
  std::optional<std::string> port;
  std::optional<std::string> dsn;
};

std::string parse_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port > 65535) {
    throw usage_error("--listen is a port from 0 to 65535, not \"" + std::string(text) + "\"");
  }
  return std::string(text);
}

void option(trace_arguments& found, words& at) {
  const std::string_view name = at.text();
  if (name == "--listen") {
    found.port = parse_port(at.value());
    return;
  }
  if (name == "--host") {
    found.host = at.value();
    return;
  }
  if (name == "--regress")
    found.options.regress = true;
  else if (name == "--no-values")
    found.options.show_values = false;
  else if (name == "--no-timestamps")
    found.options.timestamps = false;
  else if (name == "--help" || name == "-h")
    found.help = true;
  else
    at.refuse();
  at.require_no_value();
}

trace_arguments parse(std::span<const char* const> all) {
  trace_arguments found;
  words at(all);
  while (at.next()) {
    if (at.is_option()) {
      option(found, at);
    } else {
      if (found.dsn) throw usage_error("trace takes one DSN");
      found.dsn = at.text();
    }
  }
  if (found.help) return found;
  if (!found.port) throw usage_error("--listen PORT is missing");
  if (!found.dsn) throw usage_error("DSN is missing");
  return found;
}

std::string first_of(const std::optional<std::string>& list) {
  return list ? list->substr(0, list->find(',')) : std::string();
}

upstream server_of(const std::string& dsn) {
  const tusk::conninfo to = tusk::conninfo::parse(dsn).with_defaults();
  const std::string mode = to.sslmode.value_or("prefer");
  if (mode != "disable" && mode != "allow" && mode != "prefer") {
    throw usage_error("sslmode=" + mode + " asks for TLS, and what is encrypted cannot be shown: " +
                      "trace speaks to the server in plain text");
  }
  std::string host = first_of(to.hostaddr);
  if (host.empty()) host = first_of(to.host);
  if (host.empty())
    host = tusk::conninfo{.user = "nobody"}.with_defaults(tusk::environment::bare()).host.value();
  std::string port = first_of(to.port);
  if (port.empty()) port = "5432";
  return {addresses_of(host, port), host + ":" + port};
}

/// Listens, and carries all connections on by one poll loop.
class proxy {
 public:
  proxy(const trace_arguments& asked, output& to)
      : to_(to),
        options_(asked.options),
        server_(server_of(*asked.dsn)),
        listener_(listen_on(asked.host, *asked.port)) {
    std::fprintf(stderr, "tusk: listening on %s, port %u, for %s\n", asked.host.c_str(),
                 static_cast<unsigned>(port_of(listener_)), server_.name.c_str());
  }

  // What has come before the signal that ends it is passed on and shown, too.
  void run() {
    do {
      wait();
      for (std::size_t i = 0; i < relays_.size(); ++i)
        relays_[i]->go_on(polled_[2 + 2 * i].revents, polled_[3 + 2 * i].revents);
      const std::size_t ended =
          std::erase_if(relays_, [](const auto& each) { return each->over(); });
      if (ended != 0) room_ = true;
      if (polled_[1].revents != 0) accept_client();
      to_.flush();
    } while (polled_[0].revents == 0);
  }

 private:
  void wait() {
    polled_.assign({{signals_.number(), POLLIN, 0}, {room_ ? listener_.number() : -1, POLLIN, 0}});
    for (const auto& each : relays_) {
      polled_.push_back(each->client_side());
      polled_.push_back(each->server_side());
    }
    while (::poll(polled_.data(), static_cast<nfds_t>(polled_.size()), -1) < 0) {
      if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "cannot poll");
    }
  }

  void accept_client() {
    descriptor client = accept_on(listener_);
    if (!client.is_open()) {
      // Where the system has no more descriptors, the next client waits until one is given back.
      const bool full = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
      room_ = !full || relays_.empty();
      return;
    }
    const std::size_t number = ++connections_;
    tusk::wire_trace trace([this, number](std::string_view line) { print(number, line); },
                           options_);
    relays_.push_back(std::make_unique<relay>(std::move(client), server_, std::move(trace)));
  }

  void print(std::size_t number, std::string_view line) {
    if (connections_ > 1) {
      to_.write(std::to_string(number));
      to_.write('\t');
    }
    to_.write(line);
    to_.write('\n');
  }

  output& to_;
  tusk::wire_trace_options options_;
  signal_pipe signals_;
  upstream server_;
  descriptor listener_;
  std::vector<std::unique_ptr<relay>> relays_;
  std::vector<pollfd> polled_;
  std::size_t connections_ = 0;
  bool room_ = true;  // for another client
};

}  // namespace

int run_trace(std::span<const char* const> words) {
  const trace_arguments asked = parse(words);
  output to;
  if (asked.help)
    to.write(help);
  else
    proxy(asked, to).run();
  to.flush();
  return 0;
}

}  // namespace cli
