// Large objects: the same bytes as the server has, at every place; when they end; who may.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "integration/server.hpp"
#include "support/catch.hpp"
#include "tusk/large_object.hpp"

namespace {

using namespace tusk::test;
using tusk::large_object;
using tusk::seek_from;
using bytes = std::vector<std::byte>;
using mode = tusk::large_object_mode;
using misuse = tusk::programming_error;

constexpr std::size_t piece = std::size_t{256} << 10;
constexpr std::size_t page = 2048;

bytes random_bytes(std::size_t size, unsigned seed) {
  std::mt19937_64 random(seed);
  bytes made(size);
  for (std::byte& each : made)
    each = static_cast<std::byte>(random());
  return made;
}

// All of it, by a function of the server's that knows no descriptors.
bytes on_server(tusk::executor& db, tusk::oid id) {
  return db.scalar<bytes>("select lo_get($1::oid)", id);
}

int count_of(tusk::executor& db, tusk::oid id) {
  return db.scalar<int>("select count(*)::int from pg_largeobject_metadata where oid = $1::oid",
                        id);
}

// A large object that others have committed.
tusk::oid committed(tusk::session& db, const bytes& content) {
  auto tx = db.begin();
  auto object = large_object::create(tx);
  object.write(content);
  const tusk::oid id = object.id();
  object.close();
  tx.commit();
  return id;
}

}  // namespace

TEST_CASE("what was written is read again, in every mode and size around pages and pieces") {
  const auto how = GENERATE(tusk::statement_mode::prepared, tusk::statement_mode::declared,
                            tusk::statement_mode::unnamed, tusk::statement_mode::simple);
  auto db = connect({.mode = how});
  auto tx = db.begin();
  std::vector<std::size_t> sizes = {0, 1, page - 1, page, page + 1, piece - 1, piece, piece + 1};
  if (how != tusk::statement_mode::simple) {
    std::mt19937 random(1);
    for (int i = 0; i < 4; ++i)
      sizes.push_back(std::uniform_int_distribution<std::size_t>(2, 24 * piece)(random));
  }
  for (const std::size_t size : sizes) {
    CAPTURE(size);
    const bytes wanted = random_bytes(size, static_cast<unsigned>(size));
    auto object = large_object::create(tx);
    object.write(wanted);
    CHECK(object.tell() == size);
    CHECK(object.size() == size);
    CHECK(object.seek(0) == 0);
    CHECK((object.read(size + 10) == wanted));
    CHECK((on_server(tx, object.id()) == wanted));
    CHECK(object.read(1).empty());  // at the end
    object.seek(0);
    bytes exact(size);
    CHECK(object.read(std::span(exact)) == size);
    CHECK((exact == wanted));
    large_object::unlink(tx, object.id());
  }
}

TEST_CASE("random reads, writes, seeks and truncations give what a vector of bytes gives") {
  auto db = connect();
  auto tx = db.begin();
  auto object = large_object::create(tx);
  bytes model;
  std::size_t at = 0;
  std::mt19937 random(20260731);
  const auto upto = [&](std::size_t most) {
    return std::uniform_int_distribution<std::size_t>(0, most)(random);
  };
  for (int step = 0; step < 400; ++step) {
    CAPTURE(step);
    switch (upto(4)) {
      case 0: {
        const bytes more = random_bytes(upto(3 * page), static_cast<unsigned>(step));
        object.write(more);
        if (more.empty()) break;
        model.resize(std::max(model.size(), at + more.size()));
        std::copy(more.begin(), more.end(), model.begin() + static_cast<std::ptrdiff_t>(at));
        at += more.size();
        break;
      }
      case 1: {
        const std::size_t count = upto(3 * page);
        const bytes got = object.read(count);
        const std::size_t left = at < model.size() ? model.size() - at : 0;
        REQUIRE(got.size() == std::min(count, left));
        REQUIRE(
            std::equal(got.begin(), got.end(),
                       model.begin() + static_cast<std::ptrdiff_t>(std::min(at, model.size()))));
        at += got.size();
        break;
      }
      case 2: {
        const auto target = static_cast<std::int64_t>(upto(model.size() + page));
        const auto size = static_cast<std::int64_t>(model.size());
        const auto from = static_cast<seek_from>(upto(2));
        const std::int64_t base = from == seek_from::begin     ? 0
                                  : from == seek_from::current ? static_cast<std::int64_t>(at)
                                                               : size;
        REQUIRE(object.seek(target - base, from) == static_cast<std::uint64_t>(target));
        at = static_cast<std::size_t>(target);
        break;
      }
      case 3: {
        const std::size_t size = upto(model.size() + page);
        object.truncate(size);
        model.resize(size);
        break;
      }
      default:
        REQUIRE(object.tell() == at);
        REQUIRE(object.size() == model.size());
        REQUIRE(object.tell() == at);
    }
  }
  CHECK(model.size() > page);
  CHECK((on_server(tx, object.id()) == model));
}

