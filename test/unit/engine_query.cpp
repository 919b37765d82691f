// Scripted servers that answer queries: what each request learns, in which order.
#include "unit/engine_script.hpp"

using namespace tusk;
using namespace tusk::test;
using engine::conversation;
using proto::transaction_status;
using strings = std::vector<std::string>;

namespace {

/// What follows a finished start; the first request has the number 2.
played answers(const std::function<void(conversation&)>& ask, const byte_string& answer) {
  played seen = play_all_ways(alice(), {{.answer = let_in()}, {ask, answer}});
  INFO(seen.failure.message);
  CHECK(seen.phase == engine::phase::running);
  seen.events.erase(seen.events.begin(), seen.events.begin() + 3);
  return seen;
}

/// Parse 2, Describe 3, Sync 4.
void ask_description(conversation& talk) {
  talk.parse("s", "select $1", {});
  talk.describe(proto::target::statement, "s");
  talk.sync();
}

void bind(conversation& talk, std::uint32_t columns) {
  REQUIRE_FALSE(encode(talk.writer(), proto::bind{}));
  talk.bound(columns);
}

/// Bind, Execute, Sync: 2, 3 and 4 when nothing was asked before.
void ask_rows(conversation& talk) {
  bind(talk, 1);
  talk.execute("", 0);
  talk.sync();
}

const byte_string parsed = say(proto::parse_complete{});
const byte_string bound = say(proto::bind_complete{});
const byte_string closed = say(proto::close_complete{});
const byte_string described = wire("'t' 0000000a 0001 00000017");
const byte_string one = text_row({"1"});
const std::string one_event = " 00010000000131";

}  // namespace

TEST_CASE("a simple query gives columns, rows, tag and ReadyForQuery") {
  const auto ask = [](conversation& talk) { CHECK(talk.simple_query("select 1") == 2); };
  const played seen = answers(ask, columns({"a"}) + one + one + complete("SELECT 2") + ready());
  CHECK(seen.events ==
        strings{"T 2", "D 2" + one_event, "D 2" + one_event, "C 2 SELECT 2", "Z 2 I"});
}

TEST_CASE("a simple query of many statements gives each its own columns") {
  const auto ask = [](conversation& talk) { talk.simple_query("begin; select 1; ; select 1, 2"); };
  const played seen = answers(ask, complete("BEGIN") + columns({"a"}) + one + complete("SELECT 1") +
                                       say(proto::empty_query_response{}) + columns({"a", "b"}) +
                                       text_row({"1", "2"}) + complete("SELECT 1") +
                                       ready(transaction_status::in_block));
  CHECK(seen.events == strings{"C 2 BEGIN", "T 2", "D 2" + one_event, "C 2 SELECT 1", "I 2", "T 2",
                               "D 2 0002000000013100000001"
                               "32",
                               "C 2 SELECT 1", "Z 2 T"});
}

TEST_CASE("an error in a simple query is followed by its ReadyForQuery alone") {
  const auto ask = [](conversation& talk) {
    talk.simple_query("select 1/0");
    talk.simple_query("select 1");
  };
  const played seen = answers(ask, columns({"a"}) + one + refusal("22012") + ready() +
                                       columns({"a"}) + one + complete("SELECT 1") + ready());
  CHECK(seen.events == strings{"T 2", "D 2" + one_event, "E 2 22012", "Z 2 I", "T 3",
                               "D 3" + one_event, "C 3 SELECT 1", "Z 3 I"});
}

