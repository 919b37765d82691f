// Cancelling where the server, or the way to it, does not play along.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <future>
#include <stdexcept>
#include <thread>

#include "hostile/hostile_script.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

constexpr auto long_enough = std::chrono::seconds(60);

int connect_to(std::uint16_t port) {
  const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  at.sin_port = htons(port);
  if (::connect(made, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0) return made;
  ::close(made);
  return -1;
}

/// One event that another thread waits for.
class event {
 public:
  void happen() { promise_.set_value(); }
  void wait() const { static_cast<void>(future_.wait_for(long_enough)); }

 private:
  std::promise<void> promise_;
  std::shared_future<void> future_ = promise_.get_future().share();
};

/// Begins a statement, says so, and answers it when `over` has happened; then serves one more.
void serve_two(mock_connection& client, event& begun, const event& over) {
  client.accept_startup();
  client.read_request();
  begun.happen();
  over.wait();
  client.send(proto::command_complete{"SELECT 1"}, proto::ready_for_query{});
  client.read_request();
  client.send(proto::command_complete{"SELECT 2"}, proto::ready_for_query{});
  client.wait_for_end();
}

}  // namespace

TEST_CASE("a canceller sends the process and its key, and waits for the server's end") {
  event begun;
  event over;
  std::promise<bool> right;
  mock_server server([&](mock_connection& client) {
    if (client.number() == 0) return serve_two(client, begun, over);
    const proto::first_packet packet = client.read_first_packet();
    const auto& request = std::get<proto::cancel_request>(packet);
    right.set_value(request.process_id == mock_connection::process_id &&
                    same_bytes(request.secret_key, bytes_of("key!")));
  });
  session db(address_of(server), patient());
  const auto stop = db.canceller();
  CHECK(stop.cancel().outcome == cancel_outcome::nothing_running);
  auto running = std::async(std::launch::async, [&] { return db.script("select 1").size(); });
  begun.wait();
  CHECK(stop.cancel(long_enough).outcome == cancel_outcome::passed_on);
  CHECK(right.get_future().get());
  over.happen();
  CHECK(running.get() == 1);  // it was too late, which is no error
  CHECK(db.script("select 2").size() == 1);
}

TEST_CASE("a session that was given no key cannot be cancelled, and says so") {
  event begun;
  event over;
  mock_server server([&](mock_connection& client) {
    client.read_startup();
    client.send(proto::authentication_ok{}, proto::ready_for_query{});
    client.read_request();
    begun.happen();
    over.wait();
    client.send(proto::command_complete{"SELECT 1"}, proto::ready_for_query{});
    client.wait_for_end();
  });
  session db(address_of(server), patient());
  const auto stop = db.canceller();
  auto running = std::async(std::launch::async, [&] { return db.script("select 1").size(); });
  begun.wait();
  CHECK(stop.cancel().outcome == cancel_outcome::no_key);
  over.happen();
  CHECK(running.get() == 1);
  CHECK(server.connections() == 1);
}

TEST_CASE("a cancel that cannot be sent says why, and does no harm") {
  event begun;
  event over;
  mock_server server([&](mock_connection& client) { serve_two(client, begun, over); });
  bool throws = false;
  SECTION("no connection") {}
  SECTION("a connector that throws") {
    throws = true;
  }
  std::atomic<bool> closed = false;
  session_options options = patient();
  options.connector = [&](const endpoint& to) {
    if (closed && throws) throw std::runtime_error("the tunnel is closed");
    return closed ? -1 : connect_to(to.port);
  };
  session db(address_of(server), options);
  closed = true;
  const auto stop = db.canceller();
  auto running = std::async(std::launch::async, [&] { return db.script("select 1").size(); });
  begun.wait();
  const cancel_result found = stop.cancel(long_enough);
  CHECK(found.outcome == cancel_outcome::not_sent);
  CHECK(found.why ==
        (throws ? "the tunnel is closed" : "the program's own connector gave no connection"));
  over.happen();
  CHECK(running.get() == 1);
  CHECK(db.script("select 2").size() == 1);
}

