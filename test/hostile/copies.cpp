// Servers that do not keep to what a COPY is: never a crash, a hang, or memory without bound.
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "hostile/hostile_script.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

constexpr call_options simply{.timeout = std::chrono::seconds(60), .mode = statement_mode::simple};
constexpr const char* in_sql = "copy t from stdin";
constexpr const char* out_sql = "copy t to stdout";
const std::string takes_data = "'G' 00000009 00 0001 0000 ";
const std::string gives_data = "'H' 00000009 00 0001 0000 ";

/// A server that answers the first simple query with these bytes, and then listens only.
mock_server::script answering(std::string answer) {
  return [answer = std::move(answer)](mock_connection& client) {
    client.accept_startup();
    client.read_request();
    client.send_raw(wire(answer));
    client.wait_for_end();
  };
}

/// What copy_in makes of that answer.
error failure_in(const std::string& answer) {
  mock_server server(answering(answer));
  session db(address_of(server), patient());
  const error failed = failure_of([&] {
    auto in = db.copy_in(simply, in_sql);
    for (;;)
      in.write("a line of some length\n");
  });
  INFO(failed.report());
  CHECK(failed.statement() == in_sql);
  check_broken(db, failed);
  return failed;
}

/// What copy_out makes of it.
error failure_out(const std::string& answer, const session_options& options = patient()) {
  mock_server server(answering(answer));
  session db(address_of(server), options);
  const error failed = failure_of([&] {
    auto out = db.copy_out(simply, out_sql);
    out.write_to([](bytes_view) {});
  });
  INFO(failed.report());
  CHECK(failed.statement() == out_sql);
  check_broken(db, failed);
  return failed;
}

/// Answers the description of one column, then the COPY, of a typed read in the simple protocol.
mock_server::script giving(std::string data, int columns = 1) {
  return [data = std::move(data), columns](mock_connection& client) {
    client.accept_startup();
    client.read_request();
    const std::vector<proto::column_description> described(
        static_cast<std::size_t>(columns), {.name = "a", .type = 25, .type_size = -1});
    client.send(proto::row_description{described}, proto::command_complete{"SELECT 0"},
                proto::ready_for_query{});
    client.read_request();
    client.send_raw(wire(data));
    client.wait_for_end();
  };
}

error failure_of_rows(const std::string& data, copy_format format) {
  mock_server server(giving(data));
  session db(address_of(server), patient());
  const error failed = failure_of([&] {
    for (const auto& text :
         db.copy_rows<std::string>(simply, {.query = "select a from t", .format = format}))
      CHECK(text.size() < 100);
  });
  INFO(failed.report());
  // The session goes on, if what came behind the bad data was in order.
  if (failed.session_usable()) CHECK(db.status() == session_status::open);
  return failed;
}

}  // namespace

TEST_CASE("answers that have no place in a COPY break the session, naming the message") {
  const std::string row = "'D' 0000000b 0001 00000001 'x' ";
  for (const std::string& bad :
       {std::string("'W' 00000009 00 0001 0000"), takes_data + takes_data, takes_data + gives_data,
        takes_data + "'d' 00000005 'x'", takes_data + "'c' 00000004", takes_data + row,
        takes_data + "'C' 0000000b 'COPY 1' 00", takes_data + "'Z' 00000005 'I'",
        takes_data + "'Q' 00000004", row, std::string("'d' 00000005 'x'")})
    CHECK(named(failure_in(bad).kind()) == "protocol");
  for (const std::string& bad :
       {std::string("'W' 00000009 00 0001 0000"), gives_data + takes_data, gives_data + gives_data,
        gives_data + row, gives_data + "'C' 0000000b 'COPY 1' 00", gives_data + "'Z' 00000005 'I'",
        gives_data + "'c' 00000004 'd' 00000005 'x'", gives_data + "'c' 00000004 'c' 00000004", row,
        std::string("'d' 00000005 'x'")})
    CHECK(named(failure_out(bad).kind()) == "protocol");
}

