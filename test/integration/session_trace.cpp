// What a session's trace shows of its connection.
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>

#include "server.hpp"
#include "support/catch.hpp"
#include "tusk/wire_trace.hpp"

namespace {

using namespace tusk;
using namespace tusk::test;

std::shared_ptr<wire_trace> into(std::string& text, const wire_trace_options& options = {}) {
  return std::make_shared<wire_trace>(
      [&text](std::string_view line) { text.append(line).append("\n"); }, options);
}

constexpr wire_trace_options plain{.timestamps = false};

conninfo by_password() {
  return {.host = variable("TUSK_TEST_HOST"),
          .port = variable("TUSK_TEST_PORT"),
          .dbname = "postgres",
          .user = "u_scram",
          .password = secret(variable("TUSK_TEST_PASSWORD")),
          .sslmode = "disable"};
}

bool has(const std::string& text, std::string_view line) {
  return text.find(std::string(line) + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("a session's trace goes from the startup packet to the goodbye, without the password",
          "[trace]") {
  std::string text;
  {
    session db(by_password(), {.trace = into(text, plain)});
    CHECK(db.scalar<std::string>("select $1::text", "a value") == "a value");
    CHECK_THROWS_AS(db.execute("select 1 / 0"), error);
  }
  CHECK(text.starts_with("F\t"));
  CHECK(text.substr(0, text.find('\n')).find("StartupMessage\t 3 0 \"user\" \"u_scram\"") !=
        std::string::npos);
  CHECK(has(text, "B\t23\tAuthenticationSASL\t \"SCRAM-SHA-256\" \"\""));
  CHECK(text.find("SASLInitialResponse\t \"SCRAM-SHA-256\" ") != std::string::npos);
  CHECK(text.find("\tSASLResponse\t '***'\n") != std::string::npos);
  CHECK(has(text, "B\t8\tAuthenticationOk"));
  CHECK(text.find("BackendKeyData") != std::string::npos);
  CHECK(text.find("7 'a value'") != text.rfind("7 'a value'"));  // as a parameter and in a row
  CHECK(text.find(" C \"22012\" ") != std::string::npos);
  CHECK(text.ends_with("F\t4\tTerminate\n"));
  CHECK(text.find(variable("TUSK_TEST_PASSWORD")) == std::string::npos);
}

TEST_CASE("a session's trace shows what TLS protects, and nothing of TLS", "[trace]") {
  if (std::getenv("TUSK_TEST_ROOT_CERT") == nullptr) return;  // this server has no TLS
  std::string text;
  conninfo to = by_password();
  to.sslmode = "require";
  session db(to, {.trace = into(text, plain)});
  REQUIRE(db.tls() != nullptr);
  db.execute("select 'protected'");
  CHECK(text.substr(0, text.find('\n')).find("StartupMessage") != std::string::npos);
  CHECK(text.find("select 'protected'") != std::string::npos);
  CHECK(text.ends_with("B\t5\tReadyForQuery\t I\n"));
}

TEST_CASE("a change of password is traced without the verifier", "[trace]") {
  std::string text;
  session db = connect({.trace = into(text, plain)});
  db.execute("drop role if exists u_traced");
  db.execute("create role u_traced");
  db.change_password("a new one", "u_traced");
  db.execute("drop role u_traced");
  CHECK(text.find("password '***'\"") != std::string::npos);
  CHECK(text.find("SCRAM-SHA-256$") == std::string::npos);
}

TEST_CASE("a trace begins and ends between two statements", "[trace]") {
  std::string text;
  session db = connect();
  db.execute("select 'before'");
  const auto trace = into(text, plain);
  db.trace(trace);
  db.execute("select 'traced'");
  db.trace(nullptr);
  db.execute("select 'after'");
  CHECK_FALSE(trace->ended());
  CHECK(text.find("select 'traced'") != std::string::npos);
  CHECK(text.find("before") == std::string::npos);
  CHECK(text.find("after") == std::string::npos);
  CHECK(text.ends_with("B\t5\tReadyForQuery\t I\n"));
  {
    auto rows = db.stream<int>("select 1");
    CHECK_THROWS_AS(db.trace(trace), programming_error);
    db.trace(nullptr);
  }
  db.trace(trace);
  text.clear();
  db.reset();
  CHECK(text.find("Terminate") != std::string::npos);
  CHECK(text.find("StartupMessage") != std::string::npos);
  CHECK_FALSE(trace->ended());
}

TEST_CASE("what a trace's callback throws ends the trace and not the session", "[trace]") {
  int lines = 0;
  session db = connect({.trace = std::make_shared<wire_trace>([&lines](std::string_view) {
                          if (++lines == 3) throw std::runtime_error("the disk is full");
                        })});
  CHECK(db.scalar<int>("select 1") == 1);
  CHECK(lines == 3);
  CHECK(db.status() == session_status::open);
}

TEST_CASE("large rows and many statements are traced whole", "[trace]") {
  std::string text;
  session db = connect({.trace = into(text, {.timestamps = false, .show_values = false})});
  text.clear();
  std::size_t rows = 0;
  for (auto [number, filler] : db.stream<int, std::string_view>(
           "select i, repeat('x', i) from generate_series(1, 3000) i")) {
    ++rows;
    CHECK(filler.size() == static_cast<std::size_t>(number));
  }
  CHECK(rows == 3000);
  std::size_t traced = 0;
  for (std::size_t at = text.find("DataRow\t 2 4 "); at != std::string::npos;
       at = text.find("DataRow\t 2 4 ", at + 1)) {
    ++traced;
  }
  CHECK(traced == 3000);
  CHECK(text.find("DataRow\t 2 4 3000\n") != std::string::npos);
}
