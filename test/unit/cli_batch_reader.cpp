#include "../../tools/cli/batch_reader.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "../../tools/cli/tuple_splitter.hpp"
#include "support/catch.hpp"

namespace {

using cli::batch;
using cli::splitting;
using tusk::copy_format;

/// Gives a text in pieces of one size.
cli::batch_reader::source pieces(std::string data, std::size_t piece) {
  return [data = std::move(data), piece, at = std::size_t{0}](std::span<char> into) mutable {
    const std::size_t count = std::min({piece, into.size(), data.size() - at});
    std::memcpy(into.data(), data.data() + at, count);
    at += count;
    return count;
  };
}

std::vector<batch> all_of(cli::batch_reader& reader) {
  std::vector<batch> found;
  batch one;
  while (reader.next(one))
    found.push_back(one);
  return found;
}

constexpr splitting csv{.format = copy_format::csv};

}  // namespace

TEST_CASE("batches hold so many whole rows, and know their lines", "[cli]") {
  const std::string data = "id,t\n1,\"a\nb\"\n2,c\n3,d\n4,\"\n\n\"\n5,e";
  for (std::size_t piece = 1; piece <= data.size(); ++piece) {
    cli::batch_reader reader(pieces(data, piece), csv, {.rows = 2}, true);
    const auto found = all_of(reader);
    REQUIRE(found.size() == 3);
    CHECK(found[0].data == "1,\"a\nb\"\n2,c\n");
    CHECK(found[1].data == "3,d\n4,\"\n\n\"\n");
    CHECK(found[2].data == "5,e");
    CHECK((found[0].first_line == 2 && found[0].last_line == 4));
    CHECK((found[1].first_line == 5 && found[1].last_line == 8));
    CHECK((found[2].first_line == 9 && found[2].last_line == 9));
    CHECK((found[2].number == 3 && found[2].rows == 1));
    CHECK(reader.bytes() == data.size());
    CHECK(reader.next_line() == 10);
  }
}

TEST_CASE("a batch is full at so many bytes, and never empty", "[cli]") {
  cli::batch_reader reader(pieces("aaaa\nbb\nc\nd\n" + std::string(100, 'x') + "\ne\n", 1000),
                           {.format = copy_format::text}, {.bytes = 4}, false);
  std::vector<std::string> data;
  for (const batch& each : all_of(reader))
    data.push_back(each.data);
  CHECK(data ==
        std::vector<std::string>{"aaaa\n", "bb\nc\n", "d\n" + std::string(100, 'x') + "\n", "e\n"});
}

TEST_CASE("nothing, a header alone and a mark of the end alone make no batch", "[cli]") {
  for (const bool has_header : {false, true}) {
    cli::batch_reader nothing(pieces("", 1), csv, {}, has_header);
    CHECK(all_of(nothing).empty());
  }
  cli::batch_reader header(pieces("id,t", 1), csv, {}, true);
  CHECK(all_of(header).empty());
  cli::batch_reader mark(pieces("\\.\nnot read\n", 3), {.format = copy_format::text}, {}, false);
  CHECK(all_of(mark).empty());
  cli::batch_reader rows_and_mark(pieces("a\nb\n\\.\nnot read\n", 3), {.format = copy_format::text},
                                  {.rows = 5}, false);
  const auto found = all_of(rows_and_mark);
  REQUIRE(found.size() == 1);
  CHECK(found[0].data == "a\nb\n");
}

TEST_CASE("each binary batch is a COPY's data on its own, with header and trailer", "[cli]") {
  using namespace std::string_literals;
  std::string header(cli::binary_header);
  header[18] = 2;
  header += "ex";  // an extension, which is for the first one
  const std::string row = "\0\1\0\0\0\1x"s;
  const std::string trailer(cli::binary_trailer);
  const std::string plain(cli::binary_header);
  for (const std::string& end : {trailer, ""s}) {
    const std::string data = header + row + row + row + end;
    for (std::size_t piece = 1; piece <= data.size(); ++piece) {
      cli::batch_reader reader(pieces(data, piece), {.format = copy_format::binary}, {.rows = 2},
                               false);
      const auto found = all_of(reader);
      REQUIRE(found.size() == 2);
      CHECK(found[0].data == header + row + row + trailer);
      CHECK(found[1].data == plain + row + trailer);
      CHECK((found[1].first_line == 3 && found[1].last_line == 3));
    }
  }
  cli::batch_reader empty(pieces(plain + trailer, 5), {.format = copy_format::binary}, {}, false);
  CHECK(all_of(empty).empty());
}

TEST_CASE("after damaged data it is known from which row on nothing was given", "[cli]") {
  using namespace std::string_literals;
  const std::string row = "\0\1\0\0\0\1x"s;
  cli::batch_reader reader(pieces(std::string(cli::binary_header) + row + row + row + "\0"s, 1000),
                           {.format = copy_format::binary}, {.rows = 2}, false);
  batch one;
  CHECK(reader.next(one));
  CHECK_THROWS_AS(reader.next(one), cli::malformed_input);
  CHECK(reader.next_line() == 3);
}
