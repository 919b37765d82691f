// Servers that break the protocol once they have let us in: each is refused, by a sentence that
// names the message, and nothing more is taken from it.
#include "unit/engine_script.hpp"

using namespace tusk;
using namespace tusk::test;
using engine::conversation;
using engine::failure_kind;

namespace {

using question = std::function<void(conversation&)>;

void bind(conversation& talk, std::uint32_t columns) {
  REQUIRE_FALSE(encode(talk.writer(), proto::bind{}));
  talk.bound(columns);
}

const question query = [](conversation& talk) { talk.simple_query("select 1"); };
const question describe = [](conversation& talk) {
  talk.parse("", "select 1", {});
  talk.describe(proto::target::statement, "");
  talk.sync();
};
const question rows = [](conversation& talk) {
  bind(talk, 2);
  talk.execute("", 0);
  talk.sync();
};
const question nothing = [](conversation&) {};

const byte_string parsed = say(proto::parse_complete{});
const byte_string bound = say(proto::bind_complete{});
const byte_string described = wire("'t' 0000000a 0001 00000017");

void check_refused(const question& ask, const byte_string& answer, std::string_view words,
                   conversation::limits bounds = {}) {
  const played seen = play_all_ways(alice(), {{.answer = let_in()}, {ask, answer}}, bounds);
  INFO(seen.failure.message);
  CHECK(seen.phase == engine::phase::broken);
  CHECK(static_cast<int>(seen.failure.kind) == static_cast<int>(failure_kind::protocol));
  CHECK(seen.failure.message.find(words) != std::string::npos);
}

}  // namespace

TEST_CASE("a row that no description announced is refused") {
  const byte_string row = text_row({"1"});
  const std::string_view words = "DataRow that no statement of ours asked for";
  check_refused(nothing, row, words);
  check_refused(query, row, words);
  check_refused(query, columns({"a"}) + complete("SELECT 0") + row, words);
  check_refused(query, say(proto::copy_out_response{}) + row, words);
  check_refused(query, columns({"a"}) + refusal("22012") + row, words);
  check_refused(describe, parsed + row, words);
  check_refused(describe, parsed + described + columns({"a"}) + row, words);
  check_refused(rows, row, words);
  check_refused(rows, bound + complete("SELECT 0") + row, words);
  // The columns of one query are not those of the next.
  check_refused(
      [](conversation& talk) {
        rows(talk);
        query(talk);
      },
      bound + complete("SELECT 0") + ready() + text_row({"1", "2"}), words);
}

TEST_CASE("a row with another number of columns than described is refused") {
  check_refused(rows, bound + text_row({"1"}), "malformed DataRow");
  check_refused(rows, bound + text_row({"1", "2", "3"}), "malformed DataRow");
  check_refused(rows, bound + text_row({}), "malformed DataRow");
  check_refused(query, columns({"a"}) + text_row({"1", "2"}), "malformed DataRow");
}

TEST_CASE("a row whose lengths leave it is refused, after the good ones before it") {
  for (const char* bad :
       {"'D' 0000000a 0002 00000001", "'D' 0000000f 0002 00000002 31 ffffffff",
        "'D' 00000011 0002 00000001 31 00000001 3233", "'D' 0000000e 0002 fffffffe ffffffff",
        "'D' 0000000e 0002 7fffffff ffffffff", "'D' 0000000e 0002 80000000 ffffffff",
        "'D' 00000005 00", "'D' 00000004", "'D' 0000000f 0002 ffffffff ffffffff 00"}) {
    check_refused(rows, bound + wire(bad), "malformed DataRow");
    const played seen = play_all_ways(
        alice(), {{.answer = let_in()}, {rows, bound + text_row({"1", "2"}) + wire(bad)}});
    CHECK(seen.events.back() ==
          "D 3 0002000000013100000001"
          "32");
    CHECK(seen.phase == engine::phase::broken);
  }
}

