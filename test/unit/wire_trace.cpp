// The lines of a trace against libpq's text format (fe-trace.c of PostgreSQL 18).
#include "tusk/wire_trace.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/wire.hpp"

namespace {

using namespace tusk;
using namespace tusk::test;

/// What one side says next.
struct said {
  char who;  // F or B
  std::string_view literal;
};
using talk = std::vector<said>;

constexpr wire_trace_options plain{.timestamps = false};
constexpr wire_trace_options regress{.timestamps = false, .regress = true};
constexpr wire_trace_options lengths{.timestamps = false, .show_values = false};

// A session that has begun: StartupMessage without parameters.
const said startup{'F', "00000009 00030000 00"};

class listener {
 public:
  explicit listener(const wire_trace_options& options,
                    trace_start where = trace_start::first_packet)
      : trace_([this](std::string_view line) { text_.append(line) += '\n'; }, options) {
    trace_.restart(where);
  }

  // In pieces of `most` bytes, each a heap block of exactly its size.
  void hear(const talk& all, std::size_t most = SIZE_MAX) {
    for (const said& each : all) {
      const std::vector<std::byte> bytes = wire(each.literal);
      hear(each.who, bytes, most);
    }
  }
  void hear(char who, bytes_view left, std::size_t most) {
    while (!left.empty()) {
      const exact_block piece(left.first(std::min(most, left.size())));
      who == 'F' ? trace_.from_frontend(piece.view()) : trace_.from_backend(piece.view());
      left = left.subspan(piece.view().size());
    }
  }

  const std::string& text() const { return text_; }
  wire_trace& trace() { return trace_; }

 private:
  std::string text_;
  wire_trace trace_;
};

/// The lines of a whole connection; however its bytes are cut, they are the same.
std::string lines_of(const talk& all, const wire_trace_options& options = plain) {
  listener whole(options);
  whole.hear(all);
  for (const std::size_t most : {1U, 2U, 3U, 7U}) {
    listener cut(options);
    cut.hear(all, most);
    CHECK(cut.text() == whole.text());
  }
  return whole.text();
}

/// The line of one message, after the startup.
std::string line_of(char who, std::string_view literal, const wire_trace_options& options = plain) {
  const std::string lines = lines_of({startup, {who, literal}}, options);
  const std::string begun = "F\t9\tStartupMessage\t 3 0\n";
  REQUIRE(lines.starts_with(begun));
  return lines.substr(begun.size());
}

/// A message with this body: its length is filled in.
std::string message(char type, std::string_view body) {
  constexpr std::string_view digits = "0123456789abcdef";
  const std::size_t length = wire(body).size() + 4;
  std::string literal = std::string("'") + type + "' 0000";
  for (const unsigned shift : {12U, 8U, 4U, 0U})
    literal += digits[length >> shift & 15U];
  return literal.append(" ").append(body);
}

}  // namespace

TEST_CASE("trace: first packets and their answers have libpq's form", "[trace]") {
  CHECK(lines_of({{'F', "00000008 04d21630"},
                  {'B', "'N'"},
                  {'F', "00000008 04d2162f"},
                  {'B', "'N'"},
                  {'F', "0000001a 00030002 'user' 00 'ada' 00 'db' 00 'shop' 00 00"}}) ==
        "F\t8\tGSSENCRequest\t 1234 5680\n"
        "B\t1\tGSSENCResponse\t N\n"
        "F\t8\tSSLRequest\t 1234 5679\n"
        "B\t1\tSSLResponse\t N\n"
        "F\t26\tStartupMessage\t 3 2 \"user\" \"ada\" \"db\" \"shop\"\n");
  const said cancel{'F', "00000010 04d2162e 00001092 'secr'"};
  CHECK(lines_of({cancel}) == "F\t16\tCancelRequest\t 1234 5678 4242 ***\n");
  CHECK(lines_of({cancel}, regress) == "F\t16\tCancelRequest\t 1234 5678 NNNN NNNN\n");
}

TEST_CASE("trace: an ErrorResponse may stand for the answer to SSLRequest", "[trace]") {
  CHECK(lines_of({{'F', "00000008 04d2162f"}, {'B', "'E' 00000008 'Mx' 00 00"}}) ==
        "F\t8\tSSLRequest\t 1234 5679\n"
        "B\t8\tErrorResponse\t M \"x\" \\x00\n");
}

