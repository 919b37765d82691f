// What the session asks the catalogs for: types made, dropped, recreated and altered under it, in
// every mode of sending, in transactions and pipelines, and under a hostile search path.

#include <string>
#include <vector>

#include "integration/catalog_types.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;
using mode = tusk::statement_mode;

constexpr const char* sad = "select 'sad'::tusk_types.mood as m";
constexpr const char* some_address = "select row('x', 7)::tusk_types.address as a";
constexpr const char* send_address = "select ($1::tusk_types.address).street";

}  // namespace

TEST_CASE("types made after connecting are looked up when they are met") {
  auto db = connect();
  CHECK(db.scalar<int>("select 1") == 1);
  const catalog_fixture made;
  CHECK(db.scalar<mood>(sad) == mood::sad);
  CHECK(db.scalar<std::string>(send_address, address{"y", 1}) == "y");
  db.script("create type pg_temp.late as (street text, zip int)");
  CHECK(db.type("pg_temp.late")->attributes.size() == 2);
}

TEST_CASE("a type is looked up once, however often it is met") {
  const catalog_fixture made;
  auto db = connect();
  CHECK(db.scalar<mood>(sad) == mood::sad);
  const auto info = db.query("select 'ok'::tusk_types.mood").columns()[0].info;
  REQUIRE(info != nullptr);
  CHECK(db.query("select 'sad'::tusk_types.mood").columns()[0].info == info);
  CHECK(info->labels == std::vector<std::string>{"sad", "ok", "very happy"});
}

TEST_CASE("session::type says what the catalogs say, anew each time") {
  const catalog_fixture made;
  auto db = connect();
  const auto before = db.type("tusk_types.person");
  CHECK(before->kind == tusk::type_kind::composite);
  CHECK(before->attributes.at(2).name == "others");
  CHECK(before->attributes.at(2).ref().element().is("tusk_types.address"));
  CHECK(before->attributes.at(4).ref().part() == tusk::oids::int4);
  made.other().execute("alter type tusk_types.person drop attribute name");
  made.other().execute("alter type tusk_types.mood add value 'lost'");
  const auto after = db.type("tusk_types.person");
  CHECK(after->attributes.at(0).name == "home");
  CHECK(after->attributes.at(2).info->labels.size() == 4);
  CHECK(db.type(after->number)->name == "person");
  CHECK(db.type("int4")->number == tusk::oids::int4);
  CHECK(message_of<tusk::programming_error>([&] { return db.type("tusk_types.none"); }) ==
        "there is no type called tusk_types.none");
  CHECK(db.scalar<int>("select 1") == 1);
}

TEST_CASE("a type that is dropped and recreated is found again under its new OID") {
  const catalog_fixture made;
  const bool here = GENERATE(true, false);
  CAPTURE(here);
  auto db = connect();
  const tusk::oid before = db.type("tusk_types.mood")->number;
  CHECK(db.scalar<mood>(sad) == mood::sad);
  CHECK(db.scalar<std::string>("select $1::tusk_types.mood", mood::sad) == "sad");
  tusk::session& changing = here ? db : made.other();
  changing.script(
      "drop type tusk_types.mood cascade; create type tusk_types.mood as enum ('ok', 'sad')");
  CHECK(db.scalar<mood>(sad) == mood::sad);
  CHECK(db.type("tusk_types.mood")->number != before);
  CHECK(db.scalar<std::string>("select $1::tusk_types.mood", mood::sad) == "sad");
}

TEST_CASE("attributes altered by this session are seen at once") {
  const catalog_fixture made;
  auto db = connect();
  CHECK(db.scalar<address>(some_address) == address{"x", 7});
  CHECK(db.scalar<std::string>(send_address, address{"x", 7}) == "x");
  db.execute("alter type tusk_types.address alter attribute zip type bigint cascade");
  CHECK(db.scalar<address>(some_address) == address{"x", 7});
  CHECK(db.scalar<std::string>(send_address, address{"x", 1LL << 40}) == "x");
  SECTION("also when that is rolled back") {
    {
      auto tx = db.begin();
      tx.execute("alter type tusk_types.address add attribute city text cascade");
      CHECK(tx.scalar<misfit>("select row('x', 7, 'y')::tusk_types.address").city == "y");
    }
    CHECK(db.scalar<address>(some_address) == address{"x", 7});
  }
}

