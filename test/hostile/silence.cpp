// Servers that keep silent, or never stop: every call meets its deadline, and says truthfully
// whether the session can be used on. No test measures time: one that hangs fails by itself.
#include <future>

#include "hostile/hostile_script.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

/// A server that starts a query's rows and then keeps silent. Cancel requests are read and ignored.
void begin_rows(mock_connection& client) {
  client.accept_startup();
  describe_text(client);
  client.read_request();
  client.send(proto::bind_complete{});
  send_row(client, "first");
}

}  // namespace

TEST_CASE("a server that is silent from the start meets the deadline") {
  mock_server server([](mock_connection& client) { client.wait_for_end(); });
  const error failed = failure_of([&] { session db(address_of(server), brief()); });
  CHECK(named(failed.kind()) == "timeout");
  CHECK_FALSE(failed.session_usable());
  CHECK(mentions(failed, "127.0.0.1:" + std::to_string(server.port())));
}

TEST_CASE("a server that falls silent in the start meets the deadline") {
  mock_server server([](mock_connection& client) {
    client.read_startup();
    client.send_raw(wire("'R' 00000008 000000"));
    client.wait_for_end();
  });
  const error failed = failure_of([&] { session db(address_of(server), brief()); });
  CHECK(named(failed.kind()) == "timeout");
}

TEST_CASE("connect_timeout alone bounds the start, too") {
  mock_server server([](mock_connection& client) { client.wait_for_end(); });
  conninfo to = address_of(server);
  to.connect_timeout = "1";
  const error failed = failure_of([&] { session db(to); });
  CHECK(named(failed.kind()) == "timeout");
}

TEST_CASE("a silent server that ignores the cancel breaks the session") {
  mock_server server([](mock_connection& client) {
    client.accept_startup();
    client.wait_for_end();
  });
  session db(address_of(server), brief_drain());
  const error failed = failure_of([&] { db.execute(brief_call, "select 1"); });
  CHECK(named(failed.kind()) == "timeout");
  CHECK(mentions(failed, "the session is broken"));
  check_broken(db, failed);
  CHECK(server.comes_to(2));  // it did try to cancel
  CHECK(server.connections() == 2);
}

TEST_CASE("a server that does not even close the cancel connection breaks the session") {
  mock_server server([](mock_connection& client) {
    if (client.number() == 0) client.accept_startup();
    client.wait_for_end();
  });
  session db(address_of(server), brief_drain());
  const error failed = failure_of([&] { db.execute(brief_call, "select 1"); });
  CHECK(named(failed.kind()) == "timeout");
  check_broken(db, failed);
}

TEST_CASE("a server that falls silent between rows meets the deadline") {
  mock_server server([](mock_connection& client) {
    begin_rows(client);
    client.wait_for_end();
  });
  session db(address_of(server), brief_drain());
  const error failed =
      failure_of([&] { static_cast<void>(db.query<std::string>(brief_call, "select a from t")); });
  CHECK(named(failed.kind()) == "timeout");
  CHECK(failed.statement() == "select a from t");
  check_broken(db, failed);
}

TEST_CASE("a server that falls silent inside a row meets the deadline") {
  mock_server server([](mock_connection& client) {
    begin_rows(client);
    client.send_raw(wire("'D' 00000100 0001 000000f6 'xyz'"));
    client.wait_for_end();
  });
  session db(address_of(server), brief_drain());
  const error failed = failure_of([&] {
    for (const auto& value : db.stream<std::string>(brief_call, "select a from t"))
      CHECK(value == "first");
  });
  CHECK(named(failed.kind()) == "timeout");
  check_broken(db, failed);
}

