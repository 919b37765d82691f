// Servers that go away at every possible moment: each call ends with a clean error.
#include <signal.h>

#include <cstdio>
#include <future>
#include <optional>

#include "hostile/hostile_script.hpp"
#include "support/silent_port.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

/// A whole conversation, as the server sees it.
void serve_all(mock_connection& client) {
  client.accept_startup();
  serve_query(client, "one");
  describe_text(client);
  client.read_request();
  client.send(proto::bind_complete{});
  send_row(client, "two");
  send_notice(client, "hear");
  send_row(client, "two");
  client.send(proto::command_complete{"SELECT 2"}, proto::ready_for_query{});
  client.read_request();
  client.send(proto::command_complete{"BEGIN"}, proto::empty_query_response{},
              proto::ready_for_query{proto::transaction_status::in_block});
  describe_text(client);
  client.read_request();
  send_error(client, "ERROR", "22012", "division by zero");
  client.send(proto::ready_for_query{proto::transaction_status::failed});
  client.wait_for_end();
}

/// The same, as the session sees it. True when it came to its end.
bool ask_all(const mock_server& server) {
  std::optional<session> db;
  bool answered_by_error = false;
  try {
    db.emplace(address_of(server), patient());
    const auto one = db->scalar<std::string>("select a from t");
    CHECK(one == "one");
    for (const auto& value : db->stream<std::string>("select b from t"))
      CHECK(value == "two");
    const auto results = db->script("begin; ;");
    CHECK(results.size() == 1);
    answered_by_error = true;
    db->execute("select 1/0");
  } catch (const error& e) {
    if (answered_by_error && e.kind() == error_kind::server) {
      CHECK(e.sqlstate().text() == "22012");
      CHECK(e.session_usable());
      CHECK(db->status() == session_status::failed_transaction);
      return true;
    }
    INFO(e.report());
    CHECK(named(e.kind()) == (db ? "connection_lost" : "connect"));
    CHECK_FALSE(e.session_usable());
    CHECK(e.report().find(password) == std::string::npos);
    if (db) CHECK(db->status() == session_status::broken);
  }
  return false;
}

void end_after_every_byte(bool by_reset) {
  mock_server server([by_reset](mock_connection& client) {
    client.end_after(client.number() + 1, by_reset);
    serve_all(client);
  });
  std::size_t bytes = 1;
  while (!ask_all(server) && bytes < 2000)
    ++bytes;
  CHECK(bytes > 400);   // it did end at each byte of a whole conversation
  CHECK(bytes < 2000);  // and came through when nothing was cut off
}

}  // namespace

TEST_CASE("a server that closes after any number of bytes gives a clean error each time") {
  end_after_every_byte(false);
}

TEST_CASE("a server that resets after any number of bytes gives a clean error each time") {
  end_after_every_byte(true);
}

TEST_CASE("a connection that ends in the middle of a row says so") {
  mock_server server([](mock_connection& client) {
    client.accept_startup();
    describe_text(client);
    client.read_request();
    client.send(proto::bind_complete{});
    client.send_raw(wire("'D' 00000100 0001 000000f6 'xyz'"));
  });
  session db(address_of(server), patient());
  const error failed =
      failure_of([&] { static_cast<void>(db.query<std::string>("select a from t")); });
  CHECK(named(failed.kind()) == "connection_lost");
  CHECK(mentions(failed, "in the middle of a message"));
  check_broken(db, failed);
}

TEST_CASE("the server's last words are the error, not the end of the connection") {
  mock_server server([](mock_connection& client) {
    client.accept_startup();
    client.read_request();
    send_error(client, "FATAL", "57P01", "terminating connection due to administrator command");
  });
  session db(address_of(server), patient());
  const error failed = failure_of([&] { db.execute("select 1"); });
  CHECK(named(failed.kind()) == "connection_lost");
  CHECK(failed.sqlstate().text() == "57P01");
  CHECK(mentions(failed, "administrator command"));
  CHECK_FALSE(failed.session_usable());
  CHECK(db.status() == session_status::broken);
}

TEST_CASE("last words that came while nothing was asked are read although writing fails") {
  REQUIRE(::signal(SIGPIPE, SIG_DFL) != SIG_ERR);  // a SIGPIPE would end this program
  std::promise<void> gone;
  mock_server server([&gone](mock_connection& client) {
    client.accept_startup();
    send_error(client, "FATAL", "57P01", "terminating connection due to administrator command");
    client.close();
    gone.set_value();
  });
  session db(address_of(server), patient());
  gone.get_future().wait();
  // Too long for one write: the first part makes the server's side answer with a reset.
  const error failed =
      failure_of([&] { db.execute("select '" + std::string(32U << 20, 'x') + "'"); });
  CHECK(named(failed.kind()) == "connection_lost");
  CHECK(failed.sqlstate().text() == "57P01");
  CHECK(db.status() == session_status::broken);
}

TEST_CASE("writing to a server that has reset the connection ends in an error and not in SIGPIPE") {
  REQUIRE(::signal(SIGPIPE, SIG_DFL) != SIG_ERR);
  std::promise<void> gone;
  mock_server server([&gone](mock_connection& client) {
    client.accept_startup();
    client.reset();
    gone.set_value();
  });
  session db(address_of(server), patient());
  gone.get_future().wait();
  const error failed = failure_of([&] { db.execute("select 1"); });
  CHECK(named(failed.kind()) == "connection_lost");
  check_broken(db, failed);
}

TEST_CASE("a closed port is refused, naming it") {
  const closed_port nobody;
  conninfo to{.host = "127.0.0.1", .port = nobody.port(), .user = "alice"};
  const error failed = failure_of([&] { session db(to, patient()); });
  CHECK(named(failed.kind()) == "connect");
  CHECK(mentions(failed, "127.0.0.1:" + nobody.port()));
  CHECK(failed.safe_to_retry());

  to.host = "localhost";
  const error by_name = failure_of([&] { session db(to, patient()); });
  CHECK(named(by_name.kind()) == "connect");
  CHECK(mentions(by_name, "localhost"));
  CHECK(mentions(by_name, ":" + nobody.port()));
}

TEST_CASE("every address of a name is tried until one answers") {
  // On most machines localhost is ::1 first, where nobody listens.
  mock_server server([](mock_connection& client) {
    client.accept_startup();
    client.wait_for_end();
  });
  conninfo to = address_of(server);
  to.host = "localhost";
  const session db(to, patient());
  CHECK(db.status() == session_status::open);
  CHECK(db.peer() == "127.0.0.1:" + std::to_string(server.port()));
}

TEST_CASE("a program that the process starts does not inherit the session's socket") {
  const auto sockets_of_child = [] {
    std::string out;
    FILE* child = ::popen("ls -l /proc/self/fd", "r");
    REQUIRE(child != nullptr);
    char line[512];
    while (std::fgets(line, sizeof line, child) != nullptr) {
      const std::string_view text(line);
      const std::size_t at = text.find("socket:");
      if (at != text.npos) out += text.substr(at);
    }
    REQUIRE(::pclose(child) == 0);
    return out;
  };
  const std::string before = sockets_of_child();
  mock_server server([](mock_connection& client) {
    client.accept_startup();
    client.wait_for_end();
  });
  const session db(address_of(server), patient());
  REQUIRE(db.status() == session_status::open);
  CHECK(sockets_of_child() == before);
}
