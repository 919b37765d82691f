// Which way and which host come next, where servers, poolers and the caller's own functions behave
// as few do.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <system_error>
#include <thread>

#include "hostile/hostile_script.hpp"
#include "tusk/ping.hpp"
#include "tusk/sqlstate.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

/// Both servers, in this order.
conninfo both(const mock_server& first, const mock_server& second) {
  return {.host = "127.0.0.1,127.0.0.1",
          .port = std::to_string(first.port()) + "," + std::to_string(second.port()),
          .dbname = "shop",
          .user = "alice",
          .password = std::string(password),
          .sslmode = "disable"};
}

/// Asks for a cleartext password.
void ask_for_password(mock_connection& client) {
  client.read_startup();
  client.send_raw(wire("'R' 00000008 00000003"));
  client.wait_for_end();
}

/// Answers the question for target_session_attrs.
void answer_question(mock_connection& client, std::string_view value) {
  client.read_request();
  const std::vector<proto::column_description> columns{{.name = "a", .type = 25}};
  client.send(proto::row_description{columns});
  send_row(client, value);
  client.send(proto::command_complete{"SHOW"}, proto::ready_for_query{});
  client.wait_for_end();
}

/// A forked process that connects many times once it is asked, and tells the ports that it chose.
class choosing_child {
 public:
  using ports = std::array<std::uint16_t, 48>;

  explicit choosing_child(const conninfo& to) {
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, line_) == 0);
    child_ = ::fork();
    REQUIRE(child_ >= 0);
    if (child_ == 0) ::_exit(choose(to) ? 0 : 1);
    ::close(line_[1]);
  }
  choosing_child(const choosing_child&) = delete;
  choosing_child& operator=(const choosing_child&) = delete;
  ~choosing_child() {
    ::close(line_[0]);
    int status = -1;
    CHECK(::waitpid(child_, &status, 0) == child_);
    CHECK(status == 0);
  }

  ports choices() {
    ports chosen{};
    CHECK(::write(line_[0], "?", 1) == 1);
    CHECK(::recv(line_[0], chosen.data(), sizeof chosen, MSG_WAITALL) == sizeof chosen);
    return chosen;
  }

 private:
  [[nodiscard]] bool choose(const conninfo& to) const {
    ::close(line_[0]);
    char asked = 0;
    if (::read(line_[1], &asked, 1) != 1) return false;
    ports chosen{};
    try {
      for (std::uint16_t& port : chosen)
        port = session(to, patient()).port();
    } catch (const error&) {
      return false;
    }
    return ::write(line_[1], chosen.data(), sizeof chosen) == sizeof chosen;
  }

  int line_[2] = {-1, -1};
  pid_t child_ = -1;
};

}  // namespace

TEST_CASE("what a provider throws comes out as it is, and nothing else is tried") {
  mock_server first(ask_for_password);
  mock_server second(ask_for_password);
  // Each of these codes, said by a server, would be a reason to go on.
  for (const sqlstate_code code :
       {sqlstate::cannot_connect_now, sqlstate::undefined_object, sqlstate_code()}) {
    const std::size_t before = first.connections();
    session_options options = patient();
    options.password_provider = [code](const credential_request&) -> std::optional<secret> {
      raise({.kind = error_kind::usage, .message = "the vault is closed", .code = code});
    };
    const error failed = failure_of([&] { session db(both(first, second), options); });
    CHECK(failed.message() == "the vault is closed");
    CHECK(named(failed.kind()) == "usage");
    CHECK(first.connections() == before + 1);
  }
  session_options options = patient();
  options.password_provider = [](const credential_request&) -> std::optional<secret> { throw 42; };
  CHECK_THROWS_AS(session(both(first, second), options), int);
  CHECK(second.connections() == 0);
}

