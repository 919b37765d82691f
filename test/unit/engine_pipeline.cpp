// Scripted servers that answer pipelines: requests whose Sync is not asked for yet.
#include "unit/engine_script.hpp"

using namespace tusk;
using namespace tusk::test;
using engine::conversation;
using strings = std::vector<std::string>;

namespace {

/// Bind, Describe of the portal and Execute: what is sent of a statement not described before.
void ask_undescribed(conversation& talk) {
  REQUIRE_FALSE(encode(talk.writer(), proto::bind{}));
  talk.bound(0);
  talk.describe(proto::target::portal, "");
  talk.execute("", 0);
}

const byte_string bound = say(proto::bind_complete{});
const byte_string one = text_row({"1"});
const byte_string answered = bound + columns({"a"}) + one + complete("SELECT 1");

/// A conversation that was let in, with what it has said read.
struct let_in_talk {
  conversation talk{alice()};
  played seen;
  let_in_talk() {
    collect(talk, seen.sent);
    feed(talk, let_in(), whole(), seen);
    seen.events.clear();
  }
};

}  // namespace

TEST_CASE("a portal's description says how many columns its rows have") {
  let_in_talk with;
  ask_undescribed(with.talk);
  with.talk.flush();
  feed(with.talk, answered, byte_by_byte(), with.seen);
  CHECK(with.seen.events == strings{"2 2", "T 3", "D 4 00010000000131", "C 4 SELECT 1"});
  CHECK(with.talk.idle());
  CHECK_FALSE(with.talk.skipping());
}

TEST_CASE("rows that were neither described nor announced break the protocol") {
  let_in_talk with;
  ask_undescribed(with.talk);
  feed(with.talk, bound + say(proto::no_data{}) + one, whole(), with.seen);
  CHECK(static_cast<bool>(with.talk.failure()));
}

TEST_CASE("after an error without a Sync nothing is expected until one is asked for") {
  let_in_talk with;
  conversation& talk = with.talk;
  ask_undescribed(talk);
  ask_undescribed(talk);
  talk.flush();
  feed(talk, bound + columns({"a"}) + refusal("22012"), byte_by_byte(), with.seen);
  CHECK(with.seen.events == strings{"2 2", "T 3", "E 4 22012"});
  CHECK(talk.skipping());
  CHECK(talk.idle());
  SECTION("what is asked meanwhile is skipped by the server, and awaits no answer") {
    ask_undescribed(talk);
    CHECK(talk.idle());
    CHECK(talk.skipping());
    talk.sync();
    CHECK_FALSE(talk.skipping());
    feed(talk, ready(), whole(), with.seen);
    CHECK(with.seen.events.back() == "Z 11 I");
    CHECK(talk.idle());
  }
  SECTION("behind the Sync requests are answered again") {
    talk.sync();
    ask_undescribed(talk);
    talk.sync();
    feed(talk, ready() + answered + ready(), at_random(7), with.seen);
    CHECK(with.seen.events == strings{"2 2", "T 3", "E 4 22012", "Z 8 I", "2 9", "T 10",
                                      "D 11 00010000000131", "C 11 SELECT 1", "Z 12 I"});
  }
  SECTION("an answer of the server's to what it should have skipped breaks the protocol") {
    feed(talk, bound, whole(), with.seen);
    CHECK(static_cast<bool>(talk.failure()));
  }
  SECTION("a Sync that is taken back leaves it skipping") {
    const conversation::checkpoint mark = talk.mark();
    talk.sync();
    talk.take_back(mark);
    CHECK(talk.skipping());
    CHECK(talk.idle());
  }
}

TEST_CASE("an error drops what lies before the next Sync, and nothing behind it") {
  let_in_talk with;
  ask_undescribed(with.talk);
  ask_undescribed(with.talk);
  with.talk.sync();
  ask_undescribed(with.talk);
  with.talk.sync();
  feed(with.talk, refusal("42601") + ready() + answered + ready(), byte_by_byte(), with.seen);
  CHECK(with.seen.events == strings{"E 2 42601", "Z 8 I", "2 9", "T 10", "D 11 00010000000131",
                                    "C 11 SELECT 1", "Z 12 I"});
}

TEST_CASE("an error of the Sync itself comes before its ReadyForQuery") {
  let_in_talk with;
  ask_undescribed(with.talk);
  with.talk.sync();
  feed(with.talk, answered + refusal("23505") + ready(), whole(), with.seen);
  CHECK(with.seen.events.back() == "Z 5 I");
  CHECK(with.seen.events[4] == "E 5 23505");
}
