// Scripted servers in a COPY: data in batches out of it, data into it, errors at any time.
#include "unit/engine_script.hpp"

using namespace tusk;
using namespace tusk::test;
using engine::conversation;
using proto::transaction_status;
using strings = std::vector<std::string>;

namespace {

const byte_string parsed = say(proto::parse_complete{});
const byte_string bound = say(proto::bind_complete{});
const byte_string takes_data = wire("'G' 00000009 00 0001 0000");
const byte_string gives_data = wire("'H' 00000009 00 0001 0000");
const byte_string done = say(proto::copy_done{});

byte_string data(std::string_view text) {
  return say(proto::copy_data{bytes_of(text)});
}

/// Parse 2, Bind 3, Execute 4, and a Flush or a Sync 5.
void ask_copy(conversation& talk, bool with_sync) {
  talk.parse("", "copy t from stdin", {});
  REQUIRE_FALSE(encode(talk.writer(), proto::bind{}));
  talk.bound(0);
  talk.execute_portal();
  with_sync ? static_cast<void>(talk.sync()) : talk.flush();
}

void feed_copy(conversation& talk, std::string_view text) {
  const std::size_t begun = talk.begin_copy_data();
  talk.writer().text(text);
  talk.end_copy_data(begun);
}

const turn extended_in{[](conversation& talk) { ask_copy(talk, false); },
                       parsed + bound + takes_data};
const turn extended_out{[](conversation& talk) { ask_copy(talk, true); },
                        parsed + bound + gives_data};
const turn simple_in{[](conversation& talk) { talk.simple_query("copy t from stdin"); },
                     takes_data};
const turn simple_out{[](conversation& talk) { talk.simple_query("copy t to stdout"); },
                      gives_data};

/// What follows a finished start and the opening of a COPY.
played after(const turn& opening, const std::vector<turn>& turns) {
  std::vector<turn> all{{.answer = let_in()}, opening};
  all.insert(all.end(), turns.begin(), turns.end());
  played seen = play_all_ways(alice(), all);
  REQUIRE(seen.events.size() >= 4);
  seen.events.erase(seen.events.begin(), seen.events.begin() + 3);
  return seen;
}

/// The end of what was sent.
bool ends_with(const byte_string& sent, const byte_string& last) {
  return sent.size() >= last.size() && std::equal(last.rbegin(), last.rend(), sent.rbegin());
}

void check_broken(const played& seen) {
  CHECK(seen.phase == engine::phase::broken);
  CHECK(seen.failure.kind == engine::failure_kind::protocol);
  CHECK_FALSE(seen.failure.message.empty());
}

}  // namespace

TEST_CASE("the data of a COPY comes part by part, however it is cut, and empty parts too") {
  const byte_string answer = data("a\n") + data("") + data("bb\n") + done;
  const played extended = after(extended_out, {{.answer = answer + complete("COPY 2") + ready()}});
  CHECK(extended.events == strings{"1 2", "2 3", "H 4", "d 4 610a", "d 4 ", "d 4 62620a", "c 4",
                                   "C 4 COPY 2", "Z 5 I"});
  const played simple = after(simple_out, {{.answer = answer + complete("COPY 2") + ready()}});
  CHECK(simple.events ==
        strings{"H 2", "d 2 610a", "d 2 ", "d 2 62620a", "c 2", "C 2 COPY 2", "Z 2 I"});
}

TEST_CASE("a batch holds no more than its bound of CopyData, and nothing but CopyData") {
  conversation talk(alice());
  played seen;
  feed(talk, let_in(), whole(), seen);
  extended_out.ask(talk);
  byte_string answer = extended_out.answer;
  constexpr std::size_t parts = conversation::batch_rows * 2 + 3;
  for (std::size_t i = 0; i < parts; ++i)
    answer = answer + data("x");
  answer = answer + remark("by the way") + data("y") + done;
  const std::span<std::byte> room = talk.space();
  REQUIRE(room.size() >= answer.size());
  std::copy(answer.begin(), answer.end(), room.begin());
  talk.received(answer.size());
  std::vector<std::uint32_t> batches;
  std::string types;
  engine::event said;
  while (talk.next(said) == engine::step::event) {
    types += said.type;
    if (said.type == 'd') batches.push_back(said.rows.rows);
  }
  CHECK(types == "12HdddNdc");
  CHECK(batches ==
        std::vector<std::uint32_t>{conversation::batch_rows, conversation::batch_rows, 3, 1});
}

TEST_CASE("an error in the middle of the data ends it, in both protocols") {
  const byte_string answer = data("a\n") + refusal("22012") + ready();
  CHECK(after(extended_out, {{.answer = answer}}).events ==
        strings{"1 2", "2 3", "H 4", "d 4 610a", "E 4 22012", "Z 5 I"});
  CHECK(after(simple_out, {{.answer = answer}}).events ==
        strings{"H 2", "d 2 610a", "E 2 22012", "Z 2 I"});
}

