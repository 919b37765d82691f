// Large objects from and to files, descriptors and streams, and as a stream themselves.

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "integration/server.hpp"
#include "support/catch.hpp"
#include "support/peak_memory.hpp"
#include "tusk/large_object.hpp"
#include "tusk/large_object_stream.hpp"

namespace {

using namespace tusk::test;
using tusk::large_object;
using tusk::large_object_buf;
using tusk::large_object_stream;
using bytes = std::vector<std::byte>;
using mode = tusk::large_object_mode;

constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20;

std::string random_text(std::size_t size, unsigned seed) {
  std::mt19937_64 random(seed);
  std::string made(size, '\0');
  for (char& each : made)
    each = static_cast<char>(random());
  return made;
}

std::string on_server(tusk::executor& db, tusk::oid id) {
  const auto content = db.scalar<bytes>("select lo_get($1::oid)", id);
  return {reinterpret_cast<const char*>(content.data()), content.size()};
}

// A file of its own, removed at the end.
class temporary_file {
 public:
  temporary_file() {
    const int made = ::mkstemp(path_.data());
    if (made < 0) throw std::runtime_error("no temporary file can be made");
    ::close(made);
  }
  ~temporary_file() { std::remove(path_.c_str()); }
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  void fill(const std::string& content) const { std::ofstream(path_, std::ios::binary) << content; }
  [[nodiscard]] std::string content() const {
    std::ifstream from(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(from), {}};
  }

 private:
  std::string path_ = "/tmp/tusk-large-object-XXXXXX";
};

}  // namespace