TEST_CASE("extended queries answer each request in its turn") {
  const auto ask = [](conversation& talk) {
    ask_description(talk);                      // 2, 3, 4
    bind(talk, 1);                              // 5
    talk.describe(proto::target::portal, "");   // 6
    talk.execute("", 1);                        // 7
    talk.execute("", 0);                        // 8
    talk.close(proto::target::statement, "s");  // 9
    talk.sync();                                // 10
  };
  const played seen = answers(ask, parsed + described + columns({"a"}) + ready() + bound +
                                       columns({"a"}) + one + say(proto::portal_suspended{}) + one +
                                       complete("SELECT 1") + closed + ready());
  CHECK(seen.events == strings{"1 2", "t 3", "T 3", "Z 4 I", "2 5", "T 6", "D 7" + one_event, "s 7",
                               "D 8" + one_event, "C 8 SELECT 1", "3 9", "Z 10 I"});
  const byte_string asked =
      say(proto::parse{"s", "select $1", {}}, proto::describe{proto::target::statement, "s"},
          proto::sync{}, proto::bind{}, proto::describe{proto::target::portal, ""},
          proto::execute{"", 1}, proto::execute{"", 0}, proto::close{proto::target::statement, "s"},
          proto::sync{});
  CHECK(std::equal(asked.rbegin(), asked.rend(), seen.sent.rbegin()));
}

TEST_CASE("a statement without rows is described by NoData, an empty one ends with its own word") {
  const auto ask = [](conversation& talk) {
    ask_description(talk);
    bind(talk, 0);
    talk.execute("", 0);
    talk.sync();
  };
  const played seen = answers(ask, parsed + described + say(proto::no_data{}) + ready() + bound +
                                       say(proto::empty_query_response{}) + ready());
  CHECK(seen.events == strings{"1 2", "t 3", "n 3", "Z 4 I", "2 5", "I 6", "Z 7 I"});
}

TEST_CASE("after an error in any extended step the server is next heard at the Sync") {
  const auto ask = [](conversation& talk) {
    talk.parse("s", "select 1", {});               // 2
    talk.describe(proto::target::statement, "s");  // 3
    bind(talk, 1);                                 // 4
    talk.describe(proto::target::portal, "");      // 5
    talk.execute("", 0);                           // 6
    talk.close(proto::target::portal, "");         // 7
    talk.sync();                                   // 8
    talk.simple_query("select 1");                 // 9: not skipped
  };
  const std::vector<std::pair<byte_string, std::string>> steps{
      {parsed, "E 3"},         {described + columns({"a"}), "E 4"}, {bound, "E 5"},
      {columns({"a"}), "E 6"}, {one + complete("SELECT 1"), "E 7"}, {closed, "E 8"}};
  const byte_string after = ready() + columns({"a"}) + one + complete("SELECT 1") + ready();
  const strings after_events{"Z 8 I", "T 9", "D 9" + one_event, "C 9 SELECT 1", "Z 9 I"};
  byte_string before;
  std::string refused = "E 2";
  for (std::size_t step = 0;; ++step) {
    const played seen = answers(ask, before + refusal("42601") + after);
    INFO("the error at " << refused);
    REQUIRE(seen.events.size() > after_events.size());
    CHECK(*(seen.events.end() - 6) == refused + " 42601");
    CHECK(strings(seen.events.end() - 5, seen.events.end()) == after_events);
    if (step == steps.size()) break;
    before = before + steps[step].first;
    refused = steps[step].second;
  }
}

TEST_CASE("an error between two rows of an extended query ends it, too") {
  const played seen = answers(ask_rows, bound + one + refusal("22012") + ready());
  CHECK(seen.events == strings{"2 2", "D 3" + one_event, "E 3 22012", "Z 4 I"});
}

TEST_CASE("an error skips to the next Sync and not to one behind it") {
  const auto ask = [](conversation& talk) {
    ask_rows(talk);
    ask_rows(talk);
  };
  const played seen = answers(ask, refusal("42601") + ready(transaction_status::failed) + bound +
                                       one + complete("SELECT 1") + ready());
  CHECK(seen.events ==
        strings{"E 2 42601", "Z 4 E", "2 5", "D 6" + one_event, "C 6 SELECT 1", "Z 7 I"});
}

