#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "integration/server.hpp"

namespace tusk::test {

/// A table of its own, and another session that holds a lock on it.
class held_table {
 public:
  held_table() : other_(connect()) {
    other_.script("drop table if exists held; create table held(i int)");
  }
  ~held_table() { other_.script("rollback; drop table held"); }
  held_table(const held_table&) = delete;
  held_table& operator=(const held_table&) = delete;
  void lock() { other_.script("begin; lock held"); }
  void unlock() { other_.script("rollback"); }
  std::int64_t count() {
    return other_.script("select count(*) from held").at(0).at(0)[0].as<std::int64_t>();
  }
  /// Ends the other's connection.
  void kill(const session& db) {
    other_.script("select pg_terminate_backend(" + std::to_string(db.process_id()) + ")");
  }

 private:
  session other_;
};

/// A session that waits long for what it leaves.
inline session patient(statement_mode how) {
  return connect({.mode = how, .drain_timeout = std::chrono::seconds(60)});
}

}  // namespace tusk::test
