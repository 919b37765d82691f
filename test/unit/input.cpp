#include "engine/input.hpp"

#include <algorithm>
#include <vector>

#include "support/catch.hpp"

using tusk::bytes_view;
using tusk::engine::block;
using tusk::engine::input;

namespace {

/// Puts as much of `bytes` as there is room for, and at most `most`.
std::size_t put(input& to, bytes_view bytes, std::size_t most = SIZE_MAX) {
  const std::span<std::byte> room = to.space();
  REQUIRE_FALSE(room.empty());
  const std::size_t count = std::min({room.size(), bytes.size(), most});
  std::copy_n(bytes.begin(), count, room.begin());
  to.received(count);
  return count;
}

void put_all(input& to, bytes_view bytes, std::size_t most = SIZE_MAX) {
  while (!bytes.empty())
    bytes = bytes.subspan(put(to, bytes, most));
}

/// A message as the engine takes it: its header says how long it is.
void put_message(input& to, bytes_view message) {
  put_all(to, message.first(5));
  to.expect(message.size());
  put_all(to, message.subspan(5), 50'000);
}

std::vector<std::byte> pattern(std::size_t size, unsigned start = 0) {
  std::vector<std::byte> out(size);
  for (std::size_t i = 0; i < size; ++i)
    out[i] = static_cast<std::byte>((i * 7 + i / 251 + start) & 0xff);
  return out;
}

}  // namespace

TEST_CASE("a message larger than a block is gathered whole") {
  const auto message = pattern(input::largest_block * 3 + 12'345);
  for (const std::size_t most : {std::size_t{3'000}, std::size_t{70'000}, SIZE_MAX}) {
    input in;
    put_all(in, bytes_view(message).first(5), most);
    in.expect(message.size());
    put_all(in, bytes_view(message).subspan(5), most);
    CHECK(tusk::same_bytes(in.pending(), message));
    CHECK(in.capacity() < message.size() + input::largest_block);
  }
}

TEST_CASE("a large message is moved a few times, however small the pieces are that it comes in") {
  const auto message = pattern(input::largest_block * 4);
  input in;
  put(in, bytes_view(message).first(5));
  in.expect(message.size());
  const std::byte* at = in.pending().data();
  std::size_t copied = 0;
  for (bytes_view left = bytes_view(message).subspan(5); !left.empty();) {
    const std::size_t before = in.pending().size();
    left = left.subspan(put(in, left, 1000));
    if (in.pending().data() != at) copied += before;
    at = in.pending().data();
  }
  CHECK(copied < 2 * message.size());
}

TEST_CASE("memory follows what comes and not what is announced") {
  input in;
  const auto bytes = pattern(200'000);
  put(in, bytes_view(bytes).first(5));
  in.expect(std::size_t{1} << 30);
  for (int i = 0; i < 100; ++i)
    static_cast<void>(in.space());
  CHECK(in.capacity() <= 2 * input::smallest_block);
  put_all(in, bytes_view(bytes).subspan(5), 1000);
  CHECK(in.capacity() <= 4 * bytes.size());
  CHECK(tusk::same_bytes(in.pending(), bytes));
}

TEST_CASE("a block that somebody holds is never written over") {
  input in;
  std::vector<std::pair<block, bytes_view>> held;
  std::vector<std::vector<std::byte>> originals;
  for (unsigned i = 0; i < 200; ++i) {
    originals.push_back(pattern(1 + (i * 997) % 9000, i));
    const auto& message = originals.back();
    put(in, message, 5);
    in.expect(message.size());
    if (message.size() > 5) put_all(in, bytes_view(message).subspan(5), 4000);
    REQUIRE(tusk::same_bytes(in.pending(), message));
    held.emplace_back(in.current(), in.pending());
    in.consume(message.size());
  }
  for (std::size_t i = 0; i < held.size(); ++i)
    CHECK(tusk::same_bytes(held[i].second, originals[i]));
}

TEST_CASE("a block that nobody holds is used again from its start") {
  input in;
  const auto message = pattern(1000);
  const std::byte* const start = in.space().data();
  for (int i = 0; i < 1000; ++i) {
    put_all(in, message);
    in.consume(message.size());
    REQUIRE(in.space().data() == start);
  }
  CHECK(in.capacity() == input::smallest_block);
}

TEST_CASE("blocks grow while they are kept, up to a bound") {
  input in;
  std::vector<block> kept;
  const auto bytes = pattern(input::smallest_block);
  for (int i = 0; i < 200; ++i) {
    put(in, bytes);
    if (kept.empty() || kept.back() != in.current()) kept.push_back(in.current());
    in.consume(in.pending().size());
  }
  CHECK(in.capacity() == input::largest_block);
}

TEST_CASE("the block of one huge message is given back when the answer is complete") {
  input in;
  const auto message = pattern(input::largest_block * 2);
  put_message(in, message);
  CHECK(in.capacity() >= message.size());
  in.settle();  // not while it is there
  CHECK(tusk::same_bytes(in.pending(), message));
  in.consume(message.size());
  in.settle();
  CHECK(in.capacity() == 0);
  CHECK(in.pending().empty());
  put_all(in, bytes_view(message).first(100));
  CHECK(in.capacity() == input::smallest_block);
  CHECK(tusk::same_bytes(in.pending(), bytes_view(message).first(100)));
}

TEST_CASE("the block of one huge message is given back when small ones follow") {
  input in;
  const auto message = pattern(input::largest_block);
  put_message(in, message);
  in.consume(message.size());
  put_message(in, bytes_view(message).first(100));
  in.consume(100);
  static_cast<void>(in.space());
  CHECK(in.capacity() == input::smallest_block);
}

TEST_CASE("large messages that nobody keeps arrive in the block that the first one has made") {
  input in;
  for (unsigned i = 0; i < 20; ++i) {
    const auto message = pattern(input::largest_block + 11 - i, i);
    const std::byte* const before = in.pending().data();
    put_message(in, message);
    CHECK(tusk::same_bytes(in.pending(), message));
    if (i > 0) CHECK(in.pending().data() == before);
    in.consume(message.size());
    static_cast<void>(in.space());  // nothing is pending: it starts over
  }
}

TEST_CASE("a message no longer than one that came whole is never moved after its first bytes") {
  input in;
  const auto longest = pattern(input::largest_block * 2, 1);
  put_message(in, longest);
  std::vector<block> kept{in.current()};
  in.consume(longest.size());
  for (unsigned i = 0; i < 10; ++i) {
    const auto message = pattern(longest.size() - i * 100'000, i);
    put(in, bytes_view(message).first(5));
    in.expect(message.size());
    bytes_view left = bytes_view(message).subspan(5);
    left = left.subspan(put(in, left, 1000));
    const std::byte* const at = in.pending().data();
    put_all(in, left, 100'000);
    CHECK(in.pending().data() == at);
    CHECK(tusk::same_bytes(in.pending(), message));
    kept.push_back(in.current());
    in.consume(message.size());
  }
}

TEST_CASE("a peer is believed no further than it has shown") {
  input in;
  const auto message = pattern(input::largest_block + 1000);
  put_message(in, message);
  in.consume(message.size());
  put(in, bytes_view(message).first(5));
  in.expect(std::size_t{1} << 30);
  for (int i = 0; i < 100; ++i)
    static_cast<void>(in.space());
  CHECK(in.capacity() <= 2 * message.size());
}

TEST_CASE("the beginning of a message moves with it when the block is full") {
  input in;
  auto both = pattern(input::smallest_block - 100, 1);
  const std::size_t first = both.size();
  const auto second = pattern(5000, 2);
  both.insert(both.end(), second.begin(), second.begin() + 50);
  REQUIRE(put(in, both) == both.size());
  in.consume(first);
  in.expect(second.size());
  put_all(in, bytes_view(second).subspan(50));
  CHECK(tusk::same_bytes(in.pending(), second));
  CHECK(in.capacity() == input::smallest_block);  // moved inside the block, not to a larger one
}
