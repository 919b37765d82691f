// Servers that speak, but not as PostgreSQL does.
#include "hostile/hostile_script.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

error failure_of_start(const mock_server::script& play) {
  mock_server server(play);
  const error failed = failure_of([&] { session db(address_of(server), patient()); });
  CHECK(mentions(failed, "127.0.0.1:" + std::to_string(server.port())));
  CHECK(mentions(failed, "\"alice\""));
  CHECK_FALSE(failed.session_usable());
  return failed;
}

/// What a client says of `answer` to its first query, after a good start.
error failure_of_query(std::string_view answer, const session_options& options = patient()) {
  mock_server server([answer](mock_connection& client) {
    client.accept_startup();
    describe_text(client);
    client.read_request();
    client.send_raw(wire(answer));
    client.wait_for_end();
  });
  session db(address_of(server), options);
  const error failed =
      failure_of([&] { static_cast<void>(db.query<std::string>("select a from t")); });
  INFO(failed.report());
  check_broken(db, failed);
  return failed;
}

std::string client_nonce(mock_connection& client) {
  const std::vector<std::string_view> mechanisms{"SCRAM-SHA-256"};
  client.read_startup();
  client.send(proto::authentication_sasl{mechanisms});
  const proto::frontend_message message = client.read_message(proto::frontend_state::sasl_initial);
  const bytes_view first = std::get<proto::sasl_initial_response>(message).response.value();
  const std::string text(reinterpret_cast<const char*>(first.data()), first.size());
  return text.substr(text.find("r=") + 2);
}

void challenge(mock_connection& client, const std::string& nonce, std::string_view iterations) {
  const std::string first =
      "r=" + nonce + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=" + std::string(iterations);
  client.send(proto::authentication_sasl_continue{bytes_of(first)});
}

}  // namespace

TEST_CASE("a peer that is no PostgreSQL server is told so, naming the host") {
  for (const char* banner :
       {"'HTTP/1.1 400 Bad Request' 0d0a 0d0a", "'SSH-2.0-OpenSSH_9.2' 0d0a", "15 0301 0002 0228",
        "'220 mail ESMTP' 0d0a", "00", "ffffffffffffffff", "'R' ffffffff", "'E' 00000002"}) {
    const error failed = failure_of_start([banner](mock_connection& client) {
      client.send_raw(wire(banner));
      client.wait_for_end();
    });
    INFO(failed.report());
    CHECK(named(failed.kind()) == "connect");
    CHECK(mentions(failed, "does not speak PostgreSQL's protocol"));
  }
}

TEST_CASE("the server's own refusal is the error of the start") {
  const error failed = failure_of_start([](mock_connection& client) {
    client.read_startup();
    send_error(client, "FATAL", "28P01", "password authentication failed for user \"alice\"");
  });
  CHECK(named(failed.kind()) == "connect");
  CHECK(failed.sqlstate().text() == "28P01");
  CHECK(mentions(failed, "password authentication failed"));
}

TEST_CASE("a server that cannot prove that it knows the password is refused") {
  const error liar = failure_of_start([](mock_connection& client) {
    challenge(client, client_nonce(client) + "more", "4096");
    client.read_message(proto::frontend_state::sasl);
    const std::string_view made_up = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";
    client.send(proto::authentication_sasl_final{bytes_of(made_up)}, proto::authentication_ok{},
                proto::ready_for_query{});
    client.wait_for_end();
  });
  CHECK(mentions(liar, "SCRAM"));
  const error hasty = failure_of_start([](mock_connection& client) {
    challenge(client, client_nonce(client) + "more", "4096");
    client.read_message(proto::frontend_state::sasl);
    client.send(proto::authentication_ok{}, proto::ready_for_query{});
    client.wait_for_end();
  });
  CHECK(mentions(hasty, "before it has proved that it knows the password"));
}

