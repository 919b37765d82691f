#include "support/message_check.hpp"

// Inside, for messages share names with functions of the system: close, sync, bind.
namespace tusk::proto {

using namespace tusk::test;

TEST_CASE("RowDescription describes each column", "[proto]") {
  const std::array<column_description, 2> columns{
      {{"id", 16384, 1, 20, 8, -1, format::binary}, {"?column?", 0, 0, 25, -1, -1, format::text}}};
  check_message(
      "'T' 00000036 0002"
      "'id' 00 00004000 0001 00000014 0008 ffffffff 0001"
      "'?column?' 00 00000000 0000 00000019 ffff ffffffff 0000",
      row_description{columns});
  check_message("'T' 00000006 0000", row_description{});
  check_refused<row_description>("0001 'a' 00 00000000 0000 00000019 ffff ffffffff 0002",
                                 {fault::bad_value, 20});
  const std::array<column_description, 1> nul{{{{"a\0b", 3}, 0, 0, 25, -1, -1, format::text}}};
  check_unencodable(row_description{nul}, fault::embedded_nul);
}

TEST_CASE("DataRow tells NULL from empty", "[proto]") {
  const std::array<std::optional<bytes_view>, 3> values{bytes_of("ab"), std::nullopt, bytes_view{}};
  check_message("'D' 00000014 0003 00000002 'ab' ffffffff 00000000", data_row{values});
  check_message("'D' 00000006 0000", data_row{});
  check_refused<data_row>("0001 fffffffe", {fault::bad_length, 2});
  check_refused<data_row>("0001 80000000", {fault::bad_length, 2});
  check_refused<data_row>("0001 7fffffff 'a'", {fault::truncated, 6});
}

TEST_CASE("check_data_row accepts exactly the rows that decode, and says the same", "[proto]") {
  struct one {
    std::string_view body;
    std::size_t columns;
  };
  const std::array<one, 18> rows{{
      {"0000", 0},
      {"0001 00000002 'ab'", 1},
      {"0001 ffffffff", 1},
      {"0001 00000000", 1},
      {"0004 ffffffff ffffffff 00000001 'x' ffffffff", 4},
      {"0003 00000001 'x' ffffffff 00000003 'abc'", 3},
      {"0002 ffffffff", 2},
      {"0002 ffffffff 000000", 2},
      {"0002 00000001 'x' 00000002 'y'", 2},
      {"0001 fffffffe", 1},
      {"0002 fffffffe 00000000", 2},
      {"0001 80000000", 1},
      {"0001 7fffffff", 1},
      {"0001 00000001 'xy'", 1},
      {"0001 ffffffff 00", 1},
      {"0002 ffffffff ffffffff 'x'", 2},
      {"00", 1},
      {"", 0},
  }};
  for (const one& row : rows) {
    INFO(row.body);
    const exact_block body{wire(row.body)};
    data_row out;
    const error expected = decode(body.view(), out);
    const error checked = check_data_row(body.view(), row.columns);
    CHECK(static_cast<int>(checked.what) == static_cast<int>(expected.what));
    CHECK(checked.offset == expected.offset);
  }
}

TEST_CASE("check_data_row refuses a row with another number of columns", "[proto]") {
  const exact_block body{wire("0002 ffffffff ffffffff")};
  CHECK_FALSE(check_data_row(body.view(), 2));
  for (const std::size_t columns : std::array<std::size_t, 4>{0, 1, 3, 65538}) {
    CHECK(check_data_row(body.view(), columns) == error{fault::bad_count, 0});
  }
}

TEST_CASE("check_data_row agrees with the decoder on every short body", "[proto]") {
  // All bodies of up to three lengths out of these, cut at every byte.
  const std::array<std::string_view, 6> lengths{"ffffffff", "00000000", "00000001'a'",
                                                "fffffffe", "00000009", "7fffffff"};
  std::size_t sound = 0;
  for (const std::string_view a : lengths) {
    for (const std::string_view b : lengths) {
      for (const std::string_view c : lengths) {
        const std::vector<std::byte> whole =
            wire("0003" + std::string(a) + std::string(b) + std::string(c));
        for (std::size_t length = 0; length <= whole.size(); ++length) {
          const exact_block body{bytes_view{whole}.first(length)};
          data_row out;
          const error expected = decode(body.view(), out);
          if (!expected) ++sound;
          if (check_data_row(body.view(), 3) != expected) FAIL(hex(body.view()));
        }
      }
    }
  }
  CHECK(sound == 27);
}

}  // namespace tusk::proto
