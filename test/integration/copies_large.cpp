// COPYs of much at once, between servers' sessions, over TLS and through a pooler, and what an
// observer is told of them.

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "integration/held_table.hpp"
#include "support/catch.hpp"
#include "support/peak_memory.hpp"

namespace {

using namespace tusk::test;
using tusk::copy_format;
using mode = tusk::statement_mode;
using status = tusk::session_status;

constexpr std::size_t mebibyte = std::size_t{1} << 20;

/// Does something that may take so much more memory than there was.
template <class Body>
void check_memory(std::size_t most, Body&& body) {
  reset_peak_memory();
  const auto before = peak_memory();
  body();
  const auto after = peak_memory();
  if (before && after) CHECK(*after - *before < static_cast<long>(most / 1024));
}

}  // namespace

TEST_CASE("a value of 100 MiB goes both ways, in memory of a few times its size") {
  auto db = connect();
  db.script("create temp table large(id int, body bytea)");
  std::vector<std::byte> body(100 * mebibyte);
  for (std::size_t i = 0; i < body.size(); ++i)
    body[i] = static_cast<std::byte>(i * 31 + (i >> 16));
  for (const copy_format format : {copy_format::binary, copy_format::text}) {
    CAPTURE(static_cast<int>(format));
    // In text each byte is two digits, each of which has room to be escaped.
    const std::size_t most = (format == copy_format::binary ? 400 : 900) * mebibyte;
    check_memory(most, [&] {
      auto in = db.copy_in({.table = "large", .format = format});
      in.row(1, body);
      in.row(2, std::vector<std::byte>());
      CHECK(in.finish() == 2);
    });
    check_memory(most, [&] {
      for (auto [id, back] : db.copy_rows<int, std::vector<std::byte>>(
               {.query = "select id, body from large order by id", .format = format}))
        CHECK((id == 1 ? back == body : back.empty()));
    });
    db.execute("truncate large");
  }
}