TEST_CASE("places beyond 4 GiB are reached, and what was never written is zeros") {
  auto db = connect();
  auto tx = db.begin();
  auto object = large_object::create(tx);
  constexpr std::int64_t far = std::int64_t{5} << 30;
  CHECK(object.seek(far) == far);
  object.write("there");
  CHECK(object.tell() == far + 5);
  CHECK(object.size() == far + 5);
  CHECK(object.seek(-7, seek_from::end) == far - 2);
  CHECK((object.read(100) == bytes{std::byte{0}, std::byte{0}, std::byte{'t'}, std::byte{'h'},
                                   std::byte{'e'}, std::byte{'r'}, std::byte{'e'}}));
  // The hole takes no room.
  CHECK(tx.scalar<int>("select count(*)::int from pg_largeobject where loid = $1::oid",
                       object.id()) == 1);
  object.truncate(far - 1);
  CHECK(object.size() == far - 1);
  CHECK(object.tell() == far + 5);
  CHECK(object.read(1).empty());
  object.seek(far - 3);
  CHECK((object.read(9) == bytes(2)));
  object.truncate(3);
  CHECK(object.size() == 3);
  CHECK((on_server(tx, object.id()) == bytes(3)));
  object.truncate(large_object::max_size);
  CHECK(object.size() == large_object::max_size);
  CHECK(object.seek(0, seek_from::end) == large_object::max_size);
  CHECK(object.read(10).empty());
}

TEST_CASE("a place that no large object has is refused, and the transaction goes on") {
  auto db = connect();
  auto tx = db.begin();
  auto object = large_object::create(tx);
  constexpr auto most = static_cast<std::int64_t>(large_object::max_size);
  for (auto&& failed : {error_of<misuse>([&] { return object.seek(-1); }),
                        error_of<misuse>([&] { return object.seek(most + 1); }),
                        error_of<misuse>([&] { return object.seek(most + 1, seek_from::current); }),
                        error_of<misuse>([&] { return object.seek(-most - 1, seek_from::end); }),
                        error_of<misuse>([&] {
                          object.truncate(large_object::max_size + 1);
                          return 0;
                        })}) {
    CHECK(failed.kind() == tusk::error_kind::usage);
    CHECK(failed.transaction_usable());
  }
  CHECK(object.size() == 0);
  // What only the server can know fails the transaction, as any other statement's error.
  const auto failed = error_of<tusk::data_error>([&] { return object.seek(-1, seek_from::end); });
  CHECK(failed.sqlstate() == tusk::sqlstate::invalid_parameter_value);
  CHECK_FALSE(failed.transaction_usable());
  tx.rollback();
  auto next = db.begin();
  auto full = large_object::create(next);
  full.seek(most);
  CHECK(error_of<tusk::data_error>([&] {
          full.write("x");
          return 0;
        }).sqlstate() == tusk::sqlstate::invalid_parameter_value);
}

TEST_CASE("one that is open for reading is not written, and sees what was there") {
  auto db = connect();
  const bytes content = random_bytes(3000, 3);
  const tusk::oid id = committed(db, content);
  auto tx = db.begin();
  auto reader = large_object::open(tx, id);
  CHECK(reader.mode() == mode::read);
  CHECK(message_of<misuse>([&] {
          reader.write("x");
          return 0;
        }) ==
        "the large object was opened for reading only: open it with large_object_mode::both to "
        "write");
  CHECK_THROWS_AS(reader.truncate(0), misuse);
  CHECK_THROWS_AS(reader.write_from([](std::span<std::byte>) { return std::size_t{0}; }), misuse);
  auto writer = large_object::open(tx, id, mode::write);
  writer.truncate(10);
  CHECK((reader.read(5000) == content));
  CHECK((writer.read(5000) == bytes(content.begin(), content.begin() + 10)));
  tx.rollback();
  auto after = db.begin();
  CHECK((on_server(after, id) == content));
  large_object::unlink(after, id);
  after.commit();
}