TEST_CASE("files, streams and descriptors are imported and exported byte for byte") {
  const auto how = GENERATE(tusk::statement_mode::prepared, tusk::statement_mode::simple);
  auto db = connect({.mode = how});
  auto tx = db.begin();
  const temporary_file from;
  const temporary_file to;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{3'000'000}}) {
    CAPTURE(size);
    const std::string content = random_text(size, 1);
    from.fill(content);
    const tusk::oid id = large_object::import_from(tx, from.path());
    CHECK((on_server(tx, id) == content));
    CHECK(large_object::export_to(tx, id, to.path()) == size);
    CHECK((to.content() == content));

    std::istringstream in(content);
    const tusk::oid chosen = large_object::import_from(tx, in, 4'000'000'000);
    CHECK(chosen == 4'000'000'000);
    std::ostringstream out;
    CHECK(large_object::export_to(tx, chosen, out) == size);
    CHECK((out.str() == content));
    large_object::unlink(tx, chosen);

    const int source = ::open(from.path().c_str(), O_RDONLY | O_CLOEXEC);
    const tusk::oid third = large_object::import_from_descriptor(tx, source);
    ::close(source);
    const int sink = ::open(to.path().c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
    CHECK(large_object::export_to_descriptor(tx, third, sink) == size);
    ::close(sink);
    CHECK((to.content() == content));
  }
}

TEST_CASE("a pipe that gives little at once is read to its end") {
  auto db = connect();
  auto tx = db.begin();
  int ends[2] = {-1, -1};
  REQUIRE(::pipe(ends) == 0);
  const std::string content = random_text(500'000, 2);
  std::thread writer([&] {
    for (std::size_t at = 0; at < content.size();) {
      const std::size_t size = std::min<std::size_t>(777, content.size() - at);
      const ssize_t done = ::write(ends[1], content.data() + at, size);
      if (done <= 0) break;
      at += static_cast<std::size_t>(done);
    }
    ::close(ends[1]);
  });
  const tusk::oid id = large_object::import_from_descriptor(tx, ends[0]);
  writer.join();
  ::close(ends[0]);
  CHECK((on_server(tx, id) == content));
}

TEST_CASE("100 MiB are imported and exported in little memory") {
  auto db = connect();
  auto tx = db.begin();
  auto object = large_object::create(tx);
  const std::string block = random_text(mebibyte, 3);
  reset_peak_memory();
  const auto before = peak_memory();
  std::uint64_t given = 0;
  CHECK(object.write_from([&](std::span<std::byte> into) {
    const std::uint64_t left = 100 * mebibyte - given;
    const std::size_t at = given % mebibyte;
    const std::size_t size = std::min<std::size_t>({into.size(), left, mebibyte - at});
    std::copy_n(std::as_bytes(std::span(block)).begin() + static_cast<std::ptrdiff_t>(at), size,
                into.begin());
    given += size;
    return size;
  }) == 100 * mebibyte);
  CHECK(object.size() == 100 * mebibyte);
  object.seek(0);
  std::uint64_t taken = 0;
  bool same = true;
  CHECK(object.write_to([&](tusk::bytes_view part) {
    const std::string_view text(reinterpret_cast<const char*>(part.data()), part.size());
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t in_block = (taken + at) % mebibyte;
      const std::size_t size = std::min<std::size_t>(text.size() - at, mebibyte - in_block);
      same = same && text.substr(at, size) == std::string_view(block).substr(in_block, size);
      at += size;
    }
    taken += part.size();
  }) == 100 * mebibyte);
  CHECK(same);
  CHECK(taken == 100 * mebibyte);
  const auto after = peak_memory();
  if (before && after) CHECK(*after - *before < 16 * 1024);
}

TEST_CASE("what a source or a sink throws comes out as it is, and the transaction goes on") {
  auto db = connect();
  auto tx = db.begin();
  auto object = large_object::create(tx);
  int calls = 0;
  CHECK_THROWS_AS(object.write_from([&](std::span<std::byte> into) {
    if (++calls == 40) throw std::length_error("enough");
    return into.size();
  }),
                  std::length_error);
  CHECK(db.status() == tusk::session_status::in_transaction);
  CHECK(object.size() == 39 * 256 * 1024);
  object.seek(0);
  CHECK_THROWS_AS(object.write_to([](tusk::bytes_view) { throw std::length_error("enough"); }),
                  std::length_error);
  CHECK(db.status() == tusk::session_status::in_transaction);
  CHECK_THROWS_AS(object.write_from([&](std::span<std::byte>) -> std::size_t {
    return tx.scalar<int>("select 1") == 1 ? 0U : 1U;
  }),
                  tusk::programming_error);  // the session is busy
  CHECK(message_of<tusk::programming_error>([&] {
          return object.write_from([](std::span<std::byte> into) { return into.size() + 1; });
        }) == "a source says that it has put 262145 bytes into a buffer of 262144");
  CHECK(object.size() == 39 * 256 * 1024);
  tx.commit();
  large_object::unlink(db, object.id());
}

TEST_CASE("what cannot be opened, read or written here says so, and fails no transaction") {
  auto db = connect();
  auto tx = db.begin();
  using failure = tusk::operational_error;
  CHECK(message_of<failure>([&] { return large_object::import_from(tx, "/nowhere/at/all"); }) ==
        "the file /nowhere/at/all cannot be opened: No such file or directory");
  const temporary_file some;
  some.fill("some");
  const tusk::oid id = large_object::import_from(tx, some.path());
  CHECK(message_of<failure>([&] { return large_object::export_to(tx, id, "/"); }) ==
        "the file / cannot be opened: Is a directory");
  CHECK(message_of<failure>([&] { return large_object::import_from(tx, "/"); }) ==
        "the file / cannot be read: it is a directory");
  CHECK(message_of<failure>([&] { return large_object::export_to(tx, id, "/dev/full"); }) ==
        "the file /dev/full cannot be written: No space left on device");
  CHECK(message_of<failure>([&] { return large_object::import_from_descriptor(tx, -1); }) ==
        "descriptor -1 cannot be read: Bad file descriptor");
  std::istringstream bad("x");
  bad.setstate(std::ios::badbit);
  CHECK(
      message_of<failure>([&] { return large_object::import_from(tx, bad); }) ==
      "the stream that a large object is written from cannot be read: it was never opened, or has "
      "failed before");
  std::ofstream full("/dev/full");
  CHECK(
      message_of<failure>([&] { return large_object::export_to(tx, id, full); }) ==
      "the stream that a large object is read into cannot be written: it does not take what it has "
      "held back");
  CHECK(db.status() == tusk::session_status::in_transaction);
  CHECK((on_server(tx, id) == "some"));
  // An object that is not there leaves the file alone.
  CHECK_THROWS_AS(large_object::export_to(tx, 1, some.path()), tusk::programming_error);
  CHECK(some.content() == "some");
}

TEST_CASE("random operations on the buffer give what a string's buffer gives") {
  auto db = connect();
  auto tx = db.begin();
  std::mt19937 random(20260730);
  const auto upto = [&](std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(0, most)(random);
  };
  for (const std::size_t buffer_size : {1U, 7U, 2048U, 65536U}) {
    CAPTURE(buffer_size);
    large_object_buf ours(large_object::create(tx), buffer_size);
    std::stringbuf theirs;  // it has two places, which are kept together here
    std::int64_t at = 0;
    std::int64_t size = 0;
    const auto both = [&] { theirs.pubseekpos(at); };
    // Beyond the end a string's buffer cannot go, so it is filled with what the server reads there.
    const auto fill = [&] {
      theirs.pubseekpos(size);
      for (; size < at; ++size)
        theirs.sputc('\0');
      both();
    };
    for (int step = 0; step < 600; ++step) {
      CAPTURE(step);
      switch (upto(9)) {
        case 0:
        case 1: {
          const std::string text =
              random_text(static_cast<std::size_t>(upto(200)), static_cast<unsigned>(step));
          const auto count = static_cast<std::streamsize>(text.size());
          if (count != 0) fill();
          REQUIRE(ours.sputn(text.data(), count) == count);
          theirs.sputn(text.data(), count);
          at += count;
          size = std::max(size, at);
          break;
        }
        case 2: {
          fill();
          const auto c = static_cast<char>(upto(255));
          REQUIRE(ours.sputc(c) == theirs.sputc(c));
          size = std::max(size, ++at);
          break;
        }
        case 3:
        case 4: {
          std::string got(static_cast<std::size_t>(upto(300)), '\0');
          std::string wanted = got;
          const auto count = static_cast<std::streamsize>(got.size());
          if (at <= size) both();
          const std::streamsize there = at <= size ? theirs.sgetn(wanted.data(), count) : 0;
          REQUIRE(ours.sgetn(got.data(), count) == there);
          REQUIRE(got == wanted);
          at += there;
          break;
        }
        case 5: {
          if (at > size) break;
          both();
          const int wanted = theirs.sbumpc();
          REQUIRE(ours.sbumpc() == wanted);
          if (wanted != std::char_traits<char>::eof()) ++at;
          break;
        }
        case 6: {
          if (at > size) break;
          both();
          const int wanted = theirs.sungetc();
          REQUIRE(ours.sungetc() == wanted);
          if (wanted != std::char_traits<char>::eof()) --at;
          break;
        }
        case 7: {
          const std::int64_t target = upto(size + 50);
          const auto way = std::array{std::ios::beg, std::ios::cur,
                                      std::ios::end}[static_cast<std::size_t>(upto(2))];
          const std::int64_t base = way == std::ios::beg ? 0 : way == std::ios::cur ? at : size;
          REQUIRE(ours.pubseekoff(target - base, way) == std::streampos(target));
          at = target;
          break;
        }
        case 8:
          REQUIRE(ours.pubseekoff(-at - 1, std::ios::cur) == std::streampos(-1));
          REQUIRE(ours.pubseekoff(0, std::ios::cur) == std::streampos(at));
          break;
        default: REQUIRE(ours.pubsync() == 0);
      }
    }
    CHECK(size > 1000);
    ours.pubsync();
    CHECK((on_server(tx, ours.id()) == theirs.str()));
  }
}

TEST_CASE("a stream reads lines, goes beyond 4 GiB, and gives its object back where it stood") {
  auto db = connect();
  auto tx = db.begin();
  large_object_stream stream(large_object::create(tx));
  for (int i = 0; i < 20'000; ++i)
    stream << "line " << i << '\n';
  stream.seekg(0);
  std::string line;
  int lines = 0;
  while (std::getline(stream, line))
    REQUIRE(line == "line " + std::to_string(lines++));
  CHECK(lines == 20'000);
  CHECK(stream.eof());
  stream.clear();
  constexpr std::int64_t far = std::int64_t{5} << 30;
  stream.seekp(far);
  stream << "far";
  CHECK(stream.tellp() == std::streampos(far + 3));
  stream.seekg(-3, std::ios::end);
  CHECK(stream.get() == 'f');
  CHECK(stream.tellg() == std::streampos(far + 1));
  large_object object = stream.rdbuf()->release();
  CHECK(object.tell() == far + 1);  // though more had been read ahead
  CHECK(object.size() == far + 3);
  CHECK_FALSE(stream.rdbuf()->is_open());
}

TEST_CASE("a stream that is destroyed sends what is left; one that is closed says whether it did") {
  auto db = connect();
  auto tx = db.begin();
  tusk::oid id = 0;
  {
    large_object_stream stream(large_object::create(tx));
    id = stream.id();
    stream << "left";
    CHECK(on_server(tx, id).empty());
  }
  CHECK(on_server(tx, id) == "left");
  large_object_stream closed(tx, id, mode::both);
  closed << "done";
  closed.close();
  CHECK_FALSE(closed.rdbuf()->is_open());
  CHECK(on_server(tx, id) == "done");
  large_object_stream late(tx, id, mode::both);
  late << "late";
  tx.rollback();
  CHECK_THROWS_AS(late.close(), tusk::programming_error);
}

TEST_CASE("what a stream holds back goes to the server before its transaction is committed") {
  auto db = connect();
  const bool two_phase =
      db.scalar<int>("select current_setting('max_prepared_transactions')::int") > 0;
  for (const bool prepared : {false, true}) {
    if (prepared && !two_phase) continue;
    auto tx = db.begin();
    large_object_stream one(large_object::create(tx));
    large_object_stream two(large_object::create(tx));
    const tusk::oid ids[] = {one.id(), two.id()};
    one << "one";
    two << "two";
    // Refused, and nothing is lost.
    {
      auto rows = tx.stream<int>("select generate_series(1, 10)");
      CHECK_THROWS_AS(prepared ? tx.prepare_commit("held back") : tx.commit(),
                      tusk::programming_error);
    }
    one << " more";
    prepared ? tx.prepare_commit("held back") : tx.commit();
    if (prepared) db.commit_prepared("held back");
    CHECK(one.rdbuf()->failure() == nullptr);
    CHECK_FALSE(one.rdbuf()->is_open());
    auto look = db.begin();
    CHECK(on_server(look, ids[0]) == "one more");
    CHECK(on_server(look, ids[1]) == "two");
    for (const tusk::oid id : ids)
      large_object::unlink(look, id);
    look.commit();
  }
}

TEST_CASE(
    "a commit says that what a stream holds back cannot be sent, and the transaction is open") {
  auto db = connect();
  auto tx = db.begin();
  const tusk::oid id = large_object::create(tx).id();
  large_object_stream reader(tx, id);
  reader << "refused";
  CHECK(message_of<tusk::programming_error>([&] {
          tx.commit();
        }).find("was opened for reading only") != std::string::npos);
  CHECK(reader.rdbuf()->failure() != nullptr);
  CHECK(tx.is_open());
  CHECK(on_server(tx, id).empty());
  // In a transaction that has failed nothing is sent, and the commit says what it always says.
  large_object_stream writer(tx, id, mode::both);
  writer << "lost";
  CHECK_THROWS_AS(tx.execute("select 1/0"), tusk::data_error);
  CHECK(message_of<tusk::operational_error>([&] { tx.commit(); }) ==
        "the transaction was rolled back and not committed: a statement in it had failed");
  CHECK(writer.rdbuf()->failure() == nullptr);
}

TEST_CASE("a savepoint parts what a stream holds back, too") {
  auto db = connect();
  auto tx = db.begin();
  large_object_stream stream(large_object::create(tx));
  stream << "before";
  {
    auto undone = tx.savepoint();
    stream << ", inside";
    undone.rollback();
  }
  CHECK(stream.tellp() == 6);
  stream << ", after";
  {
    auto left = tx.savepoint();
    stream << ", left";
  }
  {
    auto kept = tx.savepoint();
    stream << ", kept";
    kept.release();
  }
  // What was read ahead is not what is there, either.
  {
    auto undone = tx.savepoint();
    stream.seekp(0);
    stream << "BEFORE" << std::flush;
    stream.seekg(0);
    CHECK(stream.get() == 'B');
  }
  stream.seekg(0);
  CHECK(stream.get() == 'b');
  const tusk::oid id = stream.id();
  const large_object object = stream.rdbuf()->release();
  CHECK(on_server(tx, id) == "before, after, kept");
  tx.commit();
  large_object::unlink(db, id);
}

TEST_CASE("an error of tusk's sets badbit, stays to be looked at, and is thrown where wanted") {
  auto db = connect();
  auto tx = db.begin();
  const tusk::oid id = large_object::create(tx).id();
  large_object_stream reader(tx, id);
  reader << "refused" << std::flush;
  CHECK(reader.bad());
  REQUIRE(reader.rdbuf()->failure() != nullptr);
  CHECK_THROWS_AS(std::rethrow_exception(reader.rdbuf()->failure()), tusk::programming_error);
  large_object_stream strict(tx, id, mode::both);
  strict.exceptions(std::ios::badbit);
  strict << "more";
  large_object::unlink(tx, id);
  CHECK(message_of<tusk::programming_error>([&] { return strict.flush().good(); }) ==
        "the large object is not open any more: it was unlinked");
  // A seek that goes nowhere is no error of tusk's.
  large_object_stream fresh(large_object::create(tx));
  fresh.seekg(-1);
  CHECK(fresh.fail());
  CHECK_FALSE(fresh.bad());
  CHECK(fresh.rdbuf()->failure() == nullptr);
  CHECK(db.status() == tusk::session_status::in_transaction);
}

TEST_CASE("after an error a stream stands where the server does") {
  auto db = connect();
  auto tx = db.begin();
  // Several pieces of the server's; the byte at i tells i.
  std::string content(3 * mebibyte, '\0');
  for (std::size_t i = 0; i < content.size(); ++i)
    content[i] = static_cast<char>('a' + i / 100'000 % 26);
  large_object object = large_object::create(tx);
  object.write(content);
  object.seek(0);
  large_object_stream stream(std::move(object));
  std::string read(2 * mebibyte, '\0');
  bool failed = false;
  // The moment at which it is cancelled is chance: most often it is between the first and the last.
  for (int tries = 0; tries < 1000 && !failed; ++tries) {
    auto inner = tx.savepoint();
    std::thread stop([cancel = db.canceller(), tries] {
      std::this_thread::sleep_for(std::chrono::microseconds(200 * (tries % 20)));
      cancel.cancel();
    });
    stream.clear();
    stream.seekg(10);
    stream.read(read.data(), static_cast<std::streamsize>(read.size()));
    failed = stream.bad();
    stop.join();
    inner.rollback();
  }
  CHECK(failed);
  stream.clear();
  const auto place = static_cast<std::size_t>(stream.tellg());
  CHECK(stream.get() == content.at(place));
  stream.seekg(1'500'000);
  CHECK(stream.get() == content.at(1'500'000));
}
