#include "integration/server.hpp"

#include <cstdlib>

namespace tusk::test {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') {
    throw std::runtime_error(std::string(name) +
                             " is not set: run these tests with tools/test, or one program with "
                             "tools/postgres run -- PROGRAM");
  }
  return value;
}

session connect(const session_options& options) {
  session_options patient = options;
  if (options.drain_timeout == session_options{}.drain_timeout)
    patient.drain_timeout = std::chrono::minutes(1);
  return session(variable("TUSK_TEST_DSN"), patient);
}

int major_version(const session& db) {
  return std::stoi(std::string(db.parameter("server_version")));
}

std::string server_text(session& db, std::string_view expression) {
  const auto results = db.script("select " + std::string(expression));
  const cell value = results.at(0).at(0)[0];
  return value.is_null() ? "NULL" : std::string(value.raw().text());
}

int prepared_count(session& db) {
  // By the simple protocol, so that the question is not among the answers.
  return db.script("select count(*)::int from pg_prepared_statements where not from_sql")
      .at(0)
      .at(0)[0]
      .as<int>();
}

}  // namespace tusk::test