TEST_CASE("data goes in as it was written, and CopyDone and Sync follow it") {
  const turn feeding{[](conversation& talk) {
                       feed_copy(talk, "1\n2\n");
                       feed_copy(talk, "3\n");
                     },
                     {}};
  const byte_string fed = data("1\n2\n") + data("3\n");
  const turn finishing{[](conversation& talk) {
                         talk.finish_copy();
                         CHECK(talk.sync() == 5);
                       },
                       complete("COPY 3") + ready()};
  const played extended = after(extended_in, {feeding, finishing});
  CHECK(extended.events == strings{"1 2", "2 3", "G 4", "C 4 COPY 3", "Z 5 I"});
  CHECK(ends_with(extended.sent, fed + done + say(proto::sync{})));
  const turn plainly{[](conversation& talk) { talk.finish_copy(); }, complete("COPY 3") + ready()};
  const played simple = after(simple_in, {feeding, plainly});
  CHECK(simple.events == strings{"G 2", "C 2 COPY 3", "Z 2 I"});
  CHECK(ends_with(simple.sent, fed + done));
}

TEST_CASE("an error while data goes in ends it; the Sync behind it is answered once") {
  const turn feeding{[](conversation& talk) { feed_copy(talk, "x\n"); }, refusal("22P02")};
  const turn ending{[](conversation& talk) {
                      CHECK(talk.idle());
                      CHECK(talk.skipping());
                      feed_copy(talk, "more\n");
                      CHECK(talk.sync() == 5);
                      CHECK_FALSE(talk.skipping());
                    },
                    ready(transaction_status::failed)};
  CHECK(after(extended_in, {feeding, ending}).events ==
        strings{"1 2", "2 3", "G 4", "E 4 22P02", "Z 5 E"});
  const turn ready_by_itself{[](conversation& talk) { CHECK_FALSE(talk.idle()); }, ready()};
  CHECK(after(simple_in, {feeding, ready_by_itself}).events ==
        strings{"G 2", "E 2 22P02", "Z 2 I"});
}

TEST_CASE("an error behind CopyDone is the COPY's") {
  const turn finishing{[](conversation& talk) {
                         talk.finish_copy();
                         talk.sync();
                       },
                       refusal("23503") + ready()};
  CHECK(after(extended_in, {finishing}).events ==
        strings{"1 2", "2 3", "G 4", "E 4 23503", "Z 5 I"});
}

TEST_CASE("a COPY that is given up ends with the server's error, in both protocols") {
  const turn refusing{[](conversation& talk) {
                        talk.refuse_copy("no apples");
                        talk.sync();
                      },
                      refusal("57014") + ready()};
  const played extended = after(extended_in, {refusing});
  CHECK(extended.events == strings{"1 2", "2 3", "G 4", "E 4 57014", "Z 5 I"});
  CHECK(ends_with(extended.sent, say(proto::copy_fail{"no apples"}, proto::sync{})));
  const turn plainly{[](conversation& talk) { talk.refuse_copy("no apples"); },
                     refusal("57014") + ready()};
  const played simple = after(simple_in, {plainly});
  CHECK(simple.events == strings{"G 2", "E 2 57014", "Z 2 I"});
  CHECK(ends_with(simple.sent, say(proto::copy_fail{"no apples"})));
}

TEST_CASE("notices, notifications and parameters come through while data goes either way") {
  const byte_string asides = remark("look") + wire("'A' 0000000d 00000007 'ch' 00 'p' 00") +
                             say(proto::parameter_status{"TimeZone", "UTC"});
  for (const turn& opening : {extended_in, simple_in, extended_out, simple_out}) {
    played seen = after(opening, {{.answer = asides}});
    INFO(seen.failure.message);
    CHECK(seen.phase == engine::phase::running);
    REQUIRE(seen.events.size() >= 4);
    CHECK(strings(seen.events.end() - 3, seen.events.end()) ==
          strings{"N 0 look", "A 0 ch", "S 0 TimeZone=UTC"});
  }
}

TEST_CASE("what has no place in a COPY breaks the conversation") {
  const byte_string row = text_row({"1"});
  for (const turn& opening : {extended_in, simple_in, extended_out, simple_out}) {
    for (const byte_string& wrong : {row, takes_data, gives_data, ready(), complete("COPY 1"),
                                     columns({"a"}), parsed, wire("'W' 00000009 00 0001 0000")})
      check_broken(after(opening, {{.answer = wrong}}));
  }
  for (const turn& opening : {extended_in, simple_in}) {
    check_broken(after(opening, {{.answer = data("x")}}));
    check_broken(after(opening, {{.answer = done}}));
  }
  for (const turn& opening : {extended_out, simple_out}) {
    check_broken(after(opening, {{.answer = wire("'d' 00000003")}}));
    check_broken(after(opening, {{.answer = done + data("x")}}));
    check_broken(after(opening, {{.answer = done + done}}));
    check_broken(after(opening, {{.answer = done + row}}));
  }
}

TEST_CASE("a CopyData is bounded as any message, and refused before it has come") {
  std::vector<turn> turns{
      {.answer = let_in()}, extended_out, {.answer = data("fine") + wire("'d' 00010001")}};
  const played seen = play_all_ways(alice(), turns, {.message = 0x10000});
  check_broken(seen);
  CHECK(seen.events.back() == "d 4 66696e65");
  CHECK(seen.failure.message.find("CopyData announces 65538 bytes") != std::string::npos);
}
