// COPYs from and to the standard library's streams, and what goes wrong in these.

#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <streambuf>
#include <string>
#include <utility>

#include "integration/server.hpp"
#include "support/catch.hpp"
#include "tusk/large_object_stream.hpp"

namespace {

using namespace tusk::test;
using tusk::copy_from;
using tusk::copy_in;

struct burst : std::runtime_error {
  burst() : std::runtime_error("the pipe has burst") {}
};

// Gives some bytes, or takes some, then throws.
class bursting : public std::streambuf {
 public:
  explicit bursting(std::string bytes) : bytes_(std::move(bytes)) {
    setg(bytes_.data(), bytes_.data(), bytes_.data() + bytes_.size());
    setp(bytes_.data(), bytes_.data() + bytes_.size());
  }

 protected:
  int_type underflow() override { throw burst(); }
  int_type overflow(int_type) override { throw burst(); }
  int sync() override { throw burst(); }

 private:
  std::string bytes_;
};

std::string failure_of(auto&& body) {
  return std::string(error_of<tusk::operational_error>(body).message());
}

tusk::session with_table() {
  auto db = connect();
  db.script("create temp table t(a text)");
  return db;
}

int rows_in(tusk::session& db) {
  return db.scalar<int>("select count(*) from t");
}

}  // namespace

TEST_CASE("what a stream's buffer throws comes out of a COPY, whatever the stream throws at") {
  auto db = with_table();
  for (const auto mask : {std::ios::goodbit, std::ios::badbit, std::ios::failbit}) {
    CAPTURE(mask);
    bursting pipe("a\nb\n");
    std::istream from(&pipe);
    from.exceptions(mask);
    CHECK_THROWS_AS(db.copy_in("copy t from stdin", [&](copy_in& in) { in.write_from(from); }),
                    burst);
    CHECK(from.bad());
    CHECK(rows_in(db) == 0);
    for (const auto* const rows : {"select 1", "select generate_series(1, 9)"}) {  // sync, overflow
      bursting other("1234");
      std::ostream to(&other);
      to.exceptions(mask);
      to << std::unitbuf;
      CHECK_THROWS_AS(db.copy_out(copy_from{.query = rows}).write_to(to), burst);
      CHECK(to.bad());
      CHECK(failure_of([&] {
              return db.copy_out(copy_from{.query = rows}).write_to(to);
            }).ends_with("it was never opened, or has failed before"));
    }
    CHECK(db.status() == tusk::session_status::open);
  }
}

TEST_CASE("the end of a stream is no failure, whatever the stream throws at") {
  auto db = with_table();
  std::istringstream from("a\nb\n");
  from.exceptions(std::ios::failbit | std::ios::badbit | std::ios::eofbit);
  db.copy_in("copy t from stdin", [&](copy_in& in) {
    CHECK(in.write_from(from) == 4);
    CHECK(from.eof());
    CHECK(in.write_from(from) == 0);
  });
  CHECK(rows_in(db) == 2);
}

TEST_CASE("a file that cannot be read or written says why") {
  auto db = with_table();
  std::ifstream directory("/");
  CHECK(failure_of([&] {
          return db.copy_in("copy t from stdin").write_from(directory);
        }).find("Is a directory") != std::string::npos);
  // What the stream holds back has room in its buffer.
  std::ofstream full("/dev/full");
  CHECK(failure_of([&] { return db.copy_out(copy_from{.query = "select 1"}).write_to(full); }) ==
        "the stream for the data of a COPY cannot be written: it does not take what it has held "
        "back");
  std::ofstream never("/nowhere/at/all");
  for (const auto* const rows : {"select 1", "select 1 where false"}) {
    CHECK(failure_of([&] { return db.copy_out(copy_from{.query = rows}).write_to(never); }) ==
          "the stream for the data of a COPY cannot be written: it was never opened, or has failed "
          "before");
  }
  CHECK(failure_of([&] { return db.copy_in("copy t from stdin").write_from_descriptor(-1); }) ==
        "descriptor -1 with the data for a COPY cannot be read: Bad file descriptor");
  CHECK(rows_in(db) == 0);
}

TEST_CASE("a large object that cannot be read on ends the COPY that it goes into with its error") {
  auto db = with_table();
  auto other = connect();
  auto tx = other.begin();
  const auto id =
      tx.scalar<tusk::oid>("select lo_from_bytea(0, convert_to('a' || chr(10), 'UTF8'))");
  tusk::large_object_stream from(tx, id);
  CHECK_THROWS_AS(tx.execute("select 1/0"), tusk::error);
  CHECK(error_of<tusk::error>([&] { return db.copy_in("copy t from stdin").write_from(from); })
            .sqlstate()
            .text() == "25P02");
  CHECK(from.bad());
  CHECK(rows_in(db) == 0);
}
