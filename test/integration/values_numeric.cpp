// What numeric and uuid take as text, against the server's own input functions.

#include "integration/input_oracle.hpp"
#include "tusk/tusk.hpp"

using namespace tusk::test;

namespace {

const std::vector<std::string> decimals{
    "0",      "-12.50", "  +1.5 ", "1e3",   "1.5e-3", ".5",    "5.",
    "-0",     "0e-5",   "NaN",     "1e131", "0.0001", "10000", "123456789012345678901234",
    "1e-200", "nan",    "00012.3"};

}  // namespace

// No spaces are put in: up to 15 a server takes them before an exponent, which no later one does.
TEST_CASE("numeric reads the decimal texts that the server reads, as it does") {
  compare_input<tusk::numeric>("numeric", decimals,
                               {"0", "9", ".", "e", "E", "-", "+", "00000", "e-5", ","});
}

TEST_CASE("numeric reads the texts that PostgreSQL 16 reads, as it does") {
  {
    tusk::session db = connect();
    if (major_version(db) < 16) {
      WARN("skipped: other bases and underscores came with PostgreSQL 16");
      return;
    }
  }
  std::vector<std::string> seeds = decimals;
  for (const char* more : {"0xff", "-0X_fF", "0o17", "0b1_01", "1_000.5_5", "1e1_0", "+inf",
                           "-Infinity", "0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", "0x0", " 0b0 "})
    seeds.emplace_back(more);
  compare_input<tusk::numeric>(
      "numeric", seeds, {"0", "7", "_", ".", "e", "x", "o", "b", "0x", "f", "-", "+", " ", "inf"});
}

TEST_CASE("uuid reads the texts that the server reads, as it does") {
  compare_input<tusk::uuid>(
      "uuid",
      {"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11",
       "{a0eebc99-9c0b4ef8-bb6d6bb9-bd380a11}", "a0eebc999c0b4ef8bb6d6bb9bd380a11",
       "a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11"},
      {"-", "{", "}", "a", "0", "g", " ", "--"});
}
