#include <random>

#include "support/catch.hpp"
#include "support/values.hpp"
#include "tusk/types/tsquery.hpp"
#include "unit/types_damage.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

using weight = ts_weight;

constexpr std::string_view golden_vector = "00000002 'a' 00 0001 c001 'b' 00 0000";
constexpr std::string_view golden_query = "00000004 0202 0201 010000 'b' 00 010000 'a' 00";

tsquery query(std::string_view text) {
  const std::optional<tsquery> parsed = tsquery::parse(text);
  REQUIRE(parsed);
  return *parsed;
}

std::string draw_lexeme(std::mt19937_64& source) {
  constexpr std::string_view alphabet = "ab'\\: &|!()<>-*,1Aé";
  std::string text(1, 'x');
  for (std::uint64_t count = source() % 6; count > 0; --count)
    text.push_back(alphabet[source() % alphabet.size()]);
  return text;
}

std::vector<weight> draw_weights(std::mt19937_64& source) {
  std::vector<weight> all;
  for (const weight each : {weight::a, weight::b, weight::c, weight::d})
    if (source() % 4 == 0) all.push_back(each);
  return all;
}

tsquery draw_query(std::mt19937_64& source, int depth) {
  if (depth == 0 || source() % 4 == 0) {
    const weight one = static_cast<weight>(source() % 4);
    const std::string lexeme = draw_lexeme(source);
    if (source() % 2 == 0) return tsquery::term(lexeme);
    return tsquery::term(lexeme, {one, weight::a}, source() % 2 == 0);
  }
  const tsquery left = draw_query(source, depth - 1);
  if (source() % 5 == 0) return !left;
  const tsquery right = draw_query(source, depth - 1);
  switch (source() % 3) {
    case 0: return left & right;
    case 1: return left | right;
    default: return tsquery::phrase(left, right, static_cast<int>(source() % 16385));
  }
}

}  // namespace

TEST_CASE("tsvector's binary form is its lexemes and where they stand") {
  const tsvector value = decode<tsvector>(binary(oids::tsvector, golden_vector));
  REQUIRE(value.lexemes().size() == 2);
  CHECK(value.to_string() == "'a':1A 'b'");
  REQUIRE(value.find("a") != nullptr);
  CHECK(value.find("a")->positions == std::vector{tsvector::position{1, weight::a}});
  CHECK(value.find("c") == nullptr);
  CHECK(encode(value, oids::tsvector).bytes == wire(golden_vector));
  CHECK(tsvector({{"b", {}}, {"a", {{1, weight::a}}}}) == value);
  CHECK(encode(tsvector(), oids::tsvector).hex() == "00000000");
  CHECK(tsvector().to_string().empty());
}

TEST_CASE("damaged tsvectors are refused by name") {
  check_damage<tsvector>(oids::tsvector, golden_vector);
  for (const char* wrong : {"ffffffff", "7fffffff", "00000001 'a' 00 0101", "00000001 'a'"}) {
    CAPTURE(wrong);
    CHECK_FALSE(
        data_error_of([&] { (void)decode<tsvector>(binary(oids::tsvector, wrong)); }).empty());
  }
}

TEST_CASE("tsvector reads what the server reads, and sorts and merges as it does") {
  check_text<tsvector>("", "");
  check_text<tsvector>("  b a\tc ", "'a' 'b' 'c'");
  check_text<tsvector>("a a a", "'a'");
  check_text<tsvector>("ab a B", "'B' 'a' 'ab'");
  check_text<tsvector>("a:1A,3,2b 'fat rat':7*", "'a':1A,2B,3 'fat rat':7A");
  check_text<tsvector>("a:2,1 a:1C a", "'a':1C,2");
  check_text<tsvector>("a:1,1A,1B", "'a':1A");
  check_text<tsvector>("a:1D,2d", "'a':1,2");
  check_text<tsvector>("a:16383,16384,99999999999", "'a':16383");
  check_text<tsvector>("'it''s' 'back\\\\slash' it\\'s a'b", "'a''b' 'back\\\\slash' 'it''s'");
  check_text<tsvector>(":a \\:b a:1 :", "':' ':a' ':b' 'a':1");
  check_text<tsvector>("'a'b 'Zoë'", "'Zoë' 'a' 'b'");
  check_text<tsvector>("a&b !c (d)", "'!c' '(d)' 'a&b'");
}

TEST_CASE("malformed tsvector texts are refused") {
  for (const char* wrong :
       {"'a", "a\\", "'a\\", "a:", "a:x", "a:1,", "a:0", "a:-1", "a:1AB", "a:1x", "a:1A:2"}) {
    check_no_text<tsvector>(wrong);
  }
  check_no_text<tsvector>(std::string_view("a\0b", 3));
  CHECK(tsvector::parse(std::string(2046, 'x')));
  // No input has an empty or overlong lexeme, but the server prints those that came in binary.
  CHECK_FALSE(tsvector::parse(std::string(2047, 'x')));
  CHECK_FALSE(tsvector::parse("''"));
  CHECK(decode<tsvector>(text(oids::tsvector, std::string(2047, 'x'))).lexemes().size() == 1);
  CHECK(decode<tsvector>(text(oids::tsvector, "'' 'a'")).lexemes().size() == 2);
}