TEST_CASE("attributes altered by another session are an error once, and then looked up anew") {
  const catalog_fixture made;
  auto db = connect();
  const char* read = "select s from tusk_types.spot s";
  CHECK(db.scalar<spot>(read) == spot{"x", 7});
  made.other().execute("alter table tusk_types.spot alter column zip type bigint");
  const std::string said = message_of<tusk::data_error>([&] { return db.scalar<spot>(read); });
  CHECK(said.find("attribute \"zip\" (integer) has come as bigint: the type has been changed") !=
        std::string::npos);
  CHECK(said.find("run the statement again") != std::string::npos);
  CHECK(db.scalar<spot>(read) == spot{"x", 7});
  made.other().execute("alter table tusk_types.spot add column city text");
  const std::string more = message_of<tusk::data_error>([&] { return db.scalar<spot>(read); });
  CHECK(more.find("3 attributes instead of 2") != std::string::npos);
  CHECK(message_of<tusk::data_error>([&] {
          return db.scalar<spot>(read);
        }).find("attribute \"city\" has no member") != std::string::npos);
  made.other().execute("alter table tusk_types.spot drop column city");
  CHECK(db.scalar<spot>(read) == spot{"x", 7});
}

TEST_CASE("a parameter of a type that another session has altered is sent again as it is now") {
  const catalog_fixture made;
  auto db = connect();
  CHECK(db.scalar<std::string>(send_address, address{"x", 7}) == "x");
  made.other().execute("alter type tusk_types.address alter attribute zip type bigint cascade");
  CHECK(db.scalar<std::string>(send_address, address{"x", 7}) == "x");
  CHECK(db.scalar<std::string>(send_address, address{"x", 1LL << 40}) == "x");
  made.other().execute("alter type tusk_types.address alter attribute zip type int cascade");
  SECTION("but not in a transaction, which the refusal has spoilt") {
    auto tx = db.begin();
    error_of([&] { return tx.scalar<std::string>(send_address, address{"x", 7}); });
    tx.rollback();
  }
  CHECK(db.scalar<std::string>(send_address, address{"x", 7}) == "x");
  SECTION("and what did not fit the type as it was is tried anew") {
    made.other().execute("alter type tusk_types.address alter attribute zip type bigint cascade");
    error_of<tusk::data_error>(
        [&] { return db.scalar<std::string>(send_address, address{"x", 1LL << 40}); });
    CHECK(db.scalar<std::string>(send_address, address{"x", 1LL << 40}) == "x");
  }
}

TEST_CASE("labels added and renamed by another session are seen") {
  const catalog_fixture made;
  auto db = connect();
  const char* read = "select $1::text::tusk_types.mood";
  CHECK(db.scalar<mood>(read, "sad") == mood::sad);
  made.other().execute("alter type tusk_types.mood rename value 'sad' to 'blue'");
  made.other().execute("alter type tusk_types.mood add value 'sad' before 'ok'");
  CHECK(db.scalar<mood>(read, "sad") == mood::sad);
  CHECK(db.scalar<std::string>(read, "blue") == "blue");
  error_of<tusk::data_error>([&] { return db.scalar<mood>(read, "blue"); });
}

TEST_CASE("types are looked up inside of a transaction, which sees its own") {
  const catalog_fixture made;
  auto db = connect();
  auto tx = db.begin({.isolation = tusk::isolation::repeatable_read});
  CHECK(tx.scalar<int>("select 1") == 1);
  tx.execute("create type tusk_types.inner_one as (a int, b text)");
  CHECK(tx.scalar<tusk::record<int, std::string>>("select row(1, 'x')::tusk_types.inner_one") ==
        tusk::record<int, std::string>{1, "x"});
  tx.rollback();
  CHECK(db.scalar<mood>(sad) == mood::sad);
}

TEST_CASE("a type made behind a transaction's snapshot is found when that is over") {
  auto db = connect();
  {
    auto tx = db.begin({.isolation = tusk::isolation::repeatable_read});
    CHECK(tx.scalar<std::int64_t>("select count(*) from pg_catalog.pg_type") > 0);
    const catalog_fixture made;
    // The labels alone tell what an enum is that no query can find.
    CHECK(tx.scalar<mood>(sad) == mood::sad);
    error_of<tusk::programming_error>([&] { return tx.scalar<address>(some_address); });
    tx.rollback();
    CHECK(db.scalar<address>(some_address) == address{"x", 7});
    CHECK(db.scalar<mood>(sad) == mood::sad);
  }
}

TEST_CASE("every mode sends and reads types of the catalogs that have been looked up") {
  const catalog_fixture made;
  const mode how = GENERATE(mode::prepared, mode::declared, mode::unnamed, mode::simple);
  CAPTURE(static_cast<int>(how));
  auto db = connect({.mode = how});
  static_cast<void>(db.type("tusk_types.person"));
  static_cast<void>(db.type("tusk_types.mood[]"));
  for (int i = 0; i < 3; ++i) {
    CHECK(db.scalar<mood>(sad) == mood::sad);
    CHECK(db.scalar<mood>("select $1::tusk_types.mood", mood::ok) == mood::ok);
    CHECK(db.scalar<address>(some_address) == address{"x", 7});
    CHECK(db.scalar<address>("select $1::tusk_types.address", place{"y", 1}) == address{"y", 1});
    CHECK(db.scalar<std::vector<mood>>("select $1::tusk_types.mood[]",
                                       std::vector<mood>{mood::sad, mood::very_happy}) ==
          std::vector<mood>{mood::sad, mood::very_happy});
    CHECK(db.scalar<int>("select $1::tusk_types.zip", 5) == 5);
  }
}

