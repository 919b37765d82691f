#include "support/catch.hpp"
#include "support/copy_rows.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

constexpr std::string_view header = "'PGCOPY' 0a ff 0d 0a 00 00000000 00000000";
constexpr std::string_view trailer = "ffff";

std::string bytes(std::string_view literal) {
  const std::vector<std::byte> all = wire(literal);
  return {reinterpret_cast<const char*>(all.data()), all.size()};
}

copied read(std::string_view literal, std::uint32_t columns) {
  return read_whole(copy_format::binary, {}, columns, bytes(literal));
}

/// The error of data whose header and trailer are sound.
std::string refusal(std::string_view rows, std::uint32_t columns) {
  return read(std::string(header).append(rows).append(trailer), columns).error;
}

const std::string three_rows = std::string(header) +
                               "0002 00000004 0000002a 00000003 'abc'"
                               "0002 ffffffff 00000000"
                               "0002 00000001 'x' ffffffff" +
                               std::string(trailer);
const std::vector<copied_row> their_values{
    {std::string("\0\0\0\x2a", 4), "abc"}, {std::nullopt, ""}, {"x", std::nullopt}};

}  // namespace

TEST_CASE("binary COPY data reads as rows that tell NULL from empty", "[copy]") {
  const copied all = read(three_rows, 2);
  CHECK(all.error.empty());
  CHECK(all.sound);
  CHECK(all.at_end);
  CHECK(all.rows == their_values);
  CHECK(read(std::string(header) + "ffff", 7).rows.empty());
  // A table without columns has rows all the same.
  CHECK(read(std::string(header) + "0000 0000 0000 ffff", 0).rows.size() == 3);
}

TEST_CASE("binary COPY data reads the same wherever it is cut", "[copy]") {
  const std::string data = bytes(three_rows);
  const copied whole = read_whole(copy_format::binary, {}, 2, data);
  for (std::size_t step = 1; step < data.size(); ++step) {
    CAPTURE(step);
    CHECK(read_cut(copy_format::binary, {}, 2, data, every(step, data.size())) == whole);
    CHECK(read_cut(copy_format::binary, {}, 2, data, {step}) == whole);
    for (std::size_t second = step; second < data.size(); ++second)
      REQUIRE(read_cut(copy_format::binary, {}, 2, data, {step, second}) == whole);
  }
}

TEST_CASE("a row that lies in one chunk of a binary COPY is not copied", "[copy]") {
  const exact_block block(wire(three_rows));
  detail::copy_reader reader(copy_format::binary, {}, 2);
  reader.feed(block.view());
  CHECK(reader.next() == block.view().data() + 19);
  CHECK(reader.next() == block.view().data() + 19 + 17);
}

TEST_CASE("every beginning of binary COPY data is refused", "[copy]") {
  const std::string data = bytes(three_rows);
  for (std::size_t size = 0; size < data.size(); ++size) {
    CAPTURE(size);
    const std::string_view prefix = std::string_view(data).substr(0, size);
    const copied whole = read_whole(copy_format::binary, {}, 2, prefix);
    CHECK(whole.error.find("COPY data") == 0);
    CHECK(whole.error.find(": the data ends ") != std::string::npos);
    CHECK(whole.rows.size() <= their_values.size());
    CHECK(read_cut(copy_format::binary, {}, 2, prefix, every(1, size)) == whole);
  }
  CHECK(read("'PGCOPY' 0a ff 0d 0a 00 0000", 2).error == "COPY data: the data ends in its header");
  CHECK(read(std::string(header) + "0002 ffffffff ffffffff 0002 00000009 'abc'", 2).error ==
        "COPY data, row 2, field 1: the data ends in the middle of it");
  CHECK(read(std::string(header) + "0001 ffffffff", 1).error ==
        "COPY data: the data ends without the trailer");
}

TEST_CASE("nothing may follow the trailer of a binary COPY", "[copy]") {
  const copied whole = read(three_rows + "00", 2);
  CHECK(whole.rows == their_values);
  CHECK(whole.error == "COPY data: there are bytes behind the trailer");
  const std::string data = bytes(three_rows + "ffff");
  for (std::size_t step = 1; step < data.size(); ++step) {
    const copied cut = read_cut(copy_format::binary, {}, 2, data, every(step, data.size()));
    CHECK(cut.rows == their_values);
    CHECK(cut.error == whole.error);
  }
}