TEST_CASE("more positions than a tsvector can hold are refused, also in text") {
  std::string many = "'a':1";
  for (int at = 2; at <= 256; ++at)
    many.append(",").append(std::to_string(at));
  CHECK(decode<tsvector>(text(oids::tsvector, many)).lexemes()[0].positions.size() == 256);
  many.append(",257");
  CHECK_FALSE(data_error_of([&] { (void)decode<tsvector>(text(oids::tsvector, many)); }).empty());
  CHECK(tsvector::parse(many)->lexemes()[0].positions.size() == 256);
}

TEST_CASE("a tsvector keeps the order that the server gave it, in binary and in text") {
  const tsvector value =
      decode<tsvector>(binary(oids::tsvector, "00000002 'b' 00 0000 'a' 00 0000"));
  CHECK(value.to_string() == "'b' 'a'");
  CHECK(decode<tsvector>(text(oids::tsvector, "'b' 'a'")) == value);
}

TEST_CASE("a tsvector of lexemes that the server cannot hold is not made") {
  using lexemes = std::vector<tsvector::lexeme>;
  CHECK(data_error_of([] { tsvector(lexemes{{"", {}}}); }) == "tusk::tsvector: a lexeme is empty");
  CHECK_FALSE(data_error_of([] { tsvector(lexemes{{std::string("a\0b", 3), {}}}); }).empty());
  CHECK_FALSE(data_error_of([] { tsvector(lexemes{{std::string(2047, 'x'), {}}}); }).empty());
  CHECK_FALSE(data_error_of([] { tsvector(lexemes{{"a", {{0, weight::d}}}}); }).empty());
  std::vector<tsvector::position> many;
  for (std::uint16_t at = 300; at > 0; --at)
    many.push_back({at, weight::d});
  const tsvector kept(lexemes{{"a", many}});
  CHECK(kept.lexemes()[0].positions.size() == tsvector::max_positions);
  CHECK(kept.lexemes()[0].positions.back().at == 256);
}

TEST_CASE("tsquery's binary form is its tree, the right operand first") {
  const tsquery value = decode<tsquery>(binary(oids::tsquery, golden_query));
  CHECK(value.to_string() == "'a' & !'b'");
  CHECK(encode(value, oids::tsquery).bytes == wire(golden_query));
  CHECK((tsquery::term("a") & !tsquery::term("b")) == value);
  REQUIRE(value.nodes().size() == 4);
  CHECK(value.nodes()[0].what == tsquery::kind::logical_and);
  CHECK(value.nodes()[value.nodes()[0].left].text == "a");
  CHECK(value.nodes()[1].what == tsquery::kind::logical_not);
  CHECK(decode<tsquery>(binary(oids::tsquery, "00000000")).is_empty());
  CHECK(encode(tsquery::phrase(tsquery::term("a"), tsquery::term("b", {weight::a, weight::d}, true),
                               3),
               oids::tsquery)
            .bytes == wire("00000003 0204 0003 010901 'b' 00 010000 'a' 00"));
}

TEST_CASE("a query of nothing goes as text, since servers refuse its binary form") {
  const written sent = encode(tsquery(), oids::tsquery);
  CHECK(sent.as == format::text);
  CHECK(sent.bytes.empty());
  CHECK(encode(tsquery::term("a"), oids::tsquery).as == format::binary);
}

TEST_CASE("damaged tsqueries are refused by name") {
  check_damage<tsquery>(oids::tsquery, golden_query);
  check_damage<tsquery>(oids::tsquery, "00000003 0204 0003 010901 'b' 00 010000 'a' 00");
  for (const char* wrong :
       {"ffffffff", "00000001 0202", "00000002 0202 010000 'a' 00",  // operands are missing
        "00000002 010000 'a' 00 010000 'b' 00",                      // two trees
        "00000001 030000 'a' 00", "00000002 0205 010000 'a' 00",     // no such node or operator
        "00000002 0200 010000 'a' 00", "00000001 011000 'a' 00"}) {  // no such weight
    CAPTURE(wrong);
    CHECK_FALSE(
        data_error_of([&] { (void)decode<tsquery>(binary(oids::tsquery, wrong)); }).empty());
  }
}