TEST_CASE("lies about lengths, columns and formats are refused as what they are") {
  for (const char* bad :
       {"'H' 00000009 00 ffff 0000", "'H' 00000009 00 0002 0000", "'H' 00000009 00 0000 0000",
        "'H' 00000009 02 0001 0000", "'H' 00000009 00 0001 0007", "'H' 00000006 00 00",
        "'H' 00000007 00 0001", "'H' 7fffffff 00 0001"})
    CHECK(named(failure_out(bad).kind()) == "protocol");
  for (const char* bad : {"'d' 00000003", "'d' 00000000", "'d' ffffffff", "'d' 80000004"})
    CHECK(named(failure_out(gives_data + bad).kind()) == "protocol");
  for (const char* bad : {"'G' 00000009 00 ffff 0000", "'G' 00000009 00 0002 0000"})
    CHECK(named(failure_in(bad).kind()) == "protocol");
  session_options options = patient();
  options.max_message_bytes = 1U << 20;
  const error failed = failure_out(gives_data + "'d' 00100001", options);
  CHECK(mentions(failed, "CopyData announces 1048578 bytes"));
}

TEST_CASE("a server that takes data for a COPY TO STDOUT is told, and leaves a usable session") {
  mock_server server([](mock_connection& client) {
    client.accept_startup();
    client.read_request();
    client.send_raw(wire(takes_data));
    const auto refusal = client.read_message();
    CHECK(std::holds_alternative<proto::copy_fail>(refusal));
    send_error(client, "ERROR", "57014", "COPY from stdin failed");
    client.send(proto::ready_for_query{});
    serve_query(client, "still here");
    client.wait_for_end();
  });
  session db(address_of(server), patient());
  const error failed = failure_of([&] { static_cast<void>(db.copy_out(simply, out_sql)); });
  CHECK(failed.session_usable());
  CHECK(db.scalar<std::string>("select a from t") == "still here");
}

TEST_CASE("a server that gives data for a COPY FROM STDIN is heard out") {
  mock_server server([](mock_connection& client) {
    client.accept_startup();
    client.read_request();
    client.send_raw(wire(gives_data + "'d' 00000005 'x' 'c' 00000004 'C' 0000000b 'COPY 1' 00"));
    client.send(proto::ready_for_query{});
    serve_query(client, "still here");
    client.wait_for_end();
  });
  session db(address_of(server), patient());
  const error failed = failure_of([&] { static_cast<void>(db.copy_in(simply, in_sql)); });
  CHECK(failed.session_usable());
  CHECK(db.scalar<std::string>("select a from t") == "still here");
}