TEST_CASE("a refusal counts the messages of the connection, rows among them") {
  // Five came with the start, then BindComplete and two rows; the ninth is bad.
  const byte_string good = bound + text_row({"1", "2"}) + text_row({"1", "2"});
  check_refused(rows, good + wire("'D' 00000005 00"), "(message 8 of this connection)");
  check_refused(rows, good + wire("'C' 00000004"), "(message 8 of this connection)");
  check_refused(rows, good + wire("'C' 00000003"), "(message 8 of this connection)");
}

TEST_CASE("an unknown type and an impossible length are refused") {
  for (const question& ask : {nothing, query, describe, rows}) {
    check_refused(ask, wire("'y' 00000004"), "0x79 ('y')");
    check_refused(ask, wire("07 00000004"), "0x07");
    check_refused(ask, wire("'Q' 00000004"), "0x51 ('Q')");  // ours, not the server's
    for (const char* length : {"00000000", "00000003", "80000000", "ffffffff"}) {
      check_refused(ask, wire(std::string("'C' ") + length),
                    "CommandComplete with an impossible length");
    }
  }
}

TEST_CASE("a message longer than its kind may be is refused before it is awaited") {
  check_refused(query, wire("'C' 00007531"), "CommandComplete announces 30002 bytes");
  check_refused(nothing, wire("'S' 7fffffff"), "ParameterStatus announces");
  check_refused(rows, bound + wire("'D' 00010001"), "DataRow announces 65538 bytes", {0x10000});
  check_refused(query, wire("'E' 00010001"), "ErrorResponse announces 65538 bytes", {0x10000});
}

TEST_CASE("a malformed message is refused, naming it and the byte") {
  check_refused(query, wire("'Z' 00000005 'X'"), "malformed ReadyForQuery");
  check_refused(query, wire("'Z' 00000004"), "malformed ReadyForQuery");
  check_refused(query, wire("'C' 00000006 'ab'"), "malformed CommandComplete");
  check_refused(query, wire("'T' 00000006 0001"), "malformed RowDescription");
  check_refused(query, wire("'T' 00000006 ffff"), "malformed RowDescription");
  check_refused(nothing, wire("'N' 00000006 'Sx'"), "malformed NoticeResponse");
  check_refused(nothing, wire("'S' 00000006 'a' 00"), "malformed ParameterStatus");
  check_refused(nothing, wire("'A' 00000008 00000001"), "malformed NotificationResponse");
  check_refused(describe, parsed + wire("'t' 00000006 0001"), "malformed ParameterDescription");
  check_refused(query, wire("'G' 00000007 00 0001"), "malformed CopyInResponse");
}

TEST_CASE("an answer that is not the next request's is refused, naming both") {
  const byte_string no_data = say(proto::no_data{});
  check_refused(nothing, ready(), "ReadyForQuery, and nothing was asked of it");
  check_refused(nothing, complete("SELECT 1"), "nothing was asked of it");
  check_refused(query, parsed, "ParseComplete in answer to Query");
  check_refused(query, bound, "BindComplete in answer to Query");
  check_refused(query, say(proto::portal_suspended{}), "PortalSuspended in answer to Query");
  check_refused(query, say(proto::function_call_response{}), "in answer to Query");
  check_refused(query, say(proto::copy_both_response{}), "CopyBothResponse in answer to Query");
  check_refused(query, say(proto::backend_key_data{1, bytes_of("key!")}), "BackendKeyData");
  check_refused(describe, ready(), "ReadyForQuery in answer to Parse");
  check_refused(describe, bound, "BindComplete in answer to Parse");
  check_refused(describe, parsed + columns({"a"}),
                "RowDescription in answer to Describe (statement)");
  check_refused(describe, parsed + no_data, "NoData in answer to Describe (statement)");
  check_refused(describe, parsed + ready(), "ReadyForQuery in answer to Describe");
  check_refused(describe, parsed + described + described, "ParameterDescription in answer to");
  check_refused(describe, parsed + described + no_data + no_data, "NoData in answer to Sync");
  check_refused(rows, parsed, "ParseComplete in answer to Bind");
  check_refused(rows, complete("SELECT 0"), "CommandComplete in answer to Bind");
  check_refused(rows, bound + columns({"a"}), "RowDescription in answer to Execute");
  check_refused(rows, bound + ready(), "ReadyForQuery in answer to Execute");
  check_refused(rows, bound + complete("SELECT 0") + complete("SELECT 0"), "in answer to Sync");
}