TEST_CASE("one that is not there is 42704, and an OID that is taken 23505") {
  auto db = connect();
  const tusk::oid id = committed(db, bytes(1));
  auto tx = db.begin();
  auto inner = tx.savepoint();
  CHECK(error_of<tusk::integrity_error>([&] {
          return large_object::create(inner, id);
        }).sqlstate() == tusk::sqlstate::unique_violation);
  inner.rollback();
  large_object::unlink(tx, id);
  CHECK(count_of(tx, id) == 0);
  auto again = large_object::create(tx, id);
  CHECK(again.id() == id);
  large_object::unlink(tx, id);
  auto attempt = tx.savepoint();
  CHECK(error_of<tusk::programming_error>([&] {
          return large_object::open(attempt, id);
        }).sqlstate() == tusk::sqlstate::undefined_object);
  attempt.rollback();
  CHECK(error_of<tusk::programming_error>([&] {
          large_object::unlink(tx, id);
          return 0;
        }).sqlstate() == tusk::sqlstate::undefined_object);
}

TEST_CASE("another role needs the right to read, and both to write") {
  auto db = connect();
  const tusk::oid id = committed(db, random_bytes(10, 5));
  auto tx = db.begin();
  const auto refused = [&](auto&& call) {
    auto inner = tx.savepoint();
    inner.execute("set local role u_trust");
    const auto failed = error_of<tusk::programming_error>([&] { return call(inner); });
    inner.rollback();
    return failed.sqlstate() == tusk::sqlstate::insufficient_privilege;
  };
  const auto opens = [id](mode how) {
    return [id, how](tusk::executor& in) { return large_object::open(in, id, how).id(); };
  };
  CHECK(refused(opens(mode::read)));
  CHECK(refused([id](tusk::executor& in) {
    large_object::unlink(in, id);
    return 0;
  }));
  tx.execute("grant select on large object " + std::to_string(id) + " to u_trust");
  CHECK(refused(opens(mode::write)));
  CHECK(refused(opens(mode::both)));
  {
    auto inner = tx.savepoint();
    inner.execute("set local role u_trust");
    CHECK(large_object::open(inner, id).read(99).size() == 10);
  }
  tx.execute("grant update on large object " + std::to_string(id) + " to u_trust");
  {
    auto inner = tx.savepoint();
    inner.execute("set local role u_trust");
    auto object = large_object::open(inner, id, mode::both);
    object.write("mine");
    CHECK(object.size() == 10);
  }
  large_object::unlink(tx, id);
  tx.commit();
}

TEST_CASE("outside of a transaction block nothing is sent") {
  auto db = connect();
  const int before = prepared_count(db);
  for (auto&& failed :
       {error_of<misuse>([&] { return large_object::create(db); }),
        error_of<misuse>([&] { return large_object::open(db, 1); }),
        error_of<misuse>([&] { return large_object::import_from(db, "/dev/null"); })}) {
    CHECK(failed.message() ==
          "a large object lives in a transaction block, and none is open: begin() one (outside of "
          "it the server would end it with the statement that opens it)");
    CHECK(failed.safe_to_retry());
  }
  CHECK(prepared_count(db) == before);
  db.execute("begin");  // a block of the session's own is one
  auto object = large_object::create(db);
  object.write("x");
  const tusk::oid id = object.id();
  db.execute("commit");
  CHECK_FALSE(object.is_open());
  large_object::unlink(db, id);
  CHECK(count_of(db, id) == 0);
}