TEST_CASE("endless data is read in bounded memory, and can be left") {
  mock_server server([](mock_connection& client) {
    client.accept_startup();
    client.read_request();
    client.send_raw(wire(gives_data));
    const std::string line(60'000, 'x');
    for (;;)
      client.send(proto::copy_data{bytes_of(line)});
  });
  session db(address_of(server), brief_drain());
  {
    auto out = db.copy_out(simply, out_sql);
    std::uint64_t bytes = 0;
    while (bytes < 200'000'000) {
      const auto part = out.next();
      REQUIRE(part);
      bytes += part->size();
    }
  }
  // It does not stop for a cancel, either, and nobody waits longer than drain_timeout.
  CHECK(db.status() == session_status::broken);
}

TEST_CASE("a server that falls silent meets the deadline at each step of a COPY") {
  const call_options in_time{.timeout = milliseconds(200), .mode = statement_mode::simple};
  for (const std::string& said : {std::string(), takes_data}) {
    mock_server server(answering(said));
    session db(address_of(server), brief_drain());
    const error failed = failure_of([&] {
      auto in = db.copy_in(in_time, in_sql);
      in.write("x\n");
      in.finish();
    });
    CHECK(named(failed.kind()) == "timeout");
    check_broken(db, failed);
  }
  for (const std::string& said :
       {std::string(), gives_data, gives_data + "'d' 00000005 'x'", gives_data + "'d' 00000009 'x'",
        gives_data + "'c' 00000004", gives_data + "'c' 00000004 'C' 0000000b 'COPY 0' 00"}) {
    mock_server server(answering(said));
    session db(address_of(server), brief_drain());
    const error failed = failure_of([&] {
      auto out = db.copy_out(in_time, out_sql);
      out.write_to([](bytes_view) {});
    });
    CHECK(named(failed.kind()) == "timeout");
    check_broken(db, failed);
  }
}

TEST_CASE("a server that reads nothing does not hold a COPY for longer than its time") {
  std::atomic<bool> over = false;
  mock_server server([&](mock_connection& client) {
    client.accept_startup();
    client.read_request();
    client.send_raw(wire(takes_data));
    while (!over)
      std::this_thread::sleep_for(milliseconds(10));
  });
  session db(address_of(server), brief_drain());
  const error failed = failure_of([&] {
    auto in = db.copy_in({.timeout = milliseconds(500), .mode = statement_mode::simple}, in_sql);
    for (;;)
      in.write(std::string(100'000, 'x'));
  });
  CHECK(named(failed.kind()) == "timeout");
  check_broken(db, failed);
  over = true;
}

TEST_CASE("an error and then silence: the deadline ends the wait for ReadyForQuery") {
  for (const bool reads : {true, false}) {
    mock_server server([&](mock_connection& client) {
      client.accept_startup();
      client.read_request();
      client.send_raw(wire(reads ? gives_data : takes_data));
      send_error(client, "ERROR", "22P02", "no number");
      client.wait_for_end();
    });
    session db(address_of(server), brief_drain());
    const call_options in_time{.timeout = milliseconds(300), .mode = statement_mode::simple};
    const error failed = failure_of([&] {
      if (reads) {
        db.copy_out(in_time, out_sql).write_to([](bytes_view) {});
      } else {
        auto in = db.copy_in(in_time, in_sql);
        for (;;)
          in.write("x\n");
      }
    });
    check_broken(db, failed);
  }
}

TEST_CASE("a connection that ends in a COPY is told as that, whatever was sent before") {
  for (const std::string& said : {takes_data, gives_data, gives_data + "'d' 00000005 'x'"}) {
    mock_server server([&](mock_connection& client) {
      client.accept_startup();
      client.read_request();
      client.send_raw(wire(said));
      client.close();
    });
    session db(address_of(server), patient());
    const error failed = failure_of([&] {
      if (said.starts_with("'H'")) {
        db.copy_out(simply, out_sql).write_to([](bytes_view) {});
      } else {
        auto in = db.copy_in(simply, in_sql);
        for (;;)
          in.write("some line or other\n");
      }
    });
    CHECK(named(failed.kind()) == "connection_lost");
    check_broken(db, failed);
  }
}

TEST_CASE("lies in the data of a binary COPY are refused, whatever they announce") {
  const std::string begins = "'H' 00000009 01 0001 0001 ";
  const std::string signature = "'PGCOPY' 0a ff 0d 0a 00 ";
  const std::string ends = " 'c' 00000004 'C' 0000000b 'COPY 1' 00 'Z' 00000005 'I'";
  const std::vector<std::string> lies{
      "'d' 0000000a 'PGDUMP' ",                                              // another signature
      "'d' 00000017 " + signature + "00010000 00000000 ",                    // a flag of importance
      "'d' 00000017 " + signature + "00000000 7fffffff ",                    // 2 GiB of extension
      "'d' 00000017 " + signature + "00000000 80000000 ",                    // less than none
      "'d' 00000019 " + signature + "00000000 00000000 0002 ",               // two columns
      "'d' 00000019 " + signature + "00000000 00000000 fffe ",               // -2 columns
      "'d' 0000001d " + signature + "00000000 00000000 0001 7fffffff ",      // 2 GiB of value
      "'d' 0000001d " + signature + "00000000 00000000 0001 fffffffe ",      // less than NULL
      "'d' 0000001e " + signature + "00000000 00000000 0001 00000002 'x' ",  // cut off
      "'d' 0000001a " + signature + "00000000 00000000 ffff 00 ",            // behind the trailer
      "'d' 00000006 'PG' ",                                                  // not even a header
  };
  for (const std::string& each : lies) {
    CAPTURE(each);
    CHECK(failure_of_rows(begins + each + ends, copy_format::binary).kind() != error_kind::timeout);
  }
}

TEST_CASE("data that is not what was described is refused before a row is made of it") {
  const std::string ends = "'c' 00000004 'C' 0000000b 'COPY 1' 00 'Z' 00000005 'I'";
  // Two columns where one was described; binary that is none.
  failure_of_rows("'H' 0000000b 00 0002 0000 0000 'd' 00000008 'a' 09 'b' 0a " + ends,
                  copy_format::text);
  failure_of_rows("'H' 00000009 01 0001 0001 'd' 00000006 'a' 0a " + ends, copy_format::text);
  failure_of_rows(gives_data + "'d' 00000007 'a' 09 'b' " + ends, copy_format::text);
  failure_of_rows(gives_data + "'d' 00000006 '\"a' " + ends, copy_format::csv);
  // That it is text where binary was asked for is the server's to say.
  mock_server server(giving("'H' 00000009 00 0001 0000 'd' 00000006 'a' 0a " + ends));
  session db(address_of(server), patient());
  for (const auto& text : db.copy_rows<std::string>(simply, {.query = "select a from t"}))
    CHECK(text == "a");
  CHECK(db.status() == session_status::open);
}