TEST_CASE("the header of a binary COPY is checked, and its extension passed over", "[copy]") {
  const std::string signature = "'PGCOPY' 0a ff 0d 0a 00";
  const std::string row = "0001 00000001 'a' ffff";
  // Bits 0 to 15 are for what a reader may pass over.
  const std::string extended = signature + "0000ffff 00000005 0001 ffffff" + row;
  const std::string data = bytes(extended);
  const copied whole = read(extended, 1);
  CHECK(whole.error.empty());
  CHECK(whole.rows == std::vector<copied_row>{{"a"}});
  for (std::size_t at = 1; at < data.size(); ++at)
    CHECK(read_cut(copy_format::binary, {}, 1, data, {at}) == whole);

  CHECK(read(signature + "00010000 00000000" + row, 1).error.find("OIDs") != std::string::npos);
  for (int bit = 17; bit < 32; ++bit) {
    std::string flagged = bytes(signature + "00000000 00000000" + row);
    flagged[static_cast<std::size_t>(14 - bit / 8)] =
        static_cast<char>(1U << static_cast<unsigned>(bit % 8));
    CHECK(read_whole(copy_format::binary, {}, 1, flagged).error ==
          "COPY data: its header has flags that tusk does not know and must not pass over");
  }
  CHECK(read(signature + "00000000 ffffffff" + row, 1).error ==
        "COPY data: the length of its header's extension is negative");
  CHECK(read(signature + "00000000 7fffffff" + row, 1).error ==
        "COPY data: the data ends in its header");
  for (std::size_t i = 0; i < 11; ++i) {
    std::string damaged = bytes(signature + "00000000 00000000" + row);
    damaged[i] = static_cast<char>(damaged[i] ^ 0x20);
    CHECK(read_whole(copy_format::binary, {}, 1, damaged).error ==
          "COPY data: it does not begin with the signature of the binary format");
  }
}

TEST_CASE("a row of a binary COPY has as many values as the COPY, each as long as may be",
          "[copy]") {
  CHECK(refusal("0001 ffffffff", 2) == "COPY data, row 1: it has 1 field where the COPY has 2");
  CHECK(refusal("0002 ffffffff ffffffff 0003 ffffffff ffffffff ffffffff", 2) ==
        "COPY data, row 2: it has 3 fields where the COPY has 2");
  CHECK(refusal("0000", 2) == "COPY data, row 1: it has 0 fields where the COPY has 2");
  CHECK(refusal("fffe", 2) == "COPY data, row 1: it has 65534 fields where the COPY has 2");
  CHECK(refusal("0002 ffffffff fffffffe", 2) ==
        "COPY data, row 1, field 2: its length is negative, and not that of NULL");
  CHECK(refusal("0002 80000000", 2) ==
        "COPY data, row 1, field 1: its length is negative, and not that of NULL");
  CHECK(refusal("0002 40000000", 2) ==
        "COPY data, row 1, field 1: it is said to be longer than 1 GiB");
  // The largest that a row of one value can have, with the 6 bytes of its count and length.
  CHECK(refusal("0001 3ffffff9", 1) ==
        "COPY data, row 1, field 1: the data ends in the middle of it");
  CHECK(refusal("0001 3ffffffa", 1) == "COPY data, row 1: it is longer than 1 GiB");
  // Two values that are each allowed, and together are not.
  const std::string together = bytes(std::string(header) + "0002 00000001 'a' 3fffffff");
  const copied cut = read_cut(copy_format::binary, {}, 2, together, {together.size() - 1});
  CHECK(cut.error == "COPY data, row 1: it is longer than 1 GiB");
}

TEST_CASE("what is wrong with binary COPY data is the server's mistake", "[copy]") {
  detail::copy_reader reader(copy_format::binary, {}, 2);
  const std::vector<std::byte> data = wire(std::string(header) + "0001");
  reader.feed(data);
  CHECK_THROWS_AS(reader.next(), internal_error);
}
