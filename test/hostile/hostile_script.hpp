#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/mock_server.hpp"
#include "tusk/tusk.hpp"

namespace tusk::test {

using std::chrono::milliseconds;

inline constexpr std::string_view password = "s3cret-pass";

inline conninfo address_of(const mock_server& server) {
  return {.host = "127.0.0.1",
          .port = std::to_string(server.port()),
          .dbname = "shop",
          .user = "alice",
          .password = std::string(password)};
}

/// Long enough for everything that works, however busy the machine: what hangs still ends.
inline session_options patient() {
  session_options options;
  options.timeout = std::chrono::seconds(60);
  options.drain_timeout = std::chrono::seconds(60);
  return options;
}

/// Little patience with a start that comes to nothing.
inline session_options brief() {
  session_options options;
  options.timeout = milliseconds(200);
  return options;
}

/// Lets the start take its time, and gives up soon what is not drained.
inline session_options brief_drain() {
  session_options options = patient();
  options.drain_timeout = milliseconds(200);
  return options;
}

/// A call that is to find its time up.
inline constexpr call_options brief_call{.timeout = milliseconds(200)};

/// The error that `call` throws. Whatever it is, it does not tell the password.
template <class Call>
error failure_of(Call&& call) {
  try {
    call();
  } catch (const error& e) {
    INFO(e.report());
    CHECK(std::string_view(e.what()).find(password) == std::string_view::npos);
    CHECK(e.report().find(password) == std::string::npos);
    CHECK_FALSE(e.message().empty());
    return e;
  }
  FAIL("nothing was thrown");
  throw 0;
}

inline std::string named(error_kind kind) {
  constexpr std::string_view names[] = {"server",   "connect", "connection_lost", "timeout",
                                        "protocol", "usage",   "conversion"};
  return std::string(names[static_cast<std::size_t>(kind)]);
}

/// The session has said that it is broken, is so, and says why when it is used again.
inline void check_broken(session& db, const error& failed) {
  CHECK_FALSE(failed.session_usable());
  CHECK(db.status() == session_status::broken);
  const error again = failure_of([&] { db.execute("select 1"); });
  CHECK(named(again.kind()) == "connection_lost");
  CHECK(again.safe_to_retry());
  CHECK(again.message().find("the session is broken") == 0);
}

inline bool mentions(const error& failed, std::string_view words) {
  return std::string_view(failed.what()).find(words) != std::string_view::npos;
}

/// Answers Parse, Describe, Sync: no parameters, and one column of type text.
inline void describe_text(mock_connection& client) {
  client.read_request();
  const std::vector<proto::column_description> columns{{.name = "a", .type = 25}};
  client.send(proto::parse_complete{}, proto::parameter_description{},
              proto::row_description{columns}, proto::ready_for_query{});
}

inline void send_row(mock_connection& client, std::string_view value) {
  const std::vector<std::optional<bytes_view>> values{bytes_of(value)};
  client.send(proto::data_row{values});
}

inline void send_error(mock_connection& client, std::string_view severity, std::string_view code,
                       std::string_view message) {
  const std::vector<proto::error_field> fields{
      {'S', severity}, {'V', severity}, {'C', code}, {'M', message}};
  client.send(proto::error_response{fields});
}

inline void send_notice(mock_connection& client, std::string_view message) {
  const std::vector<proto::error_field> fields{
      {'S', "NOTICE"}, {'V', "NOTICE"}, {'C', "00000"}, {'M', message}};
  client.send(proto::notice_response{fields});
}

/// Serves one query of the session's whole: description, then one row.
inline void serve_query(mock_connection& client, std::string_view value) {
  describe_text(client);
  client.read_request();
  client.send(proto::bind_complete{});
  send_row(client, value);
  client.send(proto::command_complete{"SELECT 1"}, proto::ready_for_query{});
}

}  // namespace tusk::test
