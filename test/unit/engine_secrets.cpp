// Secrets leave no trace in the output's memory: not in its buffer, nor in what it gives back.
#include <algorithm>
#include <array>
#include <memory>
#include <memory_resource>
#include <string>

#include "engine/output.hpp"
#include "unit/engine_script.hpp"
#include "unit/scram_script.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

constexpr std::string_view secret = "correct horse battery staple";

bool holds(bytes_view memory, std::string_view what) {
  const bytes_view wanted = bytes_of(what);
  return std::search(memory.begin(), memory.end(), wanted.begin(), wanted.end()) != memory.end();
}

/// Looks at memory as it comes back, and makes what it hands out recognisable.
class watched_memory : public std::pmr::memory_resource {
 public:
  int returned = 0;
  int returned_with_secret = 0;
  bytes_view newest;
  bool spent = false;

 private:
  void* do_allocate(std::size_t size, std::size_t alignment) override {
    if (spent) throw std::bad_alloc();
    auto* const at = std::pmr::new_delete_resource()->allocate(size, alignment);
    std::fill_n(static_cast<std::byte*>(at), size, std::byte{0xA5});
    newest = {static_cast<const std::byte*>(at), size};
    return at;
  }
  void do_deallocate(void* at, std::size_t size, std::size_t alignment) override {
    ++returned;
    if (holds({static_cast<const std::byte*>(at), size}, secret)) ++returned_with_secret;
    std::pmr::new_delete_resource()->deallocate(at, size, alignment);
  }
  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }
};

}  // namespace

TEST_CASE("what was sent is overwritten while it counts as secret, as far as it was sent") {
  watched_memory memory;
  engine::output out(&memory);
  out.writer().text("public ");
  out.writer().text(secret);
  REQUIRE(holds(memory.newest, secret));
  out.sent(7 + secret.size() - 6);
  CHECK_FALSE(holds(memory.newest, secret.substr(0, 4)));
  CHECK(holds(memory.newest, secret.substr(secret.size() - 6)));
  CHECK(out.pending().size() == 6);
  out.sent(6);
  CHECK_FALSE(holds(memory.newest, secret.substr(secret.size() - 6)));
  CHECK(out.empty());
}

TEST_CASE("a buffer that grows, or ends, leaves no secret in the memory it gives back") {
  watched_memory memory;
  {
    engine::output out(&memory);
    out.writer().text(secret);
    out.writer().text(std::string(20'000, 'x'));
    CHECK(memory.returned == 1);
    CHECK(holds(out.pending(), secret));
  }
  CHECK(memory.returned == 2);
  CHECK(memory.returned_with_secret == 0);
}

TEST_CASE("a large buffer is given back without its secret when it has been sent") {
  watched_memory memory;
  engine::output out(&memory);
  out.writer().text(std::string(3 << 20, 'x'));
  out.writer().text(secret);
  out.sent(out.pending().size());
  CHECK(memory.returned == 3);  // it grew twice
  CHECK(memory.returned_with_secret == 0);
}

TEST_CASE("a message that was taken back leaves no secret once the secrets have ended") {
  watched_memory memory;
  engine::output out(&memory);
  const std::string with_nul = std::string(secret) + '\0' + "x";
  CHECK(proto::encode(out.writer(), proto::password_message{with_nul}));
  out.writer().text(secret);
  out.truncate(0);
  REQUIRE(out.empty());
  out.end_secrets();
  CHECK_FALSE(holds(memory.newest, secret));
}

TEST_CASE(
    "what waits when the secrets end is overwritten when it has been sent; later words stay") {
  watched_memory memory;
  engine::output out(&memory);
  out.writer().text(secret);
  out.end_secrets();
  REQUIRE(holds(out.pending(), secret));
  out.sent(secret.size());
  CHECK_FALSE(holds(memory.newest, secret));
  out.writer().text("select 1");
  out.sent(8);
  CHECK(holds(memory.newest, "select 1"));  // no time is spent on what is no secret
}

TEST_CASE("what is dropped is overwritten") {
  watched_memory memory;
  engine::output out(&memory);
  out.writer().text(secret);
  out.drop();
  CHECK(out.empty());
  CHECK_FALSE(holds(memory.newest, secret));
}

TEST_CASE("a buffer that cannot grow keeps its bytes and its promise") {
  watched_memory memory;
  {
    engine::output out(&memory);
    out.writer().text(secret);
    memory.spent = true;
    out.writer().text(std::string(20'000, 'x'));
    CHECK(out.writer().status().what == proto::fault::no_room);
  }
  CHECK(memory.returned == 1);
  CHECK(memory.returned_with_secret == 0);
}

TEST_CASE("password, proof and token are gone from the buffer as soon as they were sent") {
  const scram_script server("rOprNGfwEbeRWgbNEkqO", secret);
  const std::array sasl{std::string_view("SCRAM-SHA-256")};
  const std::array oauth{std::string_view("OAUTHBEARER")};
  const byte_string scram_first = say(proto::authentication_sasl{sasl}) + server.first();
  const std::vector<std::pair<byte_string, std::string_view>> table{
      {wire("'R' 00000008 00000003"), secret},
      {scram_first, ",p="},
      {say(proto::authentication_sasl{oauth}), "auth=Bearer to.k-en"}};
  for (const auto& [ask, trace] : table) {
    engine::startup_options options = alice();
    options.password = knows(secret);
    options.token = knows("to.k-en");
    options.nonce = "rOprNGfwEbeRWgbNEkqO";
    engine::conversation talk(options);
    talk.sent(talk.wants().send.size());
    bytes_view waiting;
    const std::span<std::byte> room = talk.space();
    std::copy(ask.begin(), ask.end(), room.begin());
    talk.received(ask.size());
    engine::event none;
    REQUIRE(talk.next(none) == engine::step::input);
    waiting = talk.wants().send;
    REQUIRE(holds(waiting, trace));
    // The buffer is still there, and may be looked at.
    talk.sent(waiting.size());
    CHECK_FALSE(holds(waiting, trace));
    CHECK(std::all_of(waiting.begin(), waiting.end(),
                      [](std::byte each) { return each == std::byte{}; }));
  }
}

TEST_CASE("the secrets that the start captured go when authentication ends, in either way") {
  const auto captured = std::make_shared<std::string>(secret);
  const auto options_with = [](const std::shared_ptr<std::string>& value) {
    engine::startup_options options = alice();
    options.password = [value] { return std::optional(auth::to_secret(*value)); };
    options.token = [value] { return std::optional(auth::to_secret(*value)); };
    return options;
  };
  for (const byte_string& end : {say(proto::authentication_ok{}), refusal("28P01"),
                                 wire("'R' 00000008 00000007"), wire("'X' 00000004")}) {
    engine::conversation talk(options_with(captured));
    CHECK(captured.use_count() > 1);
    played seen;
    feed(talk, end, whole(), seen);
    CHECK(captured.use_count() == 1);
  }
  engine::conversation talk(options_with(captured));
  talk.closed("the server closed the connection");
  CHECK(captured.use_count() == 1);

  engine::startup_options impossible = options_with(captured);
  impossible.user = std::string("a\0b", 3);
  engine::conversation refused(std::move(impossible));
  impossible = {};
  CHECK(captured.use_count() == 1);
}
