// A million mixed rows in and out by COPY, typed, in each format, and equal after. Text and CSV do
// a tenth of them unless TUSK_TEST_COPY_ROWS=all.

#include <bit>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "integration/server.hpp"
#include "support/catch.hpp"

namespace copied {

using bytes = std::vector<std::byte>;
using moment = std::chrono::sys_time<std::chrono::microseconds>;

struct mixed {
  std::int32_t id = 0;
  std::int64_t big = 0;
  double f8 = 0;
  float f4 = 0;
  bool flag = false;
  std::optional<std::string> note;
  std::optional<bytes> raw;
  std::optional<moment> at;
  tusk::numeric amount;
  std::optional<std::vector<std::optional<std::int32_t>>> counts;
  std::vector<std::string> words;
};

}  // namespace copied

namespace {

using copied::mixed;
using namespace tusk::test;
using tusk::copy_format;

constexpr int many = 1'000'000;
constexpr std::string_view columns =
    "(id int4, big int8, f8 float8, f4 float4, flag bool, note text, raw bytea, at timestamptz, "
    "amount numeric, counts int4[], words text[])";

/// SplitMix64: every row can be made again from its number alone.
class dice {
 public:
  explicit dice(std::int32_t seed) : state_(static_cast<std::uint64_t>(seed) + 1) {}
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(next() % bound); }
  bool one_in(std::size_t n) { return below(n) == 0; }

 private:
  std::uint64_t state_;
};

/// Everything that one of the formats, or the text of an array, gives a meaning of its own.
std::string nasty_text(dice& roll) {
  constexpr std::string_view pieces[] = {
      "\t",   "\n",   "\r",   "\r\n", "\\.",  "\\N",  "\\",  "\"", "\"\"", "'",  ",",       ";",
      " ",    "NULL", "null", "{",    "}",    "\x01", "\\t", "\b", "\v",   "\f", "\n\\.\n", "a",
      "word", "é",    "€",    "𝄞",    "\x7f", "$1",   "abc", "0",  "(",    "\\x"};
  std::string text;
  for (std::size_t left = roll.below(7); left > 0; --left)
    text += pieces[roll.below(std::size(pieces))];
  return text;
}

double any_double(dice& roll) {
  constexpr double edges[] = {0.0,       -0.0, 1e308,  5e-324, NAN, INFINITY,
                              -INFINITY, 1e15, 123.75, 1e-300, 0.1, -1};
  if (roll.one_in(8)) return edges[roll.below(std::size(edges))];
  const auto drawn = std::bit_cast<double>(roll.next());
  return std::isnan(drawn) ? 0.5 : drawn;
}

std::string any_number(dice& roll) {
  if (roll.one_in(50)) return "NaN";
  std::string digits = roll.one_in(2) ? "-" : "";
  digits += std::to_string(roll.next() >> roll.below(64));
  if (roll.one_in(20)) digits += std::string(roll.below(60), '7');
  if (!roll.one_in(3)) digits += "." + std::to_string(roll.next() >> roll.below(64));
  return digits;
}