TEST_CASE("a cancel whose end does not come holds the next statement back") {
  event begun;
  event over;
  event leave;
  mock_server server([&](mock_connection& client) {
    if (client.number() == 0) return serve_two(client, begun, over);
    client.read_first_packet();
    leave.wait();
  });
  session_options options = patient();
  bool ends = false;
  SECTION("until the server is done with it") {
    ends = true;
  }
  SECTION("and breaks the session after drain_timeout") {
    options.drain_timeout = milliseconds(200);
  }
  session db(address_of(server), options);
  const auto stop = db.canceller();
  auto running = std::async(std::launch::async, [&] { return db.script("select 1").size(); });
  begun.wait();
  CHECK(stop.cancel(milliseconds(2000)).outcome == cancel_outcome::uncertain);
  over.happen();
  CHECK(running.get() == 1);
  if (ends) {
    std::thread later([&] {
      std::this_thread::sleep_for(milliseconds(200));
      leave.happen();
    });
    CHECK(db.script("select 2").size() == 1);
    later.join();
    return;
  }
  const error refused = failure_of([&] { db.script("select 2"); });
  CHECK(refused.kind() == error_kind::connection_lost);
  CHECK(mentions(refused, "whether an earlier statement was cancelled could not be found out"));
  CHECK(refused.safe_to_retry());
  check_broken(db, refused);
  leave.happen();
}

TEST_CASE("a statement waits for a cancel that is still inside, though not for ever") {
  event begun;
  event over;
  event leave;
  mock_server server([&](mock_connection& client) {
    if (client.number() == 0) return serve_two(client, begun, over);
    client.read_first_packet();
    over.happen();  // the statement ends while its cancel is on the way
    leave.wait();
  });
  session db(address_of(server), brief_drain());
  const auto stop = db.canceller();
  auto running = std::async(std::launch::async, [&] { return db.script("select 1").size(); });
  begun.wait();
  auto cancelling =
      std::async(std::launch::async, [&] { return stop.cancel(long_enough).outcome; });
  CHECK(running.get() == 1);
  const error refused = failure_of([&] { db.script("select 2"); });
  CHECK(refused.kind() == error_kind::connection_lost);
  CHECK(db.status() == session_status::broken);
  leave.happen();
  CHECK(cancelling.get() == cancel_outcome::passed_on);
}

TEST_CASE("a cancel that is still inside does not concern a session that was reset") {
  event begun;
  event over;
  event leave;
  mock_server server([&](mock_connection& client) {
    if (client.number() == 0) return serve_two(client, begun, over);
    if (client.number() == 2) {
      client.accept_startup();
      client.read_request();
      client.send(proto::command_complete{"SELECT 3"}, proto::ready_for_query{});
      return client.wait_for_end();
    }
    client.read_first_packet();
    over.happen();
    leave.wait();
  });
  session db(address_of(server), patient());
  const auto stop = db.canceller();
  auto running = std::async(std::launch::async, [&] { return db.script("select 1").size(); });
  begun.wait();
  auto cancelling =
      std::async(std::launch::async, [&] { return stop.cancel(long_enough).outcome; });
  CHECK(running.get() == 1);
  db.reset();
  CHECK(db.script("select 3").size() == 1);
  leave.happen();
  CHECK(cancelling.get() == cancel_outcome::passed_on);
  CHECK(stop.cancel().outcome == cancel_outcome::nothing_running);
}

TEST_CASE(
    "a pipeline whose server ignores the cancel meets its deadline, and the session is broken") {
  mock_server server([](mock_connection& client) {
    client.accept_startup();  // a cancel request ends here
    client.wait_for_end();
  });
  session db(address_of(server), brief_drain());
  const error failed = failure_of([&] {
    auto line = db.pipeline(brief_call);
    auto answer = line.query<int>("select 1");
    line.sync();
    static_cast<void>(answer.get());
  });
  CHECK(failed.kind() == error_kind::timeout);
  CHECK(server.comes_to(2));
  CHECK(server.connections() == 2);
  check_broken(db, failed);
}

TEST_CASE("a call's time is up where the cancel is refused: what comes is drained") {
  event over;
  mock_server server([&](mock_connection& client) {
    client.accept_startup();
    client.read_request();
    over.wait();
    client.send(proto::command_complete{"SELECT 1"}, proto::ready_for_query{});
    client.read_request();
    client.send(proto::command_complete{"SELECT 2"}, proto::ready_for_query{});
    client.wait_for_end();
  });
  std::atomic<bool> closed = false;
  session_options options = patient();
  options.connector = [&](const endpoint& to) {
    if (!closed) return connect_to(to.port);
    over.happen();
    return -1;
  };
  session db(address_of(server), options);
  closed = true;
  const error failed = failure_of([&] { db.script(brief_call, "select 1"); });
  CHECK(failed.kind() == error_kind::timeout);
  CHECK(mentions(failed, "within 200 ms"));
  CHECK(mentions(failed, "but the statement was carried out"));
  CHECK(failed.session_usable());
  CHECK(db.script("select 2").size() == 1);
}
