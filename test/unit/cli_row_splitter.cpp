#include "../../tools/cli/row_splitter.hpp"

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "../../tools/cli/tuple_splitter.hpp"
#include "support/catch.hpp"

namespace {

using cli::splitting;
using tusk::copy_format;

/// What a splitter makes of data that comes in pieces of one size.
struct outcome {
  std::vector<std::string> rows{};
  std::vector<std::uint64_t> lines{};       // that have ended with each
  std::vector<std::uint64_t> for_server{};  // the same as the server counts them
  bool marked = false;

  bool operator==(const outcome&) const = default;
};

outcome split(const splitting& how, std::string_view data, std::size_t piece) {
  outcome found;
  const auto splitter = cli::make_row_splitter(how);
  std::string row;
  const auto end_row = [&] {
    found.rows.push_back(std::exchange(row, {}));
    found.lines.push_back(splitter->lines());
    found.for_server.push_back(splitter->lines_for_server());
  };
  while (!data.empty() && !found.marked) {
    // A heap block of just that size, so that a sanitizer sees what is read behind it.
    const std::vector<char> block(
        data.begin(), data.begin() + static_cast<std::ptrdiff_t>(std::min(piece, data.size())));
    std::string_view rest(block.data(), block.size());
    data.remove_prefix(block.size());
    while (!rest.empty() && !found.marked) {
      const auto end = splitter->row_end(rest);
      row.append(rest.substr(0, end.value_or(rest.size())));
      rest.remove_prefix(end.value_or(rest.size()));
      if (!end) continue;
      found.marked = splitter->at_end_mark();
      if (!found.marked) end_row();
    }
  }
  if (found.marked) return found;
  if (splitter->ends_with_row()) end_row();
  found.marked = splitter->at_end_mark();
  return found;
}

/// The same whatever the pieces.
outcome split(const splitting& how, std::string_view data) {
  const outcome found = split(how, data, data.size() + 1);
  for (std::size_t piece = 1; piece <= data.size() && piece < 40; ++piece)
    REQUIRE(split(how, data, piece) == found);
  return found;
}

using rows = std::vector<std::string>;
using counts = std::vector<std::uint64_t>;

constexpr splitting text{.format = copy_format::text};
constexpr splitting csv{.format = copy_format::csv};
constexpr splitting binary{.format = copy_format::binary};

}  // namespace

TEST_CASE("lines of a text end at the line end that the first one has", "[cli]") {
  CHECK(split(text, "").rows.empty());
  CHECK(split(text, "a\n\nb").rows == rows{"a\n", "\n", "b"});
  CHECK(split(text, "a\r\nb\r\n").rows == rows{"a\r\n", "b\r\n"});
  CHECK(split(text, "a\rb\r").rows == rows{"a\r", "b\r"});
  CHECK(split(text, "a\r").rows == rows{"a\r"});
  CHECK(split(text, "a\r\nb\nc\r\n").rows == rows{"a\r\n", "b\nc\r\n"});
  CHECK(split(text, "a\nb\rc\n").rows == rows{"a\n", "b\rc\n"});
  CHECK(split(text, "a\rb").lines == counts{1, 2});
  CHECK(split(text, "a\r\nb").lines == counts{1, 2});
}

TEST_CASE("a line end behind a text's backslash is part of the row, and not a line for the server",
          "[cli]") {
  const outcome found = split(text, "a\\\nb\nc\\\\\nd\n");
  CHECK(found.rows == rows{"a\\\nb\n", "c\\\\\n", "d\n"});
  CHECK(found.lines == counts{2, 3, 4});
  CHECK(found.for_server == counts{1, 2, 3});
}

TEST_CASE("a line of backslash and point ends a text, and a CSV file where the server thinks so",
          "[cli]") {
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    const std::string data = "a" + end + "\\." + end + "b" + end;
    CHECK(split(text, data).rows == rows{"a" + end});
    CHECK(split(text, data).marked);
    CHECK(split(csv, data).rows == rows{"a" + end, "\\." + end, "b" + end});
    splitting older = csv;
    older.csv_end_mark = true;
    CHECK(split(older, data).rows == rows{"a" + end});
  }
  CHECK(split(text, "a\n\\.").rows == rows{"a\n"});
  splitting older = csv;
  older.csv_end_mark = true;
  for (const std::string other :
       {"\\..\n", "\\.x\n", "\\.x\\.\n", "\\.\\.\n", "x\\.\n", "\"\\.\"\n", "\\\n", ".\\\n"})
    CHECK(split(older, "a\n" + other).rows == rows{"a\n", other});
  for (const std::string other : {"\\\\.\n", "\\.x\n", "x\\.y\n"})
    CHECK(split(text, other + "b\n").rows == rows{other, "b\n"});
}

TEST_CASE("a text's row that only ends in the mark of the end is refused, for servers differ",
          "[cli]") {
  for (const std::string row : {"x\\.\n", "\\.\\.\n", "x\\.\r\n", "\\\n\\.\n"})
    CHECK_THROWS_WITH(split(text, row + "b\n"), Catch::Contains("alone on its line"));
}