mixed made(std::int32_t id) {
  dice roll(id);
  mixed row;
  row.id = id;
  row.big = static_cast<std::int64_t>(roll.next() >> roll.below(64));
  if (roll.one_in(2)) row.big = -row.big;
  row.f8 = any_double(roll);
  row.f4 = static_cast<float>(roll.below(1'000'000)) / 7;
  row.flag = roll.one_in(2);
  if (!roll.one_in(6)) row.note = nasty_text(roll);
  if (!roll.one_in(6)) {
    row.raw.emplace();
    for (std::size_t left = roll.below(20); left > 0; --left)
      row.raw->push_back(static_cast<std::byte>(roll.next()));
  }
  // From 1700 or so to 2270.
  if (!roll.one_in(9)) {
    row.at = copied::moment(std::chrono::microseconds(
        static_cast<std::int64_t>(roll.below(18'000'000'000'000'000)) - 9'000'000'000'000'000));
  }
  row.amount = tusk::numeric(any_number(roll));
  if (!roll.one_in(5)) {
    row.counts.emplace();
    for (std::size_t left = roll.below(4); left > 0; --left)
      row.counts->push_back(roll.one_in(4) ? std::nullopt
                                           : std::optional(static_cast<std::int32_t>(roll.next())));
  }
  for (std::size_t left = roll.below(3); left > 0; --left)
    row.words.push_back(nasty_text(roll));
  return row;
}

/// As values are told apart on the server: a NaN is equal to itself, -0 is not 0.
bool same(double a, double b) {
  return std::isnan(a) ? std::isnan(b)
                       : std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

/// The first column in which two rows differ; "" when none.
std::string_view difference(const mixed& a, const mixed& b) {
  if (a.id != b.id) return "id";
  if (a.big != b.big) return "big";
  if (!same(a.f8, b.f8)) return "f8";
  if (!same(a.f4, b.f4)) return "f4";
  if (a.flag != b.flag) return "flag";
  if (a.note != b.note) return "note";
  if (a.raw != b.raw) return "raw";
  if (a.at != b.at) return "at";
  if (a.amount.to_string() != b.amount.to_string()) return "amount";
  if (a.counts != b.counts) return "counts";
  return a.words == b.words ? "" : "words";
}

int rows_for(copy_format format) {
  const char* const all = std::getenv("TUSK_TEST_COPY_ROWS");
  return format == copy_format::binary || (all != nullptr && std::string_view(all) == "all")
             ? many
             : many / 10;
}

void fill(tusk::session& db, const tusk::copy_into& where, int rows) {
  auto in = db.copy_in(where);
  for (int i = 0; i < rows; ++i)
    in.row(made(i));
  CHECK(in.rows_written() == static_cast<std::uint64_t>(rows));
  CHECK(in.finish() == static_cast<std::uint64_t>(rows));
}

/// Reads everything back, in whatever order the table has it; gives the first that is another, or
/// "" when each row came once.
std::string first_difference(tusk::session& db, const tusk::copy_from& what, int rows) {
  std::vector<bool> seen(static_cast<std::size_t>(rows));
  int count = 0;
  for (const mixed& row : db.copy_rows<tusk::by_name<mixed>>(what)) {
    const auto id = static_cast<std::size_t>(row.id);
    if (id >= seen.size() || seen[id]) return "id " + std::to_string(row.id);
    seen[id] = true;
    ++count;
    const std::string_view column = difference(row, made(row.id));
    if (!column.empty()) return std::string(column) + " of row " + std::to_string(row.id);
  }
  return count == rows ? "" : "only " + std::to_string(count) + " rows";
}

/// A sum over hashes of whole rows, which hold their number.
std::tuple<std::int64_t, std::string> digest(tusk::session& db, const std::string& table,
                                             int rows) {
  const auto sums = db.script(
      "select count(*)::int8, sum(('x' || left(md5(t::text), 15))::bit(60)::int8)::text from " +
      table + " t where id < " + std::to_string(rows));
  return {sums.at(0).at(0)[0].as<std::int64_t>(), sums.at(0).at(0)[1].as<std::string>()};
}

}  // namespace

TEST_CASE("a million mixed rows are copied in and out in each format, and equal after") {
  auto db = connect();
  for (const auto into : {copy_format::binary, copy_format::text, copy_format::csv}) {
    const int rows = rows_for(into);
    const std::string table = "mixed_" + std::string(name_of(into));
    CAPTURE(table, rows);
    db.script("create temp table " + table + std::string(columns));
    fill(db, {.table = table, .format = into}, rows);
    // Binary is first: what the server read in the others is what it was sent there.
    if (into != copy_format::binary)
      CHECK(digest(db, table, rows) == digest(db, "mixed_binary", rows));
    for (const auto from : {copy_format::binary, copy_format::text, copy_format::csv}) {
      // The binary table is read as binary; the two others, which are equal to it, in all formats.
      if (into == copy_format::binary && from != into) continue;
      CAPTURE(static_cast<int>(from));
      CHECK(first_difference(db, {.table = table, .format = from}, rows) == "");
    }
  }
}
