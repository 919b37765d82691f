#include "support/message_check.hpp"

// Inside, for messages share names with functions of the system: close, sync, bind.
namespace tusk::proto {

using namespace tusk::test;

TEST_CASE("A reader's first fault sticks and every read after it gives nothing", "[proto]") {
  const exact_block block{wire("0001 02")};
  reader in{block.view()};
  CHECK(in.i16() == 1);
  CHECK(in.i32() == 0);
  CHECK(in.status() == error{fault::truncated, 2});
  CHECK(in.u8() == 0);
  CHECK(in.cstring().empty());
  CHECK(in.rest().empty());
  CHECK(in.finish() == error{fault::truncated, 2});
}

TEST_CASE("A reader reads integers in network byte order, signs too", "[proto]") {
  const exact_block block{wire("ff fffe 8000 ffffffff 0102030405060708")};
  reader in{block.view()};
  CHECK(in.u8() == 255);
  CHECK(in.i16() == -2);
  CHECK(in.u16() == 0x8000);
  CHECK(in.i32() == -1);
  CHECK(in.i64() == 0x0102030405060708);
  CHECK_FALSE(in.finish());
}

TEST_CASE("A String ends at its NUL and must have one", "[proto]") {
  const exact_block block{wire("'ab' 00 00 'c'")};
  reader in{block.view()};
  CHECK(in.cstring() == "ab");
  CHECK(in.cstring().empty());
  CHECK(in.ok());
  CHECK(in.cstring().empty());
  CHECK(in.status() == error{fault::unterminated_string, 4});
}

TEST_CASE("A writer counts on when there is no room, and writes nothing outside", "[proto]") {
  std::vector<std::byte> storage(8, std::byte{0xaa});
  writer out{std::span{storage}.first(6)};
  out.i32(1);
  out.i32(2);
  out.u8(3);
  CHECK(out.size() == 9);
  CHECK(out.status() == error{fault::no_room, 4});
  CHECK(hex(storage) == "00000001aaaaaaaa");
  out.truncate(4);
  CHECK_FALSE(out.status());
  out.u16(0x0203);
  CHECK(hex(out.written()) == "000000010203");
}

TEST_CASE("Bad contents outrank a full buffer, which truncating does not empty", "[proto]") {
  std::vector<std::byte> storage(2);
  writer out{storage};
  out.i32(1);
  CHECK(out.status().what == fault::no_room);
  CHECK(encode(out, query{{"\0", 1}}).what == fault::embedded_nul);
  CHECK(out.size() == 4);
  CHECK(out.status().what == fault::no_room);
}

TEST_CASE("A writer that was refused something takes no further message", "[proto]") {
  std::vector<std::byte> storage(64);
  writer out{storage};
  out.cstring({"\0", 1});
  CHECK(encode(out, sync{}).what == fault::embedded_nul);
  CHECK(encode(out, query{"select 1"}).what == fault::embedded_nul);
  CHECK(out.size() == 0);
  CHECK(out.status().what == fault::embedded_nul);
}

TEST_CASE("A writer whose owner gives no more never hands over bytes it does not have", "[proto]") {
  struct refusal {
    std::size_t most_used = 0;
  } asked;
  const auto refuse = [](void* self, std::size_t used, std::size_t) noexcept {
    auto& mine = *static_cast<refusal*>(self);
    mine.most_used = std::max(mine.most_used, used);
    return std::span<std::byte>{};
  };
  std::vector<std::byte> storage(4);
  writer out{storage, 0, refuse, &asked};
  out.i16(1);
  out.i64(2);
  out.fail(fault::embedded_nul);
  out.i64(3);
  CHECK(asked.most_used == 2);
  CHECK(out.size() == 18);
}

TEST_CASE("A list of the caller's and a decoded one are equal when their elements are", "[proto]") {
  const std::array<std::uint32_t, 3> oids{1, 2, 3};
  const exact_block block{wire("00000001 00000002 00000003")};
  reader in{block.view()};
  const auto decoded = list<std::uint32_t>::read(in, 3);
  CHECK(decoded == list<std::uint32_t>{oids});
  CHECK(decoded.wire().size() == 12);
  CHECK(list<std::uint32_t>{oids}.wire().empty());
  CHECK_FALSE(decoded == list<std::uint32_t>{std::span{oids}.first(2)});
  std::uint32_t sum = 0;
  for (const std::uint32_t oid : decoded)
    sum += oid;
  CHECK(sum == 6);
  CHECK(std::distance(decoded.begin(), decoded.end()) == 3);
}

TEST_CASE("A list announced longer than its message is no list", "[proto]") {
  const exact_block block{wire("00000001 000000")};
  reader in{block.view()};
  CHECK(list<std::uint32_t>::read(in, SIZE_MAX).empty());
  CHECK(in.status() == error{fault::truncated, 4});
}

TEST_CASE("Every fault has a sentence of its own", "[proto]") {
  std::vector<std::string_view> seen;
  for (int i = 0; i <= static_cast<int>(fault::no_room); ++i) {
    const std::string_view text = explain(static_cast<fault>(i));
    CHECK_FALSE(text.empty());
    CHECK(std::find(seen.begin(), seen.end(), text) == seen.end());
    seen.push_back(text);
  }
}

}  // namespace tusk::proto