TEST_CASE("trace: what is encrypted is not shown, and that is said once", "[trace]") {
  CHECK(lines_of({{'F', "00000008 04d2162f"},
                  {'B', "'S'"},
                  {'F', "16030100 'client hello'"},
                  {'B', "16030300 'server hello'"}}) ==
        "F\t8\tSSLRequest\t 1234 5679\n"
        "B\t1\tSSLResponse\t S\n"
        "B\t-\tTLS, which cannot be shown; the trace ends here\n");
  CHECK(lines_of({{'F', "00000008 04d21630"}, {'B', "'G' 0000"}}) ==
        "F\t8\tGSSENCRequest\t 1234 5680\n"
        "B\t1\tGSSENCResponse\t G\n"
        "B\t-\tGSSAPI, which cannot be shown; the trace ends here\n");
  CHECK(lines_of({{'F', "160301 'client hello'"}, {'B', "'E' 00000008 'Mx' 00 00"}}) ==
        "F\t-\tTLS, which cannot be shown; the trace ends here\n");
}

TEST_CASE("trace: a password is never shown", "[trace]") {
  for (const wire_trace_options& options : {plain, regress, lengths}) {
    const std::string lines = lines_of({startup,
                                        {'B', "'R' 00000008 00000003"},
                                        {'F', "'p' 0000000c 'hunter2' 00"},
                                        {'B', "'R' 0000000c 00000005 'salt'"},
                                        {'F', "'p' 0000000c 'hunter2' 00"},
                                        {'B', "'R' 00000008 00000000"}},
                                       options);
    CHECK(lines ==
          "F\t9\tStartupMessage\t 3 0\n"
          "B\t8\tAuthenticationCleartextPassword\n"
          "F\t12\tPasswordMessage\t \"***\"\n"
          "B\t12\tAuthenticationMD5Password\n"
          "F\t12\tPasswordMessage\t \"***\"\n"
          "B\t8\tAuthenticationOk\n");
  }
}

TEST_CASE("trace: what SASL exchanges is never shown", "[trace]") {
  const talk all{startup,
                 {'B', "'R' 00000017 0000000a 'SCRAM-SHA-256' 00 00"},
                 {'F', "'p' 0000001c 'SCRAM-SHA-256' 00 00000006 'hidden'"},
                 {'B', "'R' 0000000e 0000000b 'hidden'"},
                 {'F', "'p' 0000000a 'hidden'"},
                 {'B', "'R' 0000000e 0000000c 'hidden'"}};
  CHECK(lines_of(all) ==
        "F\t9\tStartupMessage\t 3 0\n"
        "B\t23\tAuthenticationSASL\t \"SCRAM-SHA-256\" \"\"\n"
        "F\t28\tSASLInitialResponse\t \"SCRAM-SHA-256\" 6 '***'\n"
        "B\t14\tAuthenticationSASLContinue\t '***'\n"
        "F\t10\tSASLResponse\t '***'\n"
        "B\t14\tAuthenticationSASLFinal\t '***'\n");
  CHECK(lines_of(all, regress) ==
        "F\t9\tStartupMessage\t 3 0\n"
        "B\t23\tAuthenticationSASL\t \"SCRAM-SHA-256\" \"\"\n"
        "F\t28\tSASLInitialResponse\t \"SCRAM-SHA-256\" 6 'BBBB'\n"
        "B\t14\tAuthenticationSASLContinue\t 'BBBB'\n"
        "F\t10\tSASLResponse\t 'BBBB'\n"
        "B\t14\tAuthenticationSASLFinal\t 'BBBB'\n");
}

TEST_CASE("trace: GSSAPI and SSPI, and what nobody has asked for", "[trace]") {
  CHECK(lines_of({startup,
                  {'B', "'R' 00000008 00000007"},
                  {'F', "'p' 0000000a 'hidden'"},
                  {'B', "'R' 0000000e 00000008 'hidden'"},
                  {'F', "'p' 0000000a 'hidden'"},
                  {'B', "'R' 00000008 00000009"},
                  {'F', "'p' 0000000a 'hidden'"},
                  {'F', "'p' 0000000a 'hidden'"},
                  {'B', "'R' 00000008 00000063"}}) ==
        "F\t9\tStartupMessage\t 3 0\n"
        "B\t8\tAuthenticationGSS\n"
        "F\t10\tGSSResponse\t '***'\n"
        "B\t14\tAuthenticationGSSContinue\t '***'\n"
        "F\t10\tGSSResponse\t '***'\n"
        "B\t8\tAuthenticationSSPI\n"
        "F\t10\tGSSResponse\t '***'\n"
        "F\t10\tUnknownAuthenticationResponse\n"
        "B\t8\tUnknown authentication message 99\n");
}