TEST_CASE("a server that repeats our nonce only, or wants endless work, is refused") {
  const error echo = failure_of_start([](mock_connection& client) {
    challenge(client, client_nonce(client), "4096");
    client.wait_for_end();
  });
  CHECK(mentions(echo, "SCRAM"));
  const error greedy = failure_of_start([](mock_connection& client) {
    challenge(client, client_nonce(client) + "more", "2000000000");
    client.wait_for_end();
  });
  CHECK(mentions(greedy, "max_scram_iterations"));
}

TEST_CASE("a cleartext password that is refused is not told") {
  const error failed = failure_of_start([](mock_connection& client) {
    client.read_startup();
    client.send(proto::authentication_cleartext_password{});
    client.read_message();
    client.send_raw(wire("'y' 00000004"));
    client.wait_for_end();
  });
  CHECK(named(failed.kind()) == "connect");
}

TEST_CASE("malformed answers break the session, naming the message") {
  const std::string bound = "'2' 00000004 ";
  for (const char* bad :
       {"'D' 00000006 0002", "'D' 0000000a 0001 00000009", "'Q' 00000004", "'C' 00000003",
        "'Z' 00000005 'x'", "'T' 00000006 0000", "'d' 00000005 'x'", "'K' 0000000c 00000001 'key!'",
        "00 00 00 00 00", "'C' 7fffffff"}) {
    INFO(bad);
    const error failed = failure_of_query(bound + bad);
    CHECK(named(failed.kind()) == "protocol");
    CHECK(failed.statement() == "select a from t");
  }
}

TEST_CASE("a message over max_message_bytes is refused before it is awaited") {
  session_options options = patient();
  options.max_message_bytes = 1U << 20;
  const error failed = failure_of_query("'2' 00000004 'D' 00100001", options);
  CHECK(named(failed.kind()) == "protocol");
  CHECK(mentions(failed, "DataRow announces 1048578 bytes"));
}

TEST_CASE("a flood of notices is bounded and counted") {
  mock_server server([](mock_connection& client) {
    client.accept_startup();
    for (int i = 0; i < 5000; ++i)
      send_notice(client, std::to_string(i));
    serve_query(client, "one");
    client.wait_for_end();
  });
  session db(address_of(server));
  CHECK(db.scalar<std::string>("select a from t") == "one");
  const std::vector<notice> kept = db.take_notices();
  REQUIRE(kept.size() == session_options().max_queued_messages);
  CHECK(kept.back().fields.message == "4999");
  CHECK(db.dropped_messages() == 5000 - kept.size());
  CHECK(db.take_notices().empty());
}

TEST_CASE("parameters, notices and notifications may come between any two messages") {
  const auto aside = [](mock_connection& client, std::string_view zone) {
    send_notice(client, "hear");
    client.send(proto::parameter_status{"TimeZone", zone},
                proto::notification_response{9, "jobs", zone});
  };
  mock_server server([&aside](mock_connection& client) {
    client.accept_startup();
    aside(client, "a");
    client.read_request();
    const std::vector<proto::column_description> columns{{.name = "a", .type = 25}};
    client.send(proto::parse_complete{});
    aside(client, "b");
    client.send(proto::parameter_description{});
    aside(client, "c");
    client.send(proto::row_description{columns}, proto::ready_for_query{});
    client.read_request();
    client.send(proto::bind_complete{});
    for (const char* zone : {"d", "e"}) {
      aside(client, zone);
      send_row(client, zone);
    }
    client.send(proto::command_complete{"SELECT 2"});
    aside(client, "f");
    client.send(proto::ready_for_query{});
    client.wait_for_end();
  });
  session db(address_of(server));
  std::string rows;
  for (const auto& value : db.query<std::string>("select a from t"))
    rows += value;
  CHECK(rows == "de");
  CHECK(db.parameter("TimeZone") == "f");
  CHECK(db.take_notices().size() == 6);
  const std::vector<notification> heard = db.take_notifications();
  REQUIRE(heard.size() == 6);
  CHECK(heard.front().payload == "a");
  CHECK(heard.back().payload == "f");
}