TEST_CASE("tsquery reads what the server reads, and prints it with the server's parentheses") {
  check_text<tsquery>("", "");
  check_text<tsquery>("  ", "");
  check_text<tsquery>("a", "'a'");
  check_text<tsquery>("a&b|c", "'a' & 'b' | 'c'");
  check_text<tsquery>("a&(b|c)", "'a' & ( 'b' | 'c' )");
  check_text<tsquery>("!(a&b)", "!( 'a' & 'b' )");
  check_text<tsquery>("!!a", "!!'a'");
  check_text<tsquery>("a<->b<2>c", "'a' <-> 'b' <2> 'c'");
  check_text<tsquery>("a <-> b <2> c", "'a' <-> 'b' <2> 'c'");
  check_text<tsquery>("a <-> (b <0> c)", "'a' <-> ( 'b' <0> 'c' )");
  check_text<tsquery>("a <-> (b & c) | !d", "'a' <-> ( 'b' & 'c' ) | !'d'");
  check_text<tsquery>("a:*B & c:abcd & d:*", "'a':*B & 'c':ABCD & 'd':*");
  check_text<tsquery>("'fat rat':A | it\\'s", "'fat rat':A | 'it''s'");
  check_text<tsquery>("((a))", "'a'");
  check_text<tsquery>("a:", "'a'");
  check_text<tsquery>("a <16384> b", "'a' <16384> 'b'");
}

TEST_CASE("malformed tsquery texts are refused") {
  for (const char* wrong :
       {"&", "a&", "a b", "(a", "a)", "()", "!", ":a", "a:x", "a <", "<a", "a<b", "a <- b",
        "a <-1> b", "a <16385> b", "a <1 b", "'a", "a & & b", "a\\"})
    check_no_text<tsquery>(wrong);
  check_no_text<tsquery>(std::string_view("a\0b", 3));
  // No input has an empty or overlong lexeme, but the server prints those that came in binary.
  CHECK_FALSE(tsquery::parse(std::string(2047, 'x')));
  CHECK_FALSE(tsquery::parse("''"));
  CHECK(decode<tsquery>(text(oids::tsquery, std::string(2047, 'x'))).nodes().size() == 1);
  CHECK(decode<tsquery>(text(oids::tsquery, "'a' & ''")).nodes().size() == 3);
}

TEST_CASE("a query of nothing changes no other") {
  const tsquery a = tsquery::term("a");
  CHECK((a & tsquery()) == a);
  CHECK((tsquery() | a) == a);
  CHECK((!tsquery()).is_empty());
  CHECK(tsquery::phrase(tsquery(), a) == a);
}

TEST_CASE("queries of what the server cannot hold are not made") {
  CHECK(data_error_of([] { (void)tsquery::term(""); }) == "tusk::tsquery: a lexeme is empty");
  CHECK_FALSE(data_error_of([] { (void)tsquery::term(std::string(2047, 'x')); }).empty());
  CHECK_FALSE(data_error_of([] { (void)tsquery::term(std::string_view("a\0b", 3)); }).empty());
  const tsquery a = tsquery::term("a");
  CHECK_FALSE(data_error_of([&] { (void)tsquery::phrase(a, a, 16385); }).empty());
  CHECK_FALSE(data_error_of([&] { (void)tsquery::phrase(a, a, -1); }).empty());
}

TEST_CASE("no depth of a tsquery takes the stack") {
  constexpr std::size_t depth = 200'000;
  std::string parentheses(depth, '(');
  parentheses.append("a").append(depth, ')');
  CHECK(query(parentheses).to_string() == "'a'");
  const tsquery denied = query(std::string(depth, '!') + "a");
  CHECK(denied.nodes().size() == depth + 1);
  CHECK(denied.to_string() == std::string(depth, '!') + "'a'");
  CHECK(round_trip(denied) == denied);
  std::string nested;
  for (std::size_t i = 0; i < depth; ++i)
    nested.append("a<->(");
  nested.append("a").append(depth, ')');
  const tsquery phrases = query(nested);
  CHECK(query(phrases.to_string()) == phrases);
}

TEST_CASE("two trees of one text differ, as they do to the server") {
  const tsquery left = query("a & b & c");
  const tsquery right = tsquery::term("a") & (tsquery::term("b") & tsquery::term("c"));
  CHECK(left.to_string() == right.to_string());
  CHECK_FALSE(left == right);
  CHECK(round_trip(right) == right);
}

TEST_CASE("random vectors come back from their binary form and from their text") {
  std::mt19937_64 source(20000202);
  for (int i = 0; i < 500; ++i) {
    std::vector<tsvector::lexeme> lexemes;
    for (std::uint64_t count = source() % 6; count > 0; --count) {
      lexemes.push_back({draw_lexeme(source), {}});
      for (const weight each : draw_weights(source))
        lexemes.back().positions.push_back(
            {static_cast<std::uint16_t>(1 + source() % 16383), each});
    }
    const tsvector value(lexemes);
    CAPTURE(value.to_string());
    CHECK(round_trip(value) == value);
    CHECK(tsvector::parse(value.to_string()) == value);
    CHECK(decode<tsvector>(text(oids::tsvector, value.to_string())) == value);
  }
}

TEST_CASE("random queries come back from their binary form, and their text prints the same again") {
  std::mt19937_64 source(20000203);
  for (int i = 0; i < 500; ++i) {
    const tsquery value = draw_query(source, 5);
    CAPTURE(value.to_string());
    CHECK(round_trip(value) == value);
    CHECK(round_trip(value).hash() == value.hash());
    CHECK(query(value.to_string()).to_string() == value.to_string());
  }
}
