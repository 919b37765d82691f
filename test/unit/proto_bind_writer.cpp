#include "tusk/proto/bind_writer.hpp"

#include "support/message_check.hpp"

// Inside, for messages share names with functions of the system: close, sync, bind.
namespace tusk::proto {

using namespace tusk::test;

namespace {

/// The same Bind as below, streamed into `out`.
error stream(writer& out) {
  bind_writer values{out, "p", "s1", 3};
  values.open_value();
  out.i32(7);
  values.close_value(format::binary);
  values.null_value();
  values.open_value();
  out.text("seven");
  values.close_value(format::text);
  const std::array<format, 1> results{format::binary};
  return values.finish(results);
}

std::vector<std::byte> encoded_whole() {
  const std::array<format, 3> formats{format::binary, format::text, format::text};
  const std::array<std::optional<bytes_view>, 3> values{bytes_of({"\0\0\0\7", 4}), std::nullopt,
                                                        bytes_of("seven")};
  const std::array<format, 1> results{format::binary};
  return encoded(bind{"p", "s1", formats, values, results});
}

}  // namespace

TEST_CASE("bind_writer writes what encoding a Bind writes", "[proto]") {
  std::vector<std::byte> storage(256);
  writer out{storage};
  REQUIRE_FALSE(stream(out));
  CHECK(hex(out.written()) == hex(encoded_whole()));
}

TEST_CASE("bind_writer counts on in every buffer that is too small", "[proto]") {
  const std::size_t size = encoded_whole().size();
  for (std::size_t room = 0; room < size; ++room) {
    std::vector<std::byte> storage(room);
    writer out{storage};
    CHECK(stream(out).what == fault::no_room);
    CHECK(out.size() == size);
  }
}

TEST_CASE("bind_writer patches lengths in a buffer that moved meanwhile", "[proto]") {
  struct owner_of_bytes {
    std::vector<std::byte> bytes;
    int moves = 0;
  } owner;
  const auto grow = [](void* self, std::size_t used, std::size_t wanted) noexcept {
    auto& mine = *static_cast<owner_of_bytes*>(self);
    std::vector<std::byte> larger(wanted);  // as tight as it may be, so that every append moves
    std::copy_n(mine.bytes.begin(), used, larger.begin());
    mine.bytes.swap(larger);
    ++mine.moves;
    return std::span<std::byte>{mine.bytes};
  };
  writer out{owner.bytes, 0, grow, &owner};
  REQUIRE_FALSE(stream(out));
  CHECK(hex(out.written()) == hex(encoded_whole()));
  CHECK(owner.moves > 10);
}

TEST_CASE("bind_writer refuses more than 65,535 parameters", "[proto]") {
  std::vector<std::byte> storage(1 << 20);
  writer out{storage};
  out.text("before");
  bind_writer values{out, "", "", 65536};
  for (int i = 0; i < 65536; ++i)
    values.null_value();
  CHECK(values.finish({}).what == fault::too_many);
  CHECK(out.size() == 6);
  CHECK_FALSE(out.status());

  bind_writer most{out, "", "", 65535};
  for (int i = 0; i < 65535; ++i)
    most.null_value();
  CHECK_FALSE(most.finish({}));
  bind back;
  REQUIRE_FALSE(decode(exact_block{out.written().subspan(6 + 5)}.view(), back));
  CHECK(back.parameters.size() == 65535);
}

TEST_CASE("bind_writer refuses fewer or more values than announced", "[proto]") {
  for (const std::size_t announced : {std::size_t{0}, std::size_t{2}}) {
    std::vector<std::byte> storage(256);
    writer out{storage};
    bind_writer values{out, "", "s", announced};
    values.null_value();
    CHECK(values.finish({}).what == fault::bad_count);
    CHECK(out.size() == 0);
  }
}

TEST_CASE("bind_writer refuses a NUL in a name", "[proto]") {
  std::vector<std::byte> storage(256);
  writer out{storage};
  bind_writer values{out, "", {"s\0", 2}, 0};
  CHECK(values.finish({}).what == fault::embedded_nul);
  CHECK(out.size() == 0);
}

TEST_CASE("bind_writer that is left unfinished takes its message back", "[proto]") {
  std::vector<std::byte> storage(256);
  writer out{storage};
  REQUIRE_FALSE(encode(out, sync{}));
  {
    bind_writer values{out, "", "s", 2};
    values.open_value();
    out.i32(7);
  }
  CHECK(hex(out.written()) == "5300000004");
}

TEST_CASE("a Bind whose beginning is copied from an earlier one is the same, byte by byte") {
  std::array<std::byte, 200> storage{};
  const auto written = [&](bytes_view head, std::vector<std::byte>& new_head) {
    writer out(storage);
    out.text("before");
    bind_writer bind = head.empty() ? bind_writer(out, "", "s", 2) : bind_writer(out, head, 2);
    new_head.assign(bind.head().begin(), bind.head().end());
    bind.null_value();
    bind.open_value();
    out.i32(7);
    bind.close_value(format::binary);
    const std::array codes{format::binary};
    CHECK_FALSE(bind.finish(codes));
    return std::vector<std::byte>(out.written().begin(), out.written().end());
  };
  std::vector<std::byte> head;
  std::vector<std::byte> again;
  const std::vector<std::byte> first = written({}, head);
  CHECK(written(head, again) == first);
  CHECK(again == head);
}

}  // namespace tusk::proto