TEST_CASE("messages that answer nothing may come between any two others") {
  const byte_string aside = remark("hear") + say(proto::parameter_status{"TimeZone", "UTC"}) +
                            say(proto::notification_response{9, "jobs", "x"});
  const strings aside_events{"N 0 hear", "S 0 TimeZone=UTC", "A 0 jobs"};
  const std::vector<std::pair<byte_string, std::string>> story{
      {parsed, "1 2"},          {described, "t 3"},
      {columns({"a"}), "T 3"},  {ready(), "Z 4 I"},
      {bound, "2 5"},           {one, "D 6" + one_event},
      {one, "D 6" + one_event}, {complete("SELECT 2"), "C 6 SELECT 2"},
      {ready(), "Z 7 I"}};
  const auto ask = [](conversation& talk) {
    ask_description(talk);
    ask_rows(talk);
  };
  byte_string answer = aside;
  strings expected = aside_events;
  for (const auto& [bytes, event] : story) {
    answer = answer + bytes + aside;
    expected.push_back(event);
    expected.insert(expected.end(), aside_events.begin(), aside_events.end());
  }
  CHECK(answers(ask, answer).events == expected);
}

TEST_CASE("messages that answer nothing come inside a COPY as well") {
  const auto ask = [](conversation& talk) { talk.simple_query("copy t to stdout"); };
  const byte_string n = remark("hear");
  const byte_string data = say(proto::copy_data{bytes_of("1\n")});
  const played seen = answers(ask, say(proto::copy_out_response{}) + n + data + n + data + n +
                                       say(proto::copy_done{}) + n + complete("COPY 2") + ready());
  CHECK(seen.events == strings{"H 2", "N 0 hear", "d 2 310a", "N 0 hear", "d 2 310a", "N 0 hear",
                               "c 2", "N 0 hear", "C 2 COPY 2", "Z 2 I"});
}

TEST_CASE("an error while nothing is asked belongs to no request") {
  const auto nothing = [](conversation&) {};
  CHECK(answers(nothing, refusal("57P01")).events == strings{"E 0 57P01"});
}

TEST_CASE("a COPY that nobody feeds is refused in the simple protocol") {
  const byte_string ready_to_copy = say(proto::copy_in_response{});
  conversation talk(alice());
  played seen;
  collect(talk, seen.sent);
  feed(talk, let_in(), whole(), seen);
  talk.simple_query("copy t from stdin");
  collect(talk, seen.sent);
  feed(talk, ready_to_copy, byte_by_byte(), seen);
  seen.sent.clear();
  talk.refuse_copy("nothing to send");
  collect(talk, seen.sent);
  CHECK(seen.sent == say(proto::copy_fail{"nothing to send"}));
  feed(talk, refusal("57014") + ready(), byte_by_byte(), seen);
  CHECK(strings(seen.events.end() - 3, seen.events.end()) == strings{"G 2", "E 2 57014", "Z 2 I"});
  CHECK(talk.idle());
}

TEST_CASE("a COPY that nobody feeds is refused in the extended protocol, and comes to one end") {
  conversation talk(alice());
  played seen;
  collect(talk, seen.sent);
  feed(talk, let_in(), whole(), seen);
  ask_rows(talk);
  collect(talk, seen.sent);
  feed(talk, bound + say(proto::copy_in_response{}), byte_by_byte(), seen);
  seen.sent.clear();
  talk.refuse_copy("nothing to send");
  collect(talk, seen.sent);
  CHECK(seen.sent == say(proto::copy_fail{"nothing to send"}, proto::sync{},
                         proto::close{proto::target::portal, ""}, proto::sync{}));
  const strings expected{"2 2", "G 3", "E 3 57014", "Z 4 I"};
  SECTION("the server ignored the first Sync, which came during the copy") {
    feed(talk, refusal("57014") + ready() + closed + ready(), byte_by_byte(), seen);
    CHECK(strings(seen.events.end() - 4, seen.events.end()) == expected);
    CHECK(talk.idle());
  }
  SECTION("the server failed before it read any data, and took the first Sync, too") {
    feed(talk, refusal("57014") + ready() + ready() + closed + ready(), byte_by_byte(), seen);
    CHECK(strings(seen.events.end() - 4, seen.events.end()) == expected);
    CHECK(talk.idle());
  }
  SECTION("a server that is ready once more than that breaks the protocol") {
    feed(talk, refusal("57014") + ready() + ready() + ready(), byte_by_byte(), seen);
    CHECK(static_cast<bool>(talk.failure()));
  }
}