TEST_CASE("where nothing can be asked, a type that was not looked up is refused, saying so") {
  const catalog_fixture made;
  const mode how = GENERATE(mode::declared, mode::unnamed, mode::simple);
  auto db = connect({.mode = how});
  const std::string said =
      message_of<tusk::programming_error>([&] { return db.scalar<mood>(sad); });
  CHECK(said.find("call session::type() before") != std::string::npos);
  // Members by name need the catalogs to be sent.
  CHECK(message_of<tusk::data_error>([&] {
          return db.scalar<std::string>(send_address, address{"x", 1});
        }).find("statement_mode::prepared") != std::string::npos);
  CHECK(db.scalar<int>("select 1") == 1);
}

TEST_CASE("cells of scripts know what they are") {
  const catalog_fixture made;
  auto db = connect();
  const auto results =
      db.script("select 1; select 'sad'::tusk_types.mood; select row('x', 7)::tusk_types.address");
  CHECK(results.at(1).at(0)[0].as<mood>() == mood::sad);
  CHECK(results.at(2).at(0)[0].as<address>() == address{"x", 7});
}

TEST_CASE("a pipeline refuses types that were not looked up, and reads those that were") {
  const catalog_fixture made;
  auto db = connect();
  {
    auto line = db.pipeline();
    auto refused = line.query<mood>(sad);
    auto fine = line.query<int>("select 1");
    const std::string said =
        message_of<tusk::programming_error>([&] { return refused.get().front(); });
    CHECK(said.find("call session::type() before") != std::string::npos);
    CHECK(fine.get().front() == 1);
    line.finish();
  }
  static_cast<void>(db.type("tusk_types.mood"));
  auto line = db.pipeline();
  auto read = line.query<mood>(sad);
  auto sent = line.query<std::string>("select $1::tusk_types.mood", mood::ok);
  CHECK(read.get().front() == mood::sad);
  CHECK(sent.get().front() == "ok");
  line.finish();
}

TEST_CASE("nothing in the search path stands between the session and the catalogs") {
  const catalog_fixture made;
  made.other().script(
      "create function tusk_types.no(oid, oid) returns bool language sql as 'select false';"
      "create function tusk_types.no(\"char\", \"char\") returns bool language sql "
      "as 'select false';"
      "create function tusk_types.no(int2, int2) returns bool language sql as 'select false';"
      "create function tusk_types.no(text, text) returns bool language sql as 'select false';"
      "create operator tusk_types.= (leftarg = oid, rightarg = oid, function = tusk_types.no);"
      "create operator tusk_types.= (leftarg = \"char\", rightarg = \"char\", "
      "function = tusk_types.no);"
      "create operator tusk_types.= (leftarg = text, rightarg = text, function = tusk_types.no);"
      "create operator tusk_types.> (leftarg = int2, rightarg = int2, function = tusk_types.no);"
      "create function tusk_types.format_type(oid, int) returns text language sql "
      "as $$select 'hostile'$$;"
      "create domain tusk_types.oid as text; create domain tusk_types.text as int;"
      "create view tusk_types.pg_type as select 1 as oid;"
      "create view tusk_types.pg_attribute as select 1 as attrelid");
  auto db = connect();
  db.execute("set search_path = tusk_types, pg_catalog");
  CHECK(db.scalar<mood>("select 'sad'::mood") == mood::sad);
  CHECK(db.scalar<address>("select row('x', 7)::address") == address{"x", 7});
  CHECK(db.scalar<std::string>("select ($1::address).street", address{"y", 1}) == "y");
  const auto info = db.type("person");
  CHECK(info->attributes.size() == 5);
  CHECK(info->sql_name == "person");
}

TEST_CASE("types are looked up when no statement is kept") {
  const catalog_fixture made;
  auto db = connect({.statement_cache_entries = 0});
  for (int i = 0; i < 3; ++i) {
    CHECK(db.scalar<mood>(sad) == mood::sad);
    CHECK(db.scalar<std::string>(send_address, address{"x", i}) == "x");
  }
  CHECK(prepared_count(db) <= 1);
}

TEST_CASE("statements of the caller's and streams read and send types of the catalogs") {
  const catalog_fixture made;
  auto db = connect();
  const auto statement = db.prepare("select $1::tusk_types.address, $2::tusk_types.mood");
  const auto rows = db.query<address, mood>(statement, address{"x", 1}, mood::ok);
  const auto [where, how] = rows.front();
  CHECK(where == address{"x", 1});
  CHECK(how == mood::ok);
  int count = 0;
  for (const mood each : db.stream<mood>("select unnest(enum_range(null::tusk_types.mood))")) {
    CHECK(static_cast<int>(each) == count);
    ++count;
  }
  CHECK(count == 3);
}