TEST_CASE("whatever a connector throws, a cancel request that needs it is left out") {
  mock_server server([](mock_connection& client) {
    client.accept_startup();
    client.wait_for_end();
  });
  session_options options = brief_drain();
  int calls = 0;
  const std::uint16_t port = server.port();
  options.connector = [&calls, port](const endpoint&) {
    if (++calls > 1) throw 42;
    const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    at.sin_port = htons(port);
    if (::connect(made, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0) return -1;
    return made;
  };
  conninfo to = address_of(server);
  to.sslmode = "disable";
  session db(to, options);
  const error failed = failure_of([&] { db.execute(brief_call, "select 1"); });
  CHECK(named(failed.kind()) == "timeout");
  CHECK(calls == 2);
  check_broken(db, failed);
}

TEST_CASE("a host that does not answer the question for target_session_attrs gives way") {
  mock_server console([](mock_connection& client) {
    client.accept_startup();
    client.read_request();
    send_error(client, "ERROR", "42601", "unsupported SHOW");
    client.send(proto::ready_for_query{});
    client.wait_for_end();
  });
  mock_server primary([](mock_connection& client) {
    client.accept_startup();
    answer_question(client, "off");
  });
  conninfo to = both(console, primary);
  to.target_session_attrs = "read-write";
  const session db(to, patient());
  CHECK(db.port() == primary.port());
}

TEST_CASE("half of what tells a read-only session is not taken for the whole") {
  mock_server pooler([](mock_connection& client) {
    client.read_startup();
    client.send(proto::authentication_ok{},
                proto::parameter_status{"default_transaction_read_only", "off"},
                proto::ready_for_query{});
    answer_question(client, "on");
  });
  conninfo to = address_of(pooler);
  to.sslmode = "disable";
  to.target_session_attrs = "read-write";
  CHECK(mentions(failure_of([&] { session db(to, patient()); }), "its sessions are read-only"));
}

TEST_CASE("processes that are forked after a connection do not all choose the same hosts") {
  std::atomic<int> greeted = 0;
  const auto accept = [&greeted](mock_connection& client) {
    client.accept_startup();
    ++greeted;
    client.wait_for_end();
  };
  mock_server first(accept);
  mock_server second(accept);
  conninfo to = both(first, second);
  to.load_balance_hosts = "random";
  const session before_forking(to, patient());
  while (greeted == 0)
    ::usleep(1000);
  // Both before either connects: a server's thread that allocates while we fork could leave the
  // child a lock that nobody opens.
  choosing_child first_child(to);
  choosing_child second_child(to);
  CHECK(first_child.choices() != second_child.choices());
}

TEST_CASE("a system without another thread for a look-up in time gives an error like any other") {
  constexpr int unbound = 77;
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const rlimit none{0, 0};  // does not bind root
    if ((::getuid() == 0 && ::setuid(65534) != 0) || ::setrlimit(RLIMIT_NPROC, &none) != 0)
      ::_exit(unbound);
    try {
      std::thread([] {}).join();
      ::_exit(unbound);
    } catch (const std::system_error&) {
    }
    try {
      const session db(conninfo{.host = "localhost", .user = "alice"}, patient());
    } catch (const error& failed) {
      ::_exit(mentions(failed, "no thread") ? 0 : 1);
    } catch (...) {
      ::_exit(2);
    }
    ::_exit(3);
  }
  int status = -1;
  CHECK(::waitpid(child, &status, 0) == child);
  if (WIFEXITED(status) && WEXITSTATUS(status) == unbound) {
    WARN("left out, for this system cannot forbid a process to have threads");
  } else {
    CHECK(status == 0);
  }
}

TEST_CASE("a ping proves no knowledge of a key, even where a server asks for it") {
  std::atomic<bool> answered = false;
  mock_server server([&](mock_connection& client) {
    client.read_startup();
    client.send_raw(wire("'R' 00000017 0000000a 'SCRAM-SHA-256' 00 00"));
    client.read_message();
    answered = true;
  });
  conninfo to = address_of(server);
  to.password.reset();
  to.sslmode = "disable";
  const std::string key = std::string(43, 'A') + "=";
  to.scram_client_key = secret(std::string(key));
  to.scram_server_key = secret(std::string(key));
  CHECK(ping(to, patient()).status == ping_status::accepting);
  CHECK_FALSE(answered);
}