TEST_CASE("trace: the rest of the startup", "[trace]") {
  CHECK(line_of('B', "'v' 00000013 00030000 00000001 '_pq_.a' 00") ==
        "B\t19\tNegotiateProtocolVersion\t 196608 1 \"_pq_.a\"\n");
  CHECK(line_of('B', "'K' 0000000c 00001092 'secr'") == "B\t12\tBackendKeyData\t 4242 ***\n");
  CHECK(line_of('B', "'K' 0000000c 00001092 'secr'", regress) ==
        "B\t12\tBackendKeyData\t NNNN NNNN\n");
  CHECK(line_of('B', "'K' 00000010 00001092 'a longer'", regress) ==
        "B\t16\tBackendKeyData\t NNNN NNNN\n");
  CHECK(line_of('B', "'S' 0000000a 'a' 00 'b c' 00") == "B\t10\tParameterStatus\t \"a\" \"b c\"\n");
  CHECK(line_of('B', "'Z' 00000005 'I'") == "B\t5\tReadyForQuery\t I\n");
}

TEST_CASE("trace: messages without fields are their names", "[trace]") {
  const std::vector<std::pair<char, std::string>> frontend{
      {'H', "Flush"}, {'S', "Sync"}, {'X', "Terminate"}, {'c', "CopyDone"}};
  for (const auto& [type, name] : frontend)
    CHECK(line_of('F', std::string("'") + type + "' 00000004") == "F\t4\t" + name + "\n");
  const std::vector<std::pair<char, std::string>> backend{
      {'1', "ParseComplete"}, {'2', "BindComplete"},       {'3', "CloseComplete"},
      {'n', "NoData"},        {'I', "EmptyQueryResponse"}, {'s', "PortalSuspended"},
      {'c', "CopyDone"}};
  for (const auto& [type, name] : backend)
    CHECK(line_of('B', std::string("'") + type + "' 00000004") == "B\t4\t" + name + "\n");
}

TEST_CASE("trace: requests", "[trace]") {
  CHECK(line_of('F', message('Q', "'select 1' 00")) == "F\t13\tQuery\t \"select 1\"\n");
  // As it was sent: nothing of a text is escaped.
  CHECK(line_of('F', message('Q', "'a' 0a '\" ' 09 'b' c3a9 00")) ==
        "F\t13\tQuery\t \"a\n\" \tb\xc3\xa9\"\n");
  const std::string parse = message('P', "'s' 00 'sel' 00 0002 00000017 ffffffff");
  CHECK(line_of('F', parse) == "F\t20\tParse\t \"s\" \"sel\" 2 23 -1\n");
  CHECK(line_of('F', parse, regress) == "F\t20\tParse\t \"s\" \"sel\" 2 NNNN NNNN\n");
  const std::string bind = message(
      'B',
      "'p' 00 's' 00 0003 0000 0001 0001 0003 00000002 'ab' ffffffff 00000003 00 27 ff 0001 0001");
  CHECK(line_of('F', bind) ==
        "F\t39\tBind\t \"p\" \"s\" 3 0 1 1 3 2 'ab' -1 3 '\\x00'\\xff' 1 1\n");
  CHECK(line_of('F', bind, lengths) == "F\t39\tBind\t \"p\" \"s\" 3 0 1 1 3 2 -1 3 1 1\n");
  CHECK(line_of('F', message('D', "'S' 's' 00")) == "F\t7\tDescribe\t S \"s\"\n");
  CHECK(line_of('F', message('C', "'P' 00")) == "F\t6\tClose\t P \"\"\n");
  CHECK(line_of('F', message('E', "00 00000064")) == "F\t9\tExecute\t \"\" 100\n");
  CHECK(line_of('F', message('f', "'why' 00")) == "F\t8\tCopyFail\t \"why\"\n");
  const std::string call = message('F', "0000002a 0001 0001 0002 00000002 'ab' ffffffff 0001");
  CHECK(line_of('F', call) == "F\t26\tFunctionCall\t 42 1 1 2 2 'ab' -1 1\n");
  CHECK(line_of('F', call, regress) == "F\t26\tFunctionCall\t NNNN 1 1 2 2 'ab' -1 1\n");
  CHECK(line_of('F', call, lengths) == "F\t26\tFunctionCall\t 42 1 1 2 2 -1 1\n");
}