TEST_CASE("200 MiB of rows are copied in and out in little memory") {
  auto db = connect();
  db.script("create temp table sink(line text)");
  const std::string line = std::string(10'000, 'x') + "\n";
  check_memory(16 * mebibyte, [&] {
    auto in = db.copy_in("copy sink from stdin where false");
    std::size_t at = 0;
    const auto give = [&](std::span<std::byte> into) {
      const std::size_t count = std::min(into.size(), line.size() - at % line.size());
      if (at >= 200 * mebibyte && at % line.size() == 0) return std::size_t{0};
      std::memcpy(into.data(), line.data() + at % line.size(), count);
      at += count;
      return count;
    };
    CHECK(in.write_from(give) >= 200 * mebibyte);
    CHECK(in.finish() == 0);
  });
  check_memory(16 * mebibyte, [&] {
    auto out = db.copy_out({.query = "select repeat('x', 10000) from generate_series(1, 20000)"});
    CHECK(out.write_to([](tusk::bytes_view) {}) > 200'000'000);
    CHECK(out.rows() == 20'000);
  });
}

TEST_CASE("ten MiB at once and single bytes are the same to the server") {
  auto db = connect();
  db.script("create temp table lines(i int, t text)");
  std::string text;
  while (text.size() < 10 * mebibyte)
    text += std::to_string(text.size()) + "\tline\\n" + std::string(90, 'x') + "\n";
  const auto lines = static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
  auto whole = db.copy_in("copy lines from stdin");
  whole.write(text);
  CHECK(whole.finish() == lines);
  auto bytes = db.copy_in("copy lines from stdin");
  for (const char& each : std::string_view(text).substr(0, mebibyte))
    bytes.write(std::string_view(&each, 1));
  bytes.write(std::string_view(text).substr(mebibyte));
  CHECK(bytes.finish() == lines);
  CHECK(db.script("select count(distinct i), count(*) from lines")
            .at(0)
            .at(0)[1]
            .as<std::int64_t>() == static_cast<std::int64_t>(2 * lines));
  CHECK(db.scalar<std::int64_t>("select count(distinct (i, t)) from lines") ==
        static_cast<std::int64_t>(lines));
}

TEST_CASE("from one session to another the data goes through as it comes, in each format") {
  auto from = connect();
  auto to = connect();
  to.script("create temp table copied(i int, t text, f float8)");
  constexpr const char* query =
      "select i, nullif(repeat(e'\\t\\\\\"', i % 7), ''), i / 7.0 from generate_series(1, 50000) i";
  const std::string expected =
      server_text(from,
                  "md5(string_agg((i, t, f)::text, ';' order by i)) from (select i, "
                  "nullif(repeat(e'\\t\\\\\"', "
                  "i % 7), '') t, (i / 7.0)::float8 f from generate_series(1, 50000) i) q");
  for (const copy_format format : {copy_format::text, copy_format::csv, copy_format::binary}) {
    check_memory(16 * mebibyte, [&] {
      auto out = from.copy_out(
          {.query = "select a, b, c::float8 from (" + std::string(query) + ") q(a, b, c)",
           .format = format});
      auto in = to.copy_in({.table = "copied", .format = format});
      const std::uint64_t passed = in.write_from(out);
      CHECK(passed == out.bytes_read());
      CHECK(in.finish() == 50'000);
      CHECK(out.rows() == 50'000);
    });
    CHECK(server_text(to, "md5(string_agg((i, t, f)::text, ';' order by i)) from copied") ==
          expected);
    to.execute("truncate copied");
  }
  auto out = from.copy_out({.query = query});
  auto in = to.copy_in("copy copied from stdin");
  CHECK(error_of([&] { return in.write_from(out); }).kind() == tusk::error_kind::usage);
}

TEST_CASE("an observer is told of each COPY when it begins and when it has ended, with its rows") {
  struct seen {
    bool ended;
    tusk::statement_kind kind;
    std::uint64_t rows, sent, received;
    bool failed;
  };
  for (const mode how : every_mode) {
    CAPTURE(static_cast<int>(how));
    std::vector<seen> all;
    std::string traced;
    auto db = patient(how);
    db.script("create temp table watched(i int primary key)");
    db.on_statement([&](const tusk::statement_event& each) {
      all.push_back({each.ended, each.kind, each.rows, each.bytes_sent, each.bytes_received,
                     each.failed != nullptr});
    });
    db.trace(std::make_shared<tusk::wire_trace>([&](std::string_view line) { traced += line; }));
    auto in = db.copy_in({.table = "watched"});
    for (int i = 0; i < 10'000; ++i)
      in.row(i);
    REQUIRE(all.size() == 1);
    CHECK_FALSE(all[0].ended);
    CHECK(all[0].kind == tusk::statement_kind::copy_in);
    in.finish();
    REQUIRE(all.size() == 2);
    CHECK(all[1].ended);
    CHECK(all[1].rows == 10'000);
    CHECK(all[1].sent > 10'000 * 10);
    CHECK_FALSE(all[1].failed);
    CHECK(traced.find("CopyData") != std::string::npos);
    CHECK(traced.find("CopyDone") != std::string::npos);

    static_cast<void>(db.copy_out({.table = "watched"}).write_to([](tusk::bytes_view) {}));
    REQUIRE(all.size() == 4);
    CHECK(all[3].kind == tusk::statement_kind::copy_out);
    CHECK(all[3].rows == 10'000);
    CHECK(all[3].received > 10'000 * 10);

    static_cast<void>(error_of(
        [&] { return db.copy_in({.table = "watched"}, [](tusk::copy_in& to) { to.row(5); }); }));
    REQUIRE(all.size() == 6);
    CHECK(all[5].failed);
    static_cast<void>(db.copy_in({.table = "watched"}));
    static_cast<void>(db.copy_out({.table = "watched"}));
    CHECK(all.size() == 10);
    CHECK(all.back().ended);
  }
}