TEST_CASE("line ends inside of a CSV's quotes end nothing", "[cli]") {
  CHECK(split(csv, "1,\"a\nb\"\n2,c\n").rows == rows{"1,\"a\nb\"\n", "2,c\n"});
  CHECK(split(csv, "\"a\"\"\n\"\"b\"\nc").rows == rows{"\"a\"\"\n\"\"b\"\n", "c"});
  CHECK(split(csv, "a\\\nb\n").rows == rows{"a\\\n", "b\n"});
  CHECK(split(csv, "\"open\n\n").rows == rows{"\"open\n\n"});
  // The server counts what it finds inside of quotes once it knows the line end.
  const outcome found = split(csv, "\"a\nb\"\n\"c\nd\"\ne\n");
  CHECK(found.lines == counts{2, 4, 5});
  CHECK(found.for_server == counts{1, 3, 4});
  const outcome pairs = split(csv, "x\r\n\"a\nb\"\r\n\"c\r\nd\"\r\n");
  CHECK(pairs.lines == counts{1, 3, 5});
  CHECK(pairs.for_server == counts{1, 2, 4});
}

TEST_CASE("a CSV's own quote and escape are heeded", "[cli]") {
  splitting how = csv;
  how.quote = '\'';
  how.escape = '\\';
  CHECK(split(how, "'a\\'\n'\n\"b\n").rows == rows{"'a\\'\n'\n", "\"b\n"});
  CHECK(split(how, "'a\\\\'\n'b'\n").rows == rows{"'a\\\\'\n", "'b'\n"});
  CHECK(split(how, "a\\'\n'\nb\n").rows == rows{"a\\'\n'\n", "b\n"});
}

TEST_CASE("random rows come out as they went in, whatever their quotes hold", "[cli]") {
  std::mt19937 random(20240229);
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    for (int round = 0; round < 100; ++round) {
      rows wanted{"head" + end};
      for (std::size_t i = random() % 9; i != 0; --i) {
        std::string row;
        for (std::size_t fields = 1 + random() % 3; fields != 0; --fields) {
          row += "\"";
          for (std::size_t size = random() % 6; size != 0; --size) {
            const std::string_view some[] = {"\"\"", "\n", "\r", ",", "a", "\\", "\r\n"};
            row += some[random() % std::size(some)];
          }
          row += fields == 1 ? "\"" : "\",";
        }
        wanted.push_back(row + end);
      }
      std::string data;
      for (const std::string& row : wanted)
        data += row;
      REQUIRE(split(csv, data).rows == wanted);
    }
  }
}

TEST_CASE("a server's line is found again as an editor's", "[cli]") {
  const std::string data = "\"a\nb\"\n\"c\nd\"\ne\nf";
  CHECK(cli::line_in_editor(csv, data, 1) == 2);
  CHECK(cli::line_in_editor(csv, data, 3) == 4);
  CHECK(cli::line_in_editor(csv, data, 4) == 5);
  CHECK(cli::line_in_editor(csv, data, 5) == 6);
  CHECK(cli::line_in_editor(csv, data, 77) == 77);
  CHECK(cli::line_in_editor(text, "a\\\nb\nc\n", 2) == 3);
}

namespace {

using namespace std::string_literals;

const std::string header(cli::binary_header);
const std::string one = "\0\2\0\0\0\1x\xff\xff\xff\xff"s;  // 'x' and NULL
const std::string none = "\0\0"s;                          // a row without columns
const std::string empty = "\0\1\0\0\0\0"s;

}  // namespace

TEST_CASE("tuples are found by their fields' lengths, and the header goes with the first",
          "[cli]") {
  const std::string trailer(cli::binary_trailer);
  const outcome found = split(binary, header + one + none + empty + one + trailer);
  CHECK(found.rows == rows{header + one, none, empty, one});
  CHECK(found.lines == counts{1, 2, 3, 4});
  CHECK(found.marked);
  CHECK(split(binary, header + trailer).rows.empty());
  CHECK(split(binary, header + one).rows == rows{header + one});
  CHECK_FALSE(split(binary, header + one).marked);
  std::string extended = header;
  extended[18] = 3;
  CHECK(split(binary, extended + "abc" + one).rows == rows{extended + "abc" + one});
}

TEST_CASE("binary data cut anywhere inside of a row is refused, and names it", "[cli]") {
  const std::string data = header + one + one;
  for (std::size_t size = 0; size < data.size(); ++size) {
    if (size == header.size() || size == header.size() + one.size()) continue;
    CHECK_THROWS_AS(split(binary, data.substr(0, size), 7), cli::malformed_input);
  }
  CHECK_THROWS_WITH(split(binary, data.substr(0, data.size() - 1), 7),
                    Catch::Contains("row 2") && Catch::Contains("inside of the row"));
}

TEST_CASE("binary data that cannot be is refused", "[cli]") {
  const auto refused = [](const std::string& data) {
    try {
      static_cast<void>(split(binary, data, data.size()));
    } catch (const cli::malformed_input& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  CHECK_THAT(refused("id,name\n1,this is no binary COPY\n"), Catch::Contains("signature"));
  std::string flagged = header;
  flagged[12] = 1;
  CHECK_THAT(refused(flagged + one), Catch::Contains("flags"));
  std::string endless = header;
  endless[15] = '\xff';
  CHECK_THAT(refused(endless), Catch::Contains("damaged"));
  CHECK_THAT(refused(header + "\xff\xfe"), Catch::Contains("row 1: its number of fields"));
  CHECK_THAT(refused(header + one + "\0\1\xff\xff\xff\xfe"s), Catch::Contains("row 2: the length"));
  cli::tuple_splitter ended;
  CHECK(ended.row_end(header + "\xff\xff") == header.size() + 2);
  CHECK_THROWS_WITH(ended.row_end("x"), Catch::Contains("behind the trailer"));
}
