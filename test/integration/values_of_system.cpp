// Money, xml, and what the server says of itself: numbers that its catalogs have names for, places,
// transactions, snapshots, statistics.
#include "integration/differential.hpp"

namespace {

using namespace tusk::test;

/// A decimal number in the first row's first column, as the server prints it.
std::string number_of(tusk::session& db, const std::string& expression) {
  return server_text(db, "(" + expression + ")::oid");
}

/// The value as the server's own functions make bytes of it.
std::vector<std::byte> sent_bytes(tusk::session& db, const std::string& expression) {
  return db.scalar<std::vector<std::byte>>("select " + expression);
}

/// False when the server cannot load it.
bool set_locale(tusk::session& db, const std::string& name) {
  try {
    db.execute("select set_config('lc_monetary', $1, false)", name);
    return true;
  } catch (const tusk::error&) {
    return false;
  }
}

}  // namespace

TEST_CASE("money goes both ways, under every lc_monetary that the server has") {
  const std::vector<std::string> amounts{"'0'",
                                         "'0.01'",
                                         "'-0.01'",
                                         "'12.34'",
                                         "'-1234567.89'",
                                         "'92233720368547758.07'",
                                         "'-92233720368547758.08'"};
  compare<tusk::money>("money", amounts);
  auto db = connect();
  // All that initdb found, of which some may not be loadable any more.
  const auto locales = db.query<std::string>(
      "select distinct collcollate from pg_collation where collprovider = 'c' order by 1");
  for (const std::string& locale : locales) {
    CAPTURE(locale);
    if (!set_locale(db, locale)) continue;
    for (const std::int64_t units : {0L, 5L, -5L, 123456L, -123456L, INT64_MAX, INT64_MIN}) {
      const tusk::money value(units);
      CHECK(db.scalar<tusk::money>("select $1::money", value) == value);
      const std::string text = db.scalar<std::string>("select $1::money", value);
      CAPTURE(text);
      CHECK(tusk::money::parse(text) == value);
    }
  }
}

TEST_CASE("money is refused where only text goes") {
  auto db = connect();
  const auto send = [&] {
    return db.execute({.mode = tusk::statement_mode::simple}, "select $1::money", tusk::money(1));
  };
  CHECK(message_of<tusk::data_error>(send).find("no text of it is read alike") !=
        std::string::npos);
  CHECK(db.scalar<int>("select 1") == 1);
}

TEST_CASE("places and transactions go both ways") {
  compare<tusk::pg_lsn>("pg_lsn", {"'0/0'", "'16/B374D848'", "'FFFFFFFF/FFFFFFFF'", "'0/a'"});
  compare<tusk::tid>("tid", {"'(0,0)'", "'(1,2)'", "'(4294967295,65535)'"});
  compare<std::uint32_t>("xid", {"'0'", "'4294967295'"});
  compare<std::uint32_t>("cid", {"'0'", "'4294967295'"});
  const std::vector<std::string> snapshots{"'1:1:'", "'10:20:10,14,15'",
                                           "'9223372036854775806:9223372036854775807:'"};
  compare<tusk::pg_snapshot>("txid_snapshot", snapshots);
  auto db = connect();
  CHECK(db.scalar<tusk::pg_snapshot>("select txid_current_snapshot()").is_valid());
  if (major_version(db) < 13) {
    WARN("skipped: xid8 and pg_snapshot are there from PostgreSQL 13 on");
    return;
  }
  compare<tusk::pg_snapshot>("pg_snapshot", snapshots);
  compare<tusk::xid8>("xid8", {"'0'", "'3'", "'18446744073709551615'"});
  compare<std::uint64_t>("xid8", {"'0'", "'3'", "'18446744073709551615'"});
}