TEST_CASE("trace: answers", "[trace]") {
  CHECK(line_of('B', message('t', "0001 00000019")) == "B\t10\tParameterDescription\t 1 25\n");
  const std::string columns = message('T', "0001 'a' 00 00000539 0002 00000019 ffff ffffffff 0000");
  CHECK(line_of('B', columns) == "B\t26\tRowDescription\t 1 \"a\" 1337 2 25 65535 -1 0\n");
  CHECK(line_of('B', columns, regress) ==
        "B\t26\tRowDescription\t 1 \"a\" NNNN 2 NNNN 65535 -1 0\n");
  const std::string row = message('D', "0003 00000002 'ab' ffffffff 00000000");
  CHECK(line_of('B', row) == "B\t20\tDataRow\t 3 2 'ab' -1 0 ''\n");
  CHECK(line_of('B', row, lengths) == "B\t20\tDataRow\t 3 2 -1 0\n");
  CHECK(line_of('B', message('C', "'INSERT 0 1' 00")) ==
        "B\t15\tCommandComplete\t \"INSERT 0 1\"\n");
  CHECK(line_of('B', message('V', "00000002 'ab'")) == "B\t10\tFunctionCallResponse\t 2 'ab'\n");
  CHECK(line_of('B', message('V', "ffffffff")) == "B\t8\tFunctionCallResponse\t -1\n");
  const std::string notified = message('A', "00001092 'ch' 00 'hello' 00");
  CHECK(line_of('B', notified) == "B\t17\tNotificationResponse\t 4242 \"ch\" \"hello\"\n");
  CHECK(line_of('B', notified, regress) == "B\t17\tNotificationResponse\t NNNN \"ch\" \"hello\"\n");
}

TEST_CASE("trace: errors and notices hide their source only in regress mode", "[trace]") {
  const std::string fields = "'SERROR' 00 'C22012' 00 'Fint.c' 00 'L7' 00 'Rint4div' 00 00";
  CHECK(line_of('B', message('E', fields)) ==
        "B\t38\tErrorResponse\t S \"ERROR\" C \"22012\" F \"int.c\" L \"7\" R \"int4div\" \\x00\n");
  CHECK(line_of('B', message('N', fields), regress) ==
        "B\tNN\tNoticeResponse\t S \"ERROR\" C \"22012\" F \"SSSS\" L \"SSSS\" R \"SSSS\" \\x00\n");
}

TEST_CASE("trace: COPY in both directions", "[trace]") {
  const std::string formats = "00 0002 0000 0000";
  CHECK(line_of('B', message('G', formats)) == "B\t11\tCopyInResponse\t \\x00 2 0 0\n");
  CHECK(line_of('B', message('H', formats)) == "B\t11\tCopyOutResponse\t \\x00 2 0 0\n");
  CHECK(line_of('B', message('W', "01 0000")) == "B\t7\tCopyBothResponse\t \\x01 0\n");
  for (const char who : {'F', 'B'}) {
    const std::string begin = std::string(1, who) + "\t8\tCopyData\t";
    const std::string data = message('d', "'a' 09 'b' 0a");
    CHECK(line_of(who, data) == begin + " 'a\\x09b\\x0a'\n");
    CHECK(line_of(who, data, regress) == begin + " 'BBBB'\n");
    CHECK(line_of(who, data, lengths) == begin + " 4\n");
  }
}

TEST_CASE("trace: a message that the protocol does not have is named by its byte", "[trace]") {
  CHECK(line_of('F', message('?', "'hidden'")) == "F\t10\tUnknown message: 3f\n");
  CHECK(lines_of({startup, {'B', "ff 00000005 00"}, {'B', "'2' 00000004"}}) ==
        "F\t9\tStartupMessage\t 3 0\nB\t5\tUnknown message: ff\nB\t4\tBindComplete\n");
}