TEST_CASE("the end of its transaction, however it comes, is its end") {
  auto db = connect();
  const auto message = [](large_object& object) {
    CHECK_FALSE(object.is_open());
    return message_of<misuse>([&] { return object.tell(); });
  };
  const std::string gone = "the large object is not open any more: ";
  {
    auto tx = db.begin();
    auto object = large_object::create(tx);
    CHECK(object.is_open());
    tx.rollback();
    CHECK(message(object) == gone + "the transaction is over: it was rolled back");
    // The next one has the same number on the server, and must not be written by accident.
    auto next = db.begin();
    auto other = large_object::create(next);
    CHECK_THROWS_AS(object.write("x"), misuse);
    CHECK(other.size() == 0);
    large_object::unlink(next, other.id());
    next.commit();
    CHECK(message(other) == gone + "the transaction is over: it was committed");
    other.close();  // it is over already
    CHECK(message_of<misuse>([&] { return other.tell(); }) ==
          "the large object was closed, or moved from");
  }
  for (const char* end : {"commit", "rollback", "commit and chain", "rollback and chain"}) {
    CAPTURE(end);
    db.execute("begin");
    auto object = large_object::create(db);
    large_object::unlink(db, object.id());
    object = large_object::create(db);
    const tusk::oid id = object.id();
    db.execute(end);
    CHECK(message(object).find("was run as a statement") != std::string::npos);
    db.script("rollback; begin");
    CHECK_FALSE(object.is_open());
    db.execute("rollback");
    if (count_of(db, id) != 0) large_object::unlink(db, id);
  }
  {
    auto tx = db.begin();
    auto object = large_object::create(tx);
    CHECK_THROWS_AS(tx.execute("select 1/0"), tusk::data_error);
    CHECK_THROWS_AS(object.tell(), tusk::operational_error);  // 25P02, as for any statement
    tx.rollback();
  }
  {
    auto tx = db.begin();
    auto object = large_object::create(tx);
    db.reset();
    CHECK(message(object) == gone + "the session was reset since");
  }
}

TEST_CASE("a savepoint that is rolled back ends what was opened in it, and nothing else") {
  auto db = connect();
  auto tx = db.begin();
  auto before = large_object::create(tx);
  before.write("before");
  auto inner = tx.savepoint();
  auto inside = large_object::create(inner);
  auto through_outer = large_object::open(tx, before.id(), mode::both);
  before.write(", inside");
  inner.rollback();
  CHECK(message_of<misuse>([&] { return inside.read(1); }) ==
        "the large object is not open any more: the savepoint is over: it was rolled back");
  CHECK_THROWS_AS(through_outer.read(1), misuse);
  // The server keeps the place, though not what was written there.
  CHECK(before.tell() == 14);
  CHECK(before.size() == 6);
  // A number that the server gives out again is the new one's alone.
  auto fresh = large_object::create(tx);
  CHECK_THROWS_AS(inside.write("x"), misuse);
  CHECK(fresh.size() == 0);
}

TEST_CASE("a savepoint that is released leaves what was opened in it to the one around it") {
  auto db = connect();
  auto tx = db.begin();
  auto outer = tx.savepoint();
  auto inner = outer.savepoint();
  auto object = large_object::create(inner);
  inner.release();
  object.write("kept");
  CHECK(object.size() == 4);
  outer.rollback();
  CHECK_THROWS_AS(object.tell(), misuse);
  auto last = tx.savepoint();
  auto kept = large_object::create(last);
  kept.write("kept");
  last.release();
  tx.execute("savepoint by_hand");
  CHECK(kept.is_open());
  tx.execute("rollback to savepoint by_hand");
  CHECK(message_of<misuse>([&] {
          return kept.tell();
        }).find("a ROLLBACK that was run as a statement may have ended it") != std::string::npos);
  CHECK((on_server(tx, kept.id()).size() == 4));
}

TEST_CASE("unlinking ends those that are open on it") {
  auto db = connect();
  auto tx = db.begin();
  auto one = large_object::create(tx);
  auto two = large_object::open(tx, one.id());
  large_object::unlink(tx, one.id());
  CHECK(message_of<misuse>([&] { return two.tell(); }) ==
        "the large object is not open any more: it was unlinked");
  auto other = large_object::create(tx);  // with the number that the server has for one of them
  CHECK_THROWS_AS(one.write("x"), misuse);
  CHECK(other.size() == 0);
}