TEST_CASE("a server that obeys the cancel leaves the session usable") {
  std::promise<void> cancelled;
  mock_server server([&cancelled](mock_connection& client) {
    if (client.number() == 1) {
      const proto::first_packet packet = client.read_first_packet();
      const auto& request = std::get<proto::cancel_request>(packet);
      if (request.process_id == mock_connection::process_id &&
          same_bytes(request.secret_key, bytes_of("key!"))) {
        cancelled.set_value();
      }
      return;
    }
    begin_rows(client);
    if (cancelled.get_future().wait_for(std::chrono::seconds(60)) != std::future_status::ready)
      return;
    send_error(client, "ERROR", "57014", "canceling statement due to user request");
    client.send(proto::ready_for_query{});
    serve_query(client, "again");
    client.wait_for_end();
  });
  session db(address_of(server), patient());
  // Enough for the description, which this server gives only once.
  const call_options in_time{.timeout = std::chrono::seconds(4)};
  const error failed =
      failure_of([&] { static_cast<void>(db.query<std::string>(in_time, "select a from t")); });
  CHECK(named(failed.kind()) == "timeout");
  CHECK(mentions(failed, "the statement was cancelled"));
  CHECK(failed.session_usable());
  CHECK(db.status() == session_status::open);
  CHECK(db.scalar<std::string>("select b from t") == "again");
}

TEST_CASE("a stream that is left early breaks the session when the server ignores the cancel") {
  mock_server server([](mock_connection& client) {
    begin_rows(client);
    client.wait_for_end();
  });
  session_options options = brief_drain();
  options.timeout.reset();  // only drain_timeout bounds it
  session db(address_of(server), options);
  for (const auto& value : db.stream<std::string>("select a from t")) {
    CHECK(value == "first");
    break;
  }
  CHECK(db.status() == session_status::broken);
  const error again = failure_of([&] { db.execute("select 1"); });
  CHECK(named(again.kind()) == "connection_lost");
}

TEST_CASE("a stream that is left early breaks the session when the rows never end") {
  mock_server server([](mock_connection& client) {
    begin_rows(client);
    for (;;)
      send_row(client, "more");
  });
  session_options options = brief_drain();
  options.timeout.reset();
  session db(address_of(server), options);
  for (const auto& value : db.stream<std::string>("select a from t")) {
    CHECK(value == "first");
    break;
  }
  CHECK(db.status() == session_status::broken);
}

TEST_CASE("a server without a cancel key is waited for when a stream is left early") {
  mock_server server([](mock_connection& client) {
    client.read_startup();
    client.send(proto::authentication_ok{}, proto::ready_for_query{});
    describe_text(client);
    client.read_request();
    client.send(proto::bind_complete{});
    for (int i = 0; i < 1000; ++i)
      send_row(client, "first");
    client.send(proto::command_complete{"SELECT 1000"}, proto::ready_for_query{});
    client.wait_for_end();
  });
  session db(address_of(server), patient());
  CHECK(db.process_id() == 0);
  for (const auto& value : db.stream<std::string>("select a from t")) {
    CHECK(value == "first");
    break;
  }
  CHECK(db.status() == session_status::open);
  CHECK(server.connections() == 1);  // nothing to cancel with
}

TEST_CASE("a server that never stops sending notices meets the deadline") {
  mock_server server([](mock_connection& client) {
    client.accept_startup();
    client.read_request();
    for (;;)
      send_notice(client, "hear");
  });
  session db(address_of(server), brief_drain());
  const error failed = failure_of([&] { db.execute(brief_call, "select 1"); });
  CHECK(named(failed.kind()) == "timeout");
  check_broken(db, failed);
}

TEST_CASE("a server that never stops sending notices in the start meets the deadline") {
  mock_server server([](mock_connection& client) {
    client.read_startup();
    for (;;)
      send_notice(client, "hear");
  });
  const error failed = failure_of([&] { session db(address_of(server), brief()); });
  CHECK(named(failed.kind()) == "timeout");
}

TEST_CASE("a server that does not read meets the deadline of a long statement") {
  std::promise<void> done;
  mock_server server([&done](mock_connection& client) {
    client.accept_startup();  // a cancel request ends here
    done.get_future().wait_for(std::chrono::seconds(60));
  });
  session db(address_of(server), brief_drain());
  const std::string long_statement = "select '" + std::string(32U << 20, 'x') + "'";
  const error failed = failure_of([&] { db.execute(brief_call, long_statement); });
  CHECK(named(failed.kind()) == "timeout");
  CHECK(db.status() == session_status::broken);
  done.set_value();
}