TEST_CASE("what was appended since a mark can be taken back") {
  conversation talk(alice());
  played seen;
  collect(talk, seen.sent);
  feed(talk, let_in(), whole(), seen);
  talk.simple_query("select 1");
  const byte_string before(talk.wants().send.begin(), talk.wants().send.end());
  const conversation::checkpoint mark = talk.mark();
  talk.parse("s", "select 2", {});
  talk.simple_query(std::string_view("select\0 3", 9));
  CHECK(talk.fault().what == proto::fault::embedded_nul);
  talk.take_back(mark);
  CHECK_FALSE(talk.fault());
  CHECK(byte_string(talk.wants().send.begin(), talk.wants().send.end()) == before);
  feed(talk, complete("SELECT 0") + ready(), whole(), seen);
  CHECK(talk.idle());
  CHECK(talk.phase() == engine::phase::running);
}

TEST_CASE("what has been sent stays sent when something behind it is taken back") {
  conversation talk(alice());
  played seen;
  collect(talk, seen.sent);
  feed(talk, let_in(), whole(), seen);
  talk.simple_query("select 1");
  talk.sent(3);
  const conversation::checkpoint mark = talk.mark();
  talk.sync();
  talk.take_back(mark);
  const byte_string query = say(proto::query{"select 1"});
  CHECK(hex(talk.wants().send) == hex(bytes_view(query).subspan(3)));
}

TEST_CASE("a refused first packet leaves nothing that could be sent later") {
  engine::startup_options options = alice();
  options.database = std::string("a\0b", 3);
  conversation talk(options);
  CHECK(talk.wants().send.empty());
  CHECK_FALSE(talk.wants().receive);
}

TEST_CASE("a batch holds at most 128 rows, which lie one behind the other in one block") {
  conversation talk(alice());
  played seen;
  collect(talk, seen.sent);
  feed(talk, let_in(), whole(), seen);
  ask_rows(talk);
  byte_string answer = bound;
  for (int i = 0; i < 300; ++i)
    answer = answer + one;
  answer = answer + complete("SELECT 300");
  const std::span<std::byte> room = talk.space();
  REQUIRE(room.size() >= answer.size());
  std::copy(answer.begin(), answer.end(), room.begin());
  talk.received(answer.size());
  engine::event said;
  REQUIRE(talk.next(said) == engine::step::event);
  for (const std::uint32_t rows : {128U, 128U, 44U}) {
    REQUIRE(talk.next(said) == engine::step::event);
    CHECK(said.type == 'D');
    CHECK(said.rows.rows == rows);
    CHECK(said.rows.size == rows * one.size());
    CHECK(said.rows.data >= room.data());
  }
  REQUIRE(talk.next(said) == engine::step::event);
  CHECK(said.type == 'C');
}

TEST_CASE("rows that are held stay as they came while others follow in other blocks") {
  conversation talk(alice());
  played seen;
  collect(talk, seen.sent);
  feed(talk, let_in(), whole(), seen);
  ask_rows(talk);
  feed(talk, bound, whole(), seen);
  std::vector<std::pair<engine::block, engine::row_batch>> held;
  const std::string filler(10'000, 'x');
  for (char row = 'a'; row <= 'z'; ++row) {
    const byte_string bytes = text_row({row + filler});
    bytes_view left = bytes;
    while (!left.empty()) {
      const std::span<std::byte> room = talk.space();
      const std::size_t count = std::min<std::size_t>({room.size(), left.size(), 7000});
      std::copy_n(left.begin(), count, room.begin());
      talk.received(count);
      left = left.subspan(count);
      engine::event said;
      while (talk.next(said) == engine::step::event)
        held.emplace_back(talk.rows_block(), said.rows);
    }
  }
  REQUIRE(held.size() == 26);
  for (std::size_t i = 0; i < held.size(); ++i) {
    const byte_string expected = text_row({static_cast<char>('a' + i) + filler});
    const auto& [block, rows] = held[i];
    CHECK(rows.rows == 1);
    CHECK(same_bytes({rows.data, rows.size}, expected));
  }
}