TEST_CASE("destroying one closes it on the server, and moving takes it along") {
  auto db = connect();
  auto tx = db.begin();
  const auto descriptor_is_free = [&](int number) {
    auto inner = tx.savepoint();
    try {
      inner.execute("select lo_tell64($1::int)", number);
      return false;
    } catch (const tusk::programming_error& failed) {
      return failed.sqlstate() == tusk::sqlstate::undefined_object;
    }
  };
  {
    auto object = large_object::create(tx);
    auto moved = std::move(object);
    CHECK_FALSE(object.is_open());  // NOLINT: what is left of it
    CHECK_THROWS_AS(object.tell(), misuse);
    moved.write("x");
    CHECK_FALSE(descriptor_is_free(0));
    auto second = large_object::open(tx, moved.id());
    CHECK_FALSE(descriptor_is_free(1));
    second = std::move(moved);
    CHECK(descriptor_is_free(1));
    CHECK(second.size() == 1);
  }
  CHECK(descriptor_is_free(0));
  {
    auto object = large_object::create(tx);
    auto rows = tx.stream<int>("select generate_series(1, 100000)");
    auto at = rows.begin();
    CHECK(*at == 1);
    CHECK_THROWS_AS(object.tell(), misuse);  // the session is busy
  }
  CHECK(db.status() == tusk::session_status::in_transaction);
}

TEST_CASE("an object outlives its executor, and its session") {
  std::optional<tusk::session> db(connect());
  std::optional<large_object> object;
  {
    auto tx = db->begin();
    tusk::transaction moved = std::move(tx);
    object = large_object::create(moved);
    object->write("x");
    moved.commit();
  }
  CHECK_FALSE(object->is_open());
  const tusk::oid id = object->id();
  large_object::unlink(*db, id);
  auto tx = db->begin();
  object = large_object::create(tx);
  db.reset();
  CHECK_FALSE(object->is_open());
  CHECK(message_of<misuse>([&] { return object->tell(); }) == "the session is closed");
}

TEST_CASE("a session that is killed in the middle leaves nothing") {
  auto killer = connect();
  auto db = connect();
  const tusk::oid old = committed(killer, random_bytes(5000, 8));
  auto tx = db.begin();
  auto fresh = large_object::create(tx);
  const tusk::oid id = fresh.id();
  auto changed = large_object::open(tx, old, mode::both);
  changed.truncate(7);
  std::uint64_t given = 0;
  const auto failed = error_of<tusk::operational_error>([&] {
    return fresh.write_from([&](std::span<std::byte> into) {
      given += into.size();
      if (given == 4 * piece) killer.execute("select pg_terminate_backend($1)", db.process_id());
      return given > 400 * piece ? 0 : into.size();
    });
  });
  CHECK(failed.kind() == tusk::error_kind::connection_lost);
  CHECK(given < 400 * piece);  // it was noticed while there was more to send
  CHECK(db.status() == tusk::session_status::broken);
  CHECK_FALSE(fresh.is_open());
  CHECK(count_of(killer, id) == 0);
  CHECK((on_server(killer, old) == random_bytes(5000, 8)));
  large_object::unlink(killer, old);
}

TEST_CASE("a deadline ends a write that waits for another's, and the transaction is rolled back") {
  using namespace std::chrono_literals;
  auto other = connect();
  auto db = connect({.drain_timeout = 60s});
  const tusk::oid id = committed(other, bytes(10));
  auto theirs = other.begin();
  auto first = large_object::open(theirs, id, mode::both);
  first.write("theirs");
  for (const std::size_t size : {std::size_t{5}, 20 * piece}) {  // one statement, and a pipeline
    CAPTURE(size);
    auto tx = db.begin();
    auto object = large_object::open(tx, id, mode::both, {.timeout = 2s});
    const auto failed = error_of<tusk::operational_error>([&] {
      object.write(bytes(size));
      return 0;
    });
    CHECK(failed.kind() == tusk::error_kind::timeout);
    CHECK(db.status() == tusk::session_status::failed_transaction);
    tx.rollback();
    CHECK_FALSE(object.is_open());
    CHECK(db.scalar<int>("select 1") == 1);
  }
  theirs.commit();
  CHECK((on_server(db, id).size() == 10));
  large_object::unlink(db, id);
}

TEST_CASE("pieces fit into the longest message that the session takes") {
  auto db = connect({.max_message_bytes = 64 << 10});
  const bytes wanted = random_bytes(3 * piece, 9);
  auto tx = db.begin();
  auto object = large_object::create(tx);
  object.write(wanted);
  object.seek(0);
  CHECK((object.read(wanted.size()) == wanted));
  auto as_text =
      large_object::open(tx, object.id(), mode::read, {.mode = tusk::statement_mode::simple});
  CHECK((as_text.read(wanted.size()) == wanted));
}
