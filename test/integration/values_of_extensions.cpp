// Types of extensions: hstore and citext, and types that a program adds by codecs of its own, which
// know them by their names alone.

#include <string>
#include <vector>

#include "../../doc/examples/vector_codec.hpp"
#include "integration/differential.hpp"

namespace {

using namespace tusk::test;

/// ltree's label path: what a codec needs at the least, text both ways.
struct label_path {
  std::string text;
  friend bool operator==(const label_path&, const label_path&) = default;
};

/// A schema with an extension in it, that is in no search path.
class extension_fixture {
 public:
  explicit extension_fixture(const std::string& name) : name_(name) {
    db_.script("set client_min_messages = warning; drop extension if exists " + name_ +
               " cascade; drop schema if exists tusk_apart cascade; create schema tusk_apart; "
               "create extension " +
               name_ + " schema tusk_apart");
  }
  ~extension_fixture() {
    try {
      db_.script("drop schema tusk_apart cascade");
    } catch (const std::exception&) {
      // The next one drops it.
    }
  }
  extension_fixture(const extension_fixture&) = delete;
  extension_fixture& operator=(const extension_fixture&) = delete;

 private:
  std::string name_;
  tusk::session db_ = connect();
};

}  // namespace

template <>
struct tusk::codec<label_path> {
  static constexpr std::string_view name = "label_path";
  static constexpr oid type = 0;
  static bool reads(type_ref from) { return from.is("ltree"); }
  static bool writes(type_ref to) { return to.is("tusk_apart.ltree"); }
  static format read_format(type_ref) { return format::text; }
  static label_path decode(const field& value) {
    if (value.format == format::binary) fail_read(value, name, "it came in binary");
    return {std::string(value.text())};
  }
  static format encode(value_writer& to, const label_path& value) {
    to.out().text(value.text);
    return format::text;
  }
};

TEST_CASE("hstore goes both ways in any schema, in the server's order") {
  const extension_fixture made("hstore");
  compare<tusk::hstore>(
      "tusk_apart.hstore",
      {"''", "'a=>1'", "'bb=>2, a=>1, c=>NULL, \"\"=>\"\"'", "'a=>1, a=>2'",
       R"('"a\"b\\"=>"x, y=>z", "é"=>"😀", " "=>"NULL"')",
       "(select string_agg('k' || i || '=>' || i, ',') from generate_series(1, 500) i)"});
}

TEST_CASE("hstore's odd texts mean here what they mean to the server") {
  const extension_fixture made("hstore");
  auto db = connect();
  const std::string type = "tusk_apart.hstore";
  for (const std::string text :
       {"a=>b=c",      "a,b=>1",    " a => 1 , ", "a=>1,,b=>2", "a=>null",
        "a=>\"null\"", "a=>nul\\l", "\"a\"=>b",   "a\\=b=>c",   "a=>,",
        "a=>,x",       "a=>\"x\"y", "a",          "=>b",        "a=>",
        "a=>1 b=>2",   "\"a",       "a=>\"b",     "a\\",        "a= >b",
        "a=>b=>c",     ",=>1",      "a=>1,",      ",",          "a\t=>\nb"}) {
    CAPTURE(text);
    const auto parsed = tusk::hstore::parse(text);
    try {
      const auto said = db.scalar<std::string>("select $1::text::" + type + "::text", text);
      REQUIRE(parsed.has_value());
      CHECK(parsed->to_string() == said);
    } catch (const tusk::error& refused) {  // before PostgreSQL 16 an internal one
      CAPTURE(refused.message());
      REQUIRE(refused.session_usable());
      CHECK_FALSE(parsed.has_value());
    }
  }
}

TEST_CASE("citext is a string both ways, alone and in arrays") {
  const extension_fixture made("citext");
  compare<std::string>("tusk_apart.citext", {"'Abc'", "''", "'a\"b\\c,{}'", "'NULL'", "'éΣ😀'"});
  auto db = connect();
  CHECK(db.scalar<std::string>("select 'Abc'::tusk_apart.citext") == "Abc");
}

TEST_CASE("a type of an extension goes both ways by a codec that knows its name alone") {
  const extension_fixture made("ltree");
  compare<label_path>("tusk_apart.ltree", {"'Top.Science.Astronomy'", "''", "'a.b_c.D1'"});
  auto db = connect();
  db.script("create domain tusk_apart.place as tusk_apart.ltree");
  CHECK(db.scalar<label_path>("select $1::tusk_apart.place", label_path{"a.b"}).text == "a.b");
}

TEST_CASE("pgvector's vector goes both ways by the codec of the example") {
  {
    auto db = connect();
    if (!db.scalar<bool>(
            "select exists (select from pg_available_extensions where name = 'vector')")) {
      WARN("this server does not have pgvector");
      return;
    }
  }
  const extension_fixture made("vector");
  compare<pgvector::vector>("tusk_apart.vector", {"'[1,2,3]'", "'[0.5]'", "'[-1e-30,3.4e38]'"});
}