TEST_CASE("names of catalog objects are read as oid in binary and as names in text") {
  const std::vector<std::pair<std::string, std::string>> names{
      {"regclass", "pg_class"},
      {"regtype", "integer"},
      {"regproc", "now"},
      {"regprocedure", "abs(integer)"},
      {"regoper", "||/"},
      {"regoperator", "+(integer,integer)"},
      {"regconfig", "english"},
      {"regdictionary", "simple"},
      {"regnamespace", "pg_catalog"},
      {"regrole", "postgres"},
      {"regcollation", "\"C\""}};
  auto db = connect();
  for (const auto& [type, name] : names) {
    CAPTURE(type);
    if (type == "regcollation" && major_version(db) < 13) continue;
    const std::string value = "'" + name + "'::" + type;
    const auto number = db.scalar<tusk::oid>("select " + value);
    CHECK(std::to_string(number) == number_of(db, value));
    CHECK(db.scalar<std::string>("select " + value) == name);
    CHECK(db.scalar<std::string>("select $1::" + type, number) == name);
    CHECK(db.scalar<std::string>("select $1::" + type, name) == name);
    CHECK(db.scalar<std::vector<tusk::oid>>("select array[" + value + "]") == std::vector{number});
    CHECK(db.scalar<bool>("select $1::" + type + "[] = array[" + value + "]", std::vector{number}));
    CHECK(db.scalar<tusk::oid>("select 0::" + type) == 0);
    CHECK(db.script("select 0::" + type).at(0).at(0)[0].as<tusk::oid>() == 0);
    CHECK(db.script("select 123456789::" + type).at(0).at(0)[0].as<tusk::oid>() == 123456789);
    const auto as_text = db.script("select " + value + " as c");
    CHECK(message_of<tusk::data_error>([&] {
            return as_text.at(0).at(0)[0].as<tusk::oid>();
          }).find("a name that only the server's catalogs know") != std::string::npos);
  }
}

TEST_CASE("int2vector and oidvector go both ways as vectors, the empty ones too") {
  auto db = connect();
  using numbers = std::vector<std::int16_t>;
  for (const numbers& value : {numbers{}, numbers{7}, numbers{1, -2, 32767}}) {
    CHECK(db.scalar<numbers>("select $1::int2vector", value) == value);
    const std::string text = db.scalar<std::string>("select $1::int2vector", value);
    CHECK(db.script("select '" + text + "'::int2vector")[0][0][0].as<numbers>() == value);
    CHECK(db.scalar<bool>("select $1::int2vector = $2::int2vector", value, text));
  }
  using oids = std::vector<tusk::oid>;
  for (const oids& value : {oids{}, oids{1}, oids{1, 4294967295}}) {
    CHECK(db.scalar<oids>("select $1::oidvector", value) == value);
    CHECK(db.scalar<bool>("select $1::oidvector = $2::oidvector", value,
                          db.scalar<std::string>("select $1::oidvector", value)));
  }
  CHECK(db.scalar<oids>("select proargtypes from pg_proc where proname = 'now'").empty());
  const std::vector<std::string> texts{"1", "2"};
  CHECK(db.scalar<numbers>("select $1::int2vector", texts) == numbers{1, 2});
  // A vector in a vector is a dimension, and these are elements.
  CHECK(db.scalar<std::vector<std::string>>("select array['1 2', '']::int2vector[]") ==
        std::vector<std::string>{"1 2", ""});
  const std::vector<std::optional<std::int16_t>> holes{1, std::nullopt};
  CHECK(message_of<tusk::data_error>([&] {
          return db.execute("select $1::int2vector", holes);
        }).find("an element is NULL, and the parameter holds none") != std::string::npos);
}

TEST_CASE("refcursor and aclitem go both ways as text") {
  compare<std::string>("refcursor", {"'c'", "''", "'Ünnamed \"portal\" 1'"});
  compare<std::string>("aclitem", {"'postgres=r/postgres'", "'=arwdDxt/postgres'"});
}

