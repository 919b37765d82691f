// Servers that send what nobody asked for while a session waits for notifications, or stop
// half-way.
#include <atomic>
#include <future>
#include <thread>

#include "hostile/hostile_script.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

void send_notification(mock_connection& client, std::string_view channel,
                       std::string_view payload) {
  client.send(proto::notification_response{7, channel, payload});
}

/// A server that lets a client in, and says the bytes as soon as it has.
mock_server::script saying(std::string_view bytes) {
  return [bytes](mock_connection& client) {
    client.accept_startup();
    client.send_raw(wire(bytes));
    client.wait_for_end();
  };
}

constexpr auto brief_wait = milliseconds(200);
constexpr auto long_wait = std::chrono::seconds(60);

void check_that_a_wait_breaks(std::string_view bytes) {
  INFO(bytes);
  mock_server server(saying(bytes));
  session db(address_of(server), patient());
  const error failed = failure_of([&] { static_cast<void>(db.wait_notification(long_wait)); });
  CHECK(named(failed.kind()) == "protocol");
  check_broken(db, failed);
}

}  // namespace

TEST_CASE("a notification with an empty channel, an odd process and any bytes is passed on") {
  mock_server server(saying("'A' 0000000a 00000000 00 00 'A' 0000000e ffffffff 'c' 00 fffe01 00"));
  session db(address_of(server), patient());
  const auto empty = db.wait_notification(long_wait);
  REQUIRE(empty.has_value());
  CHECK(empty->channel.empty());
  CHECK(empty->payload.empty());
  CHECK(empty->process_id == 0);
  const auto odd = db.wait_notification(long_wait);
  REQUIRE(odd.has_value());
  CHECK(odd->process_id == -1);
  CHECK(odd->channel == "c");
  CHECK(odd->payload == "\xff\xfe\x01");
}

TEST_CASE("half a notification and then silence is waited for until the time is up, and after") {
  std::promise<void> go_on;
  mock_server server([&](mock_connection& client) {
    client.accept_startup();
    client.send_raw(wire("'A' 00000011 00000007 'ch' 00"));
    go_on.get_future().wait_for(long_wait);
    client.send_raw(wire("'rest!' 00"));
    client.wait_for_end();
  });
  session db(address_of(server), patient());
  CHECK_FALSE(db.wait_notification(milliseconds(0)).has_value());
  CHECK_FALSE(db.wait_notification(brief_wait).has_value());
  CHECK(db.status() == session_status::open);
  go_on.set_value();
  const auto said = db.wait_notification(long_wait);
  REQUIRE(said.has_value());
  CHECK(said->payload == "rest!");
}

TEST_CASE("a malformed notification breaks the session that waits for it") {
  for (const std::string_view bytes :
       {"'A' 00000008 00000007", "'A' 00000009 00000007 'c'", "'A' 0000000b 00000007 'c' 00 'x'",
        "'A' 0000000d 00000007 'c' 00 'p' 00 'x'", "'A' 00000003", "'A' ffffffff"}) {
    check_that_a_wait_breaks(bytes);
  }
}

TEST_CASE("answers that nobody has asked for break the session that waits") {
  for (const std::string_view bytes :
       {"'D' 0000000b 0001 00000001 'x'", "'Z' 00000005 'I'", "'C' 0000000d 'SELECT 1' 00",
        "'T' 00000006 0000", "'1' 00000004", "'G' 00000007 00 0000", "'d' 00000005 'x'",
        "'R' 00000008 00000000", "'K' 0000000c 00000001 00000002", "'x' 00000004"}) {
    check_that_a_wait_breaks(bytes);
  }
}

TEST_CASE("an error that nobody has asked for ends the wait, though the line stays open") {
  mock_server server([](mock_connection& client) {
    client.accept_startup();
    send_notification(client, "c", "before");
    send_error(client, "FATAL", "57P05", "idle for too long");
    client.wait_for_end();
  });
  session db(address_of(server), patient());
  CHECK(db.wait_notification(long_wait).has_value());
  const error failed = failure_of([&] { static_cast<void>(db.wait_notification(long_wait)); });
  CHECK(named(failed.kind()) == "connection_lost");
  CHECK(failed.sqlstate().text() == "57P05");
  check_broken(db, failed);
}

TEST_CASE("a server that ends the line in the middle of a notification ends the wait") {
  mock_server server([](mock_connection& client) {
    client.accept_startup();
    client.send_raw(wire("'A' 00000010 00000007 'ch'"));
  });
  session db(address_of(server), patient());
  const error failed = failure_of([&] { static_cast<void>(db.wait_notification(long_wait)); });
  CHECK(named(failed.kind()) == "connection_lost");
  CHECK(mentions(failed, "in the middle of a message"));
  check_broken(db, failed);
}

TEST_CASE("a flood of notices and parameters does not keep a wait beyond its time") {
  mock_server server([](mock_connection& client) {
    client.accept_startup();
    for (;;) {
      send_notice(client, "hear");
      client.send(proto::parameter_status{"application_name", "flood"});
    }
  });
  session_options options = patient();
  options.max_queued_messages = 10;
  session db(address_of(server), options);
  const waker stop = db.waker();
  CHECK_FALSE(db.wait_notification(milliseconds(0)).has_value());
  CHECK_FALSE(db.wait_notification(milliseconds(1000)).has_value());
  CHECK(db.take_notices().size() == 10);
  std::thread other([&] {
    std::this_thread::sleep_for(milliseconds(20));
    stop.wake();
  });
  CHECK_FALSE(db.wait_notification().has_value());
  other.join();
  CHECK(db.status() == session_status::open);
}

TEST_CASE("a flood of notifications is read no further than it is taken") {
  std::atomic<std::uint64_t> sent = 0;
  mock_server server([&sent](mock_connection& client) {
    client.accept_startup();
    for (std::uint64_t i = 0;; sent = ++i)
      send_notification(client, "c", std::to_string(i));
  });
  session db(address_of(server), patient());
  for (int i = 0; i < 10'000; ++i) {
    const auto said = db.wait_notification(long_wait);
    REQUIRE(said.has_value());
    REQUIRE(said->payload == std::to_string(i));
  }
  CHECK(db.dropped_notifications() == 0);
  CHECK(db.take_notifications().empty());
}

TEST_CASE("a reset line and a silent one: a listener's first connection has its time") {
  mock_server server([](mock_connection& client) { client.wait_for_end(); });
  listener_options options;
  options.patience = brief_wait;
  const error failed = failure_of([&] { listener ear(address_of(server), options); });
  CHECK(named(failed.kind()) == "timeout");
}

TEST_CASE("a listener comes back from a server that breaks the protocol") {
  mock_server server([](mock_connection& client) {
    client.accept_startup();
    if (client.number() == 0) client.send_raw(wire("'Z' 00000005 'I'"));
    if (client.number() == 1) send_notification(client, "c", "second connection");
    client.wait_for_end();
  });
  listener_options options;
  options.first_delay = milliseconds(1);
  listener ear(address_of(server), options);
  const auto gap = ear.wait(long_wait);
  REQUIRE(gap.has_value());
  REQUIRE(std::holds_alternative<listener_gap>(*gap));
  CHECK(std::get<listener_gap>(*gap).reason.find("nothing was asked") != std::string::npos);
  const auto said = ear.wait(long_wait);
  REQUIRE(said.has_value());
  CHECK(std::get<notification>(*said).payload == "second connection");
}
