// Text search types, both ways and in both formats, against the server's own text of them.

#include <random>
#include <string>
#include <vector>

#include "integration/differential.hpp"
#include "integration/input_oracle.hpp"
#include "tusk/types/tsquery.hpp"

namespace {

using namespace tusk::test;

const std::vector<std::string> pieces{"'",   "\\", ":", "&",   "|",  "!", "(",     ")",    "<->",
                                      "<2>", "<",  ">", "-",   "*",  "A", "bD",    "12",   ",",
                                      " ",   "\t", "x", "y z", "''", "0", "16383", "16385"};

tusk::tsquery draw(std::mt19937_64& source, int depth) {
  if (depth == 0 || source() % 4 == 0)
    return tusk::tsquery::term(source() % 2 == 0 ? "it's" : "b\\c", {}, source() % 3 == 0);
  const tusk::tsquery left = draw(source, depth - 1);
  const tusk::tsquery right = draw(source, depth - 1);
  switch (source() % 5) {
    case 0: return !left;
    case 1: return left & right;
    case 2: return left | right;
    default: return tusk::tsquery::phrase(left, right, static_cast<int>(source() % 4));
  }
}

}  // namespace

TEST_CASE("tsvector goes both ways with its places and weights") {
  compare<tusk::tsvector>(
      "tsvector", {"''", "'a:1A b'", "'the fat:3,1B cat:16383C'", "$$'it''s' 'b\\\\c' ':' d$$",
                   "'Zoë € 😀'", "to_tsvector('english', 'The fat rats ate the fatter cats')",
                   "(select string_agg('w' || i || ':' || i, ' ')::tsvector "
                   "from generate_series(1, 2000) as i)",
                   "repeat('x', 2046)::tsvector"});
}

TEST_CASE("tsquery goes both ways with its tree, weights and prefixes") {
  compare<tusk::tsquery>(
      "tsquery",
      {"'a'", "'a & !b'", "'a & (b | c)'", "'!(a & b) | !!c'", "'a <-> b <3> c <0> d'",
       "'a <-> (b <2> c)'", "'(a | b) <-> (c & d)'", "'sup:*AB & x:D'", "$$'it''s' & 'b\\\\c'$$",
       "'Zoë | €'", "to_tsquery('english', 'fat & (rats | cats:*)')"});
}

TEST_CASE("text search texts are read as the server reads them, and refused as it refuses them") {
  compare_input<tusk::tsvector>(
      "tsvector", {"a b c", "a:1A,2 b:3", "'fat rat':7,3B cat", "a\\ b", "'it''s':2"}, pieces);
  compare_input<tusk::tsquery>(
      "tsquery", {"a & b | c", "!a <-> (b | c)", "a:*AB & 'fat rat'", "(a <2> b) <-> c", "!!(a)"},
      pieces);
}

TEST_CASE("trees that tsquery's operators build are stored and printed by the server as here") {
  auto db = connect();
  std::mt19937_64 source(20000302);
  for (int i = 0; i < 300; ++i) {
    const tusk::tsquery value = draw(source, 5);
    CAPTURE(value.to_string());
    const auto back = db.query<tusk::tsquery, std::string>("select $1::tsquery, $1::text", value);
    const auto [query, text] = back.front();
    CHECK(query == value);
    CHECK(text == value.to_string());
  }
}

TEST_CASE("queries built here find what they should") {
  auto db = connect();
  using tusk::tsquery;
  const tsquery wanted =
      tsquery::phrase(tsquery::term("fat"), tsquery::term("cat", {tusk::ts_weight::a}), 2) &
      !tsquery::term("do", {}, true);
  const std::string finds = "select $1::tsvector @@ $2::tsquery";
  CHECK(db.scalar<bool>(finds, *tusk::tsvector::parse("fat:1 cat:3A"), wanted));
  CHECK_FALSE(db.scalar<bool>(finds, *tusk::tsvector::parse("fat:1 cat:3B"), wanted));
  CHECK_FALSE(db.scalar<bool>(finds, *tusk::tsvector::parse("fat:1 cat:3A dog:5"), wanted));
}

TEST_CASE("a query of nothing and a vector without lexemes go both ways") {
  auto db = connect();
  // Not every server takes back the binary form in which it sends a query of nothing.
  CHECK(db.scalar<tusk::tsquery>("select ''::tsquery").is_empty());
  CHECK(db.scalar<tusk::tsquery>("select $1::tsquery", tusk::tsquery()).is_empty());
  CHECK(db.scalar<bool>("select $1 = ''::tsquery", tusk::tsquery()));
  CHECK(db.scalar<bool>("select $1 = ''::tsvector", tusk::tsvector()));
  const auto texts = db.query({.formats = tusk::formats::text}, "select ''::tsvector, ''::tsquery");
  CHECK(texts.front()[0].as<tusk::tsvector>() == tusk::tsvector());
  CHECK(texts.front()[1].as<tusk::tsquery>().is_empty());
}
