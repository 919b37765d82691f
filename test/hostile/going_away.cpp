// Servers that say why they go, in every way that they have, and listeners while connecting.
#include <future>
#include <stdexcept>

#include "hostile/hostile_script.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

void send_warning(mock_connection& client, std::string_view code, std::string_view message) {
  const std::vector<proto::error_field> fields{
      {'S', "WARNUNG"}, {'V', "WARNING"}, {'C', code}, {'M', message}};
  client.send(proto::notice_response{fields});
}

constexpr std::string_view crash =
    "terminating connection because of crash of another server process";

/// Checks until the session is found to be broken.
bool is_found_broken(session& db) {
  for (int i = 0; i < 3000; ++i) {
    if (!db.check()) return true;
    std::this_thread::sleep_for(milliseconds(10));
  }
  return false;
}

}  // namespace

TEST_CASE("the warning with which a crashing server leaves is the reason") {
  mock_server server([](mock_connection& client) {
    client.accept_startup();
    client.read_request();
    send_warning(client, "57P02", crash);
  });
  session db(address_of(server), patient());
  const error failed = failure_of([&] { db.execute("select 1"); });
  CHECK(named(failed.kind()) == "connection_lost");
  CHECK(failed.sqlstate().text() == "57P02");
  CHECK(mentions(failed, crash));
  CHECK(failed.is_transient());
  check_broken(db, failed);
}

TEST_CASE("a warning that something came behind is not why the connection ended") {
  mock_server server([](mock_connection& client) {
    client.accept_startup();
    describe_text(client);
    client.read_request();
    send_warning(client, "57P02", "raised by some function");
    client.send(proto::bind_complete{});
  });
  session db(address_of(server), patient());
  const error failed =
      failure_of([&] { static_cast<void>(db.query<std::string>("select a from t")); });
  CHECK(named(failed.kind()) == "connection_lost");
  CHECK(failed.sqlstate().empty());
  CHECK_FALSE(mentions(failed, "raised by some function"));
}

TEST_CASE("check finds what a server said before it went, and the next call repeats it") {
  struct ending {
    const char* severity;
    const char* code;
    bool closes;
  };
  for (const ending& how : {ending{"FATAL", "57P01", true}, ending{"FATAL", "57P05", false},
                            ending{"WARNING", "57P02", true}, ending{"", "", true}}) {
    CAPTURE(how.code);
    mock_server server([&how](mock_connection& client) {
      client.accept_startup();
      if (std::string_view(how.severity) == "FATAL") {
        send_error(client, "FATAL", how.code, "the reason");
      } else if (*how.severity != '\0') {
        send_warning(client, how.code, "the reason");
      }
      if (!how.closes) client.wait_for_end();
    });
    session db(address_of(server), patient());
    CHECK(is_found_broken(db));
    CHECK(db.status() == session_status::broken);
    const error failed = failure_of([&] { db.execute("select 1"); });
    CHECK(named(failed.kind()) == "connection_lost");
    CHECK(failed.sqlstate().text() == how.code);
    CHECK(failed.safe_to_retry());
    if (*how.code != '\0') CHECK(mentions(failed, "the reason"));
  }
}

TEST_CASE("check finds half a message, and the rest of it later") {
  std::promise<void> go_on;
  std::shared_future<void> told = go_on.get_future().share();
  mock_server server([told](mock_connection& client) {
    client.accept_startup();
    client.send_raw(wire("'A' 00000012 00000009 'jobs' 00 'o'"));
    told.wait();
    client.send_raw(wire("'ne!' 00"));
    client.wait_for_end();
  });
  session db(address_of(server), patient());
  CHECK(db.check());
  CHECK(db.take_notifications().empty());
  go_on.set_value();
  std::vector<notification> heard;
  for (int i = 0; i < 3000 && heard.empty(); ++i) {
    CHECK(db.check());
    heard = db.take_notifications();
    std::this_thread::sleep_for(milliseconds(10));
  }
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].channel == "jobs");
}

TEST_CASE("an answer that nobody asked for is found by check to break the protocol") {
  mock_server server([](mock_connection& client) {
    client.accept_startup();
    client.send(proto::command_complete{"SELECT 1"});
    client.wait_for_end();
  });
  session db(address_of(server), patient());
  CHECK(is_found_broken(db));
  CHECK(mentions(failure_of([&] { db.execute("select 1"); }), "nothing was asked of it"));
}

TEST_CASE("notices of connecting go to their listener, and what it throws out of the constructor") {
  mock_server server([](mock_connection& client) {
    client.read_startup();
    client.send(proto::authentication_ok{});
    send_notice(client, "welcome");
    client.send(proto::parameter_status{"TimeZone", "UTC"}, proto::ready_for_query{});
    client.wait_for_end();
  });
  session_options options = patient();
  std::string heard;
  bool changed = false;
  options.on_notice = [&heard](const notice& said) { heard += said.fields.message; };
  options.on_parameter_change = [&changed](std::string_view, std::string_view) { changed = true; };
  session db(address_of(server), options);
  CHECK(heard == "welcome");
  CHECK_FALSE(changed);
  CHECK(db.take_notices().empty());
  options.on_notice = [](const notice&) { throw std::runtime_error("unwelcome"); };
  CHECK_THROWS_WITH(session(address_of(server), options), "unwelcome");
  db.on_notice([](const notice&) { throw std::runtime_error("again"); });
  CHECK_THROWS_WITH(db.reset(), "again");
  CHECK(db.status() == session_status::open);
}

TEST_CASE("a server that begins with another client_encoding is refused unless it is followed") {
  mock_server server([](mock_connection& client) {
    client.read_startup();
    client.send(proto::authentication_ok{}, proto::parameter_status{"client_encoding", "LATIN1"},
                proto::ready_for_query{});
    client.wait_for_end();
  });
  const error failed = failure_of([&] { session db(address_of(server), patient()); });
  CHECK(mentions(failed, "client_encoding"));
  CHECK(mentions(failed, "LATIN1"));
  session_options options = patient();
  options.follow_client_encoding = true;
  const session db(address_of(server), options);
  CHECK(db.status() == session_status::open);
}