TEST_CASE("trace: what is malformed is said in one line, and ends the trace", "[trace]") {
  const auto ends = [](const talk& all, const std::string& last) {
    talk more = all;
    more.push_back({'F', "'S' 00000004"});
    more.push_back({'B', "'Z' 00000005 'I'"});
    CHECK(lines_of(more) == last + "; the trace ends here\n");
    listener one(plain);
    one.hear(more);
    CHECK(one.trace().ended());
  };
  const std::string begun = "F\t9\tStartupMessage\t 3 0\n";
  const std::string range = "malformed: a message's length is out of range";
  ends({{'F', "'GET / HTTP/1.1'"}}, "F\t-\t" + range);
  ends({{'F', "00000007"}}, "F\t-\t" + range);
  ends({{'F', "00002711 00030000"}}, "F\t-\t" + range);
  ends({startup, {'B', "'Z' 00000003"}}, begun + "B\t-\t" + range);
  ends({startup, {'B', "'Z' 80000000"}}, begun + "B\t-\t" + range);
  ends({{'F', "00000009 00030000 'x'"}},
       "F\t-\tmalformed: a first packet, at byte 4 of its body: a string has no NUL at its end");
  ends({startup, {'B', "'Z' 00000006 'I' 00"}},
       begun +
           "B\t-\tmalformed: ReadyForQuery, at byte 1 of its body: bytes are left over behind "
           "the message's contents");
  ends({startup, {'F', "'B' 00000005 00"}},
       begun + "F\t-\tmalformed: Bind, at byte 1 of its body: a string has no NUL at its end");
  ends({startup, {'B', "'R' 00000005 00"}},
       begun +
           "B\t-\tmalformed: Authentication, at byte 0 of its body: the message ends before "
           "its contents do");
  ends({{'F', "00000008 04d2162f"}, {'B', "'X'"}},
       "F\t8\tSSLRequest\t 1234 5679\nB\t-\tmalformed: no answer to SSLRequest");
}

TEST_CASE("trace: a message over 64 MiB is named, skipped, and not kept", "[trace]") {
  listener all(plain);
  constexpr std::size_t body = 100'000'000;
  all.hear({startup, {'F', "'d' 05f5e104"}});  // its length counts itself
  const std::vector<std::byte> piece(1'000'000, std::byte{'x'});
  for (std::size_t i = 0; i < body / piece.size(); ++i)
    all.hear('F', piece, SIZE_MAX);
  all.hear({{'F', "'c' 00000004"}});
  CHECK(all.text() ==
        "F\t9\tStartupMessage\t 3 0\n"
        "F\t100000004\tCopyData\t(over 64 MiB: not shown)\n"
        "F\t4\tCopyDone\n");
}

TEST_CASE("trace: a timestamp stands in front when it is wanted", "[trace]") {
  listener timed({});
  timed.hear({{'F', "00000008 04d2162f"}});
  const std::string& line = timed.text();
  const std::string form = "dddd-dd-dd dd:dd:dd.dddddd\t";
  REQUIRE(line.size() > form.size());
  for (std::size_t i = 0; i < form.size(); ++i) {
    const bool digit = line[i] >= '0' && line[i] <= '9';
    CHECK((form[i] == 'd' ? digit : line[i] == form[i]));
  }
  CHECK(line.substr(form.size()) == "F\t8\tSSLRequest\t 1234 5679\n");
}

TEST_CASE("trace: it begins in the middle where it is told to, and anew", "[trace]") {
  listener later(plain, trace_start::message);
  later.hear({{'F', "'S' 00000004"}, {'B', "'Z' 00000005 'I'"}, {'B', "'Z' 0000"}});
  later.trace().restart();
  later.hear({startup, {'B', "'Z' 00000003"}});
  CHECK(later.trace().ended());
  later.trace().restart();
  CHECK_FALSE(later.trace().ended());
  later.hear({startup});
  CHECK(later.text() ==
        "F\t4\tSync\nB\t5\tReadyForQuery\t I\nF\t9\tStartupMessage\t 3 0\n"
        "B\t-\tmalformed: a message's length is out of range; the trace ends here\n"
        "F\t9\tStartupMessage\t 3 0\n");
}

TEST_CASE("trace: every beginning of a stream is survived, and says no more than it holds",
          "[trace]") {
  const talk all{startup,
                 {'B', "'R' 00000008 00000000 'S' 0000000a 'a' 00 'b c' 00 'Z' 00000005 'I'"},
                 {'F', "'P' 00000012 's' 00 'sel' 00 0002 00000017 ffffffff 'S' 00000004"},
                 {'B', "'1' 00000004 'D' 00000014 0003 00000002 'ab' ffffffff 00000000"}};
  listener whole(plain);
  whole.hear(all);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::vector<std::byte> last = wire(all[i].literal);
    for (std::size_t size = 0; size < last.size(); ++size) {
      listener some(plain);
      some.hear(talk(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(i)));
      some.hear(all[i].who, bytes_view(last).first(size), SIZE_MAX);
      CHECK(whole.text().starts_with(some.text()));
    }
  }
}