TEST_CASE("xml goes both ways as its text, whatever the client's encoding is") {
  std::vector<std::string> documents{
      "'<a>x</a>'", "'text and <b/> alone'", "''",
      "'<?xml version=\"1.0\" encoding=\"LATIN1\" standalone=\"yes\"?><a/>'",
      "'<?xml version=\"1.1\"?><a/>'"};
  compare<tusk::xml>("xml", documents);
  compare<std::string>("xml", documents);
  // One more line break in front than xml_in keeps of it, when it reads its own text again.
  documents.push_back("E'<?xml version=\"1.0\"?>\\n\\n<a/>'");
  auto db = connect({.follow_client_encoding = true});
  for (const char* encoding : {"UTF8", "LATIN1"}) {
    CAPTURE(encoding);
    db.execute(std::string("set client_encoding = ") + encoding);
    for (const std::string& document : documents) {
      CAPTURE(document);
      const std::string text = server_text(db, document + "::xml");
      CHECK(db.scalar<tusk::xml>("select " + document + "::xml").text == text);
      CHECK(db.scalar<std::string>("select " + document + "::xml") == text);
      // What xml_send makes of it for this client, where it is not UTF-8, declares so; the codec
      // takes that for the text that it stands for.
      const std::vector<std::byte> bytes = sent_bytes(db, "xml_send(" + document + "::xml)");
      tusk::field sent;
      sent.data = bytes.data();
      sent.size = static_cast<std::int32_t>(bytes.size());
      sent.type = tusk::oids::xml;
      sent.format = tusk::format::binary;
      CHECK(tusk::codec<tusk::xml>::decode(sent).text == text);
      const bool declares = sent.text().find("encoding=\"LATIN1\"") != std::string_view::npos;
      CHECK(declares == (std::string_view(encoding) == "LATIN1"));
    }
    const std::string accent = encoding == std::string_view("UTF8") ? "\u00e9" : "\xe9";
    const tusk::xml value{"<a>" + accent + "</a>"};
    CHECK(db.scalar<tusk::xml>("select $1::xml", value) == value);
    CHECK(db.scalar<int>("select length(xmlserialize(content $1::xml as text))", value) == 8);
  }
}

TEST_CASE("the server's statistics are read as text and as bytes, and cannot be sent") {
  auto db = connect();
  db.execute(
      "create table statistics_seen as select i % 10 as a, i % 20 as b "
      "from generate_series(1, 1000) as i");
  db.execute("create statistics statistics_of_both on a, b from statistics_seen");
  db.execute("analyze statistics_seen");
  const std::string from =
      " from pg_statistic_ext_data as d join pg_statistic_ext as s on s.oid = d.stxoid"
      " where stxname = 'statistics_of_both'";
  const std::vector<std::pair<std::string, std::string>> kinds{
      {"pg_ndistinct", "stxdndistinct"},
      {"pg_dependencies", "stxddependencies"},
      {"pg_mcv_list", "stxdmcv"}};
  using bytes = std::vector<std::byte>;
  for (const auto& [type, column] : kinds) {
    CAPTURE(type);
    const std::string read = "select " + column + from;
    CHECK(db.scalar<std::string>(read) == db.script(read)[0][0][0].as<std::string>());
    const auto value = db.scalar<bytes>(read);
    CHECK(value == db.scalar<bytes>("select " + type + "_send(" + column + ")" + from));
    CHECK_FALSE(value.empty());
    const auto as_text = db.script(read);
    if (type == "pg_mcv_list") {
      CHECK(as_text[0][0][0].as<bytes>() == value);
    } else {
      CHECK(message_of<tusk::data_error>([&] {
              return as_text[0][0][0].as<bytes>();
            }).find("its text is not its bytes") != std::string::npos);
    }
    CHECK(error_of<tusk::error>([&] { return db.execute("select $1::" + type, "x"); })
              .sqlstate()
              .text() == "0A000");
  }
  db.execute("drop table statistics_seen");
}

TEST_CASE("pg_node_tree and gtsvector are read as text, and cannot be sent") {
  auto db = connect();
  const std::string tree = "select ev_action from pg_rewrite limit 1";
  CHECK(db.scalar<std::string>(tree) == db.script(tree)[0][0][0].as<std::string>());
  for (const char* type : {"pg_node_tree", "gtsvector"}) {
    CAPTURE(type);
    CHECK(error_of<tusk::error>([&] { return db.execute(std::string("select $1::") + type, "x"); })
              .sqlstate()
              .text() == "0A000");
    CHECK_FALSE(
        db.scalar<std::optional<std::string>>(std::string("select null::") + type).has_value());
  }
}