TEST_CASE("COPY messages come only inside a COPY, and only its own") {
  const byte_string in = say(proto::copy_in_response{});
  const byte_string out = say(proto::copy_out_response{});
  const byte_string data = say(proto::copy_data{bytes_of("x")});
  const byte_string done = say(proto::copy_done{});
  check_refused(query, data, "CopyData in answer to Query");
  check_refused(query, done, "CopyDone in answer to Query");
  check_refused(rows, bound + data, "CopyData in answer to Execute");
  check_refused(query, in + in, "CopyInResponse in answer to Query");  // else each costs a refusal
  check_refused(query, in + data, "CopyData in answer to Query");
  check_refused(query, in + refusal("57014") + in, "CopyInResponse in answer to Query");
  check_refused(query, out + out, "CopyOutResponse in answer to Query");
  check_refused(query, out + complete("COPY 1"), "CommandComplete in answer to Query");
  check_refused(query, out + data + done + data, "CopyData in answer to Query");
  check_refused(rows, bound + in + in, "CopyInResponse in answer to Execute");
}

TEST_CASE("after a query's error nothing but ReadyForQuery is taken") {
  const byte_string error = refusal("22012");
  check_refused(query, error + complete("SELECT 1"), "CommandComplete in answer to Query");
  check_refused(query, error + columns({"a"}), "RowDescription in answer to Query");
  check_refused(rows, error + complete("SELECT 1"), "CommandComplete in answer to Sync");
  check_refused(rows, error + text_row({"1", "2"}), "DataRow that no statement");
}

TEST_CASE("after a failure nothing is sent, taken or said any more") {
  conversation talk(alice());
  played seen;
  collect(talk, seen.sent);
  feed(talk, let_in(), whole(), seen);
  talk.simple_query("select 1");
  feed(talk, wire("'y' 00000004") + ready(), whole(), seen);
  CHECK(talk.phase() == engine::phase::broken);
  const std::string first = talk.failure().message;
  CHECK(talk.wants().send.empty());
  CHECK_FALSE(talk.wants().receive);
  talk.closed("the server closed the connection");
  CHECK(talk.failure().message == first);
  engine::event none;
  CHECK(talk.next(none) == engine::step::broken);
}

TEST_CASE("the end of the connection at any byte of an answer is a clean failure") {
  const byte_string story = parsed + described + columns({"a", "b"}) + ready() + bound +
                            text_row({"1", "2"}) + remark("hear") + text_row({"3", "4"}) +
                            complete("SELECT 2") + ready();
  for (std::size_t end = 0; end <= story.size(); ++end) {
    conversation talk(alice());
    played seen;
    collect(talk, seen.sent);
    feed(talk, let_in(), whole(), seen);
    describe(talk);
    rows(talk);
    feed(talk, bytes_view(story).first(end), whole(), seen);
    CHECK(talk.wants().receive == (end != story.size()));
    talk.closed("the connection failed: reset");
    CHECK(talk.phase() == engine::phase::broken);
    CHECK(talk.failure().kind == failure_kind::closed);
    CHECK(talk.failure().message.find("the connection failed: reset") == 0);
    engine::event none;
    CHECK(talk.next(none) == engine::step::broken);
  }
}

TEST_CASE("the end of the connection inside a message says how much of it had come") {
  conversation talk(alice());
  played seen;
  feed(talk, let_in() + wire("'C' 00000010 'SEL'"), byte_by_byte(), seen);
  talk.closed("the server closed the connection");
  CHECK(talk.failure().message ==
        "the server closed the connection in the middle of a message, of which 8 bytes had come");
}
