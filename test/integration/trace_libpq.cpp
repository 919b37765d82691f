// tusk::wire_trace must print what libpq 18's PQtrace prints. libpq runs a script of statements
// through a proxy that keeps every byte, and traces itself; the trace of the kept bytes must have
// the same lines. TUSK_TEST_LIBPQ18 names the library; where there is none, nothing is compared.
#include "trace_libpq.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "tusk/wire_trace.hpp"

namespace {

using tusk::test::recorded;
using tusk::test::recording_proxy;

constexpr int suppress_timestamps = 1;  // PQTRACE_SUPPRESS_TIMESTAMPS
constexpr int regress_mode = 2;         // PQTRACE_REGRESS_MODE

template <class Signature>
class function {
 public:
  function(void* library, const char* name)
      : call_(reinterpret_cast<Signature*>(::dlsym(library, name))) {
    if (call_ == nullptr) throw std::runtime_error(::dlerror());
  }
  template <class... Arguments>
  auto operator()(Arguments... arguments) const {
    return call_(arguments...);
  }

 private:
  Signature* call_;
};

/// What of libpq the script needs.
struct libpq_calls {
  explicit libpq_calls(const char* path) : library(::dlopen(path, RTLD_NOW | RTLD_LOCAL)) {
    if (library == nullptr) throw std::runtime_error(::dlerror());
  }

  void* library;
  function<void*(const char*)> connect{library, "PQconnectdb"};
  function<int(const void*)> status{library, "PQstatus"};
  function<void(void*, void (*)(void*, const char*), void*)> notices{library,
                                                                     "PQsetNoticeProcessor"};
  function<void(void*, FILE*)> trace{library, "PQtrace"};
  function<void(void*, int)> trace_flags{library, "PQsetTraceFlags"};
  function<void*(void*, const char*)> exec{library, "PQexec"};
  function<void*(void*, const char*, int, const unsigned*, const char* const*, const int*,
                 const int*, int)>
      exec_params{library, "PQexecParams"};
  function<void*(void*, const char*, const char*, int, const unsigned*)> prepare{library,
                                                                                 "PQprepare"};
  function<void*(void*, const char*, int, const char* const*, const int*, const int*, int)>
      exec_prepared{library, "PQexecPrepared"};
  function<void*(void*, const char*)> describe_prepared{library, "PQdescribePrepared"};
  function<void*(void*, const char*)> describe_portal{library, "PQdescribePortal"};
  function<void*(void*, const char*)> close_prepared{library, "PQclosePrepared"};
  function<int(void*, const char*, int)> put_copy{library, "PQputCopyData"};
  function<int(void*, const char*)> end_copy{library, "PQputCopyEnd"};
  function<int(void*, char**, int)> get_copy{library, "PQgetCopyData"};
  function<void*(void*)> result{library, "PQgetResult"};
  function<void*(void*, int, int*, int*, int, const void*, int)> call_function{library, "PQfn"};
  function<int(void*)> enter_pipeline{library, "PQenterPipelineMode"};
  function<int(void*)> exit_pipeline{library, "PQexitPipelineMode"};
  function<int(void*, const char*, int, const unsigned*, const char* const*, const int*, const int*,
               int)>
      send_params{library, "PQsendQueryParams"};
  function<int(void*)> sync{library, "PQpipelineSync"};
  function<int(void*)> send_flush{library, "PQsendFlushRequest"};
  function<void(void*)> clear{library, "PQclear"};
  function<void(void*)> free_memory{library, "PQfreemem"};
  function<void(void*)> finish{library, "PQfinish"};
};

/// The script: every kind of message that libpq sends once it is connected.
class script {
 public:
  script(const libpq_calls& pq, void* connection) : pq_(pq), at_(connection) {}

  void run() {
    statements();
    prepared();
    copy();
    pipeline();
  }

 private:
  void exec(const char* sql) { pq_.clear(pq_.exec(at_, sql)); }
  void drain() {
    while (void* one = pq_.result(at_))
      pq_.clear(one);
  }
  void exec_params(const char* sql, const std::vector<const char*>& values, int format) {
    pq_.clear(pq_.exec_params(at_, sql, static_cast<int>(values.size()), nullptr, values.data(),
                              nullptr, nullptr, format));
  }

  void statements() {
    exec("select 1 as one, null as nothing, 'text' as t, '\\x00ff'::bytea as b, 1.5::numeric(5,2)");
    exec("");
    exec("select 1; select 'two'; begin; rollback");
    exec("create temp table trace (id int primary key, name text)");
    exec("insert into trace values (1, E'tab\\t, quote '' and \\xc3\\xa9'), (2, null)");
    exec("select *, ctid, oid from trace, pg_class where relname = 'pg_class'");
    exec("select 1 / 0");
    exec("selec");
    exec("do $$ begin raise notice 'a notice' using detail = 'a detail', hint = 'a hint'; end $$");
    exec("do $$ begin execute 'select 1 / 0'; end $$");
    exec("set application_name = 'traced'");
    exec("listen a_channel; notify a_channel, 'a payload'");
    exec("-- a comment\nselect 'a\nb'");
    exec_params("select $1::int + 1, $2::text, $3", {"41", nullptr, "\x01\x7f"}, 0);
    exec_params("select $1::int8, $2::bytea", {"-1", "\\x0001ff"}, 1);
    exec_params("select $1::int", {"no number"}, 0);
  }

  void prepared() {
    const unsigned types[] = {23, 0};
    pq_.clear(pq_.prepare(at_, "a name", "select $1, $2::text from trace", 2, types));
    pq_.clear(pq_.describe_prepared(at_, "a name"));
    const char* const values[] = {"\0\0\0\7", "x"};
    const int lengths[] = {4, 0};
    const int formats[] = {1, 0};
    pq_.clear(pq_.exec_prepared(at_, "a name", 2, values, lengths, formats, 1));
    pq_.clear(pq_.close_prepared(at_, "a name"));
    pq_.clear(pq_.describe_prepared(at_, "a name"));
    exec("begin; declare c cursor for select * from trace");
    pq_.clear(pq_.describe_portal(at_, "c"));
    exec("commit");
    // int4abs(-7), by its object id.
    int answer = 0;
    int length = 0;
    // PQArgBlock of libpq-fe.h.
    struct {
      int length, is_int;
      union {
        int* pointer;
        int integer;
      } value;
    } argument{4, 1, {nullptr}};
    argument.value.integer = -7;
    pq_.clear(pq_.call_function(at_, 1397, &answer, &length, 1, &argument, 1));
    CHECK(answer == 7);
  }

  void copy() {
    exec("copy trace from stdin");
    CHECK(pq_.put_copy(at_, "3\tthree\n4\t\\N\n", 13) == 1);
    CHECK(pq_.put_copy(at_, "5\tfive\n", 7) == 1);
    CHECK(pq_.end_copy(at_, nullptr) == 1);
    drain();
    exec("copy trace from stdin");
    CHECK(pq_.end_copy(at_, "given up") == 1);
    drain();
    exec("copy trace to stdout with (format binary)");
    char* row = nullptr;
    int rows = 0;
    for (; pq_.get_copy(at_, &row, 0) > 0; ++rows)
      pq_.free_memory(row);
    CHECK(rows >= 5);  // header and trailer may be parts of their own
    drain();
  }

  void pipeline() {
    CHECK(pq_.enter_pipeline(at_) == 1);
    const auto send = [this](const char* sql) {
      CHECK(pq_.send_params(at_, sql, 0, nullptr, nullptr, nullptr, nullptr, 0) == 1);
    };
    send("select 1");
    send("select 1 / 0");
    send("select 'skipped'");
    CHECK(pq_.sync(at_) == 1);
    send("select 2");
    CHECK(pq_.send_flush(at_) == 1);
    CHECK(pq_.sync(at_) == 1);
    // A statement's results end with a null each, a Sync's does not: 3 + 1 + 1 + 1 answers.
    for (int left = 6; left > 0;) {
      void* const one = pq_.result(at_);
      if (one != nullptr) --left;
      pq_.clear(one);
    }
    CHECK(pq_.exit_pipeline(at_) == 1);
  }

  const libpq_calls& pq_;
  void* at_;
};

/// The lines of one side. A text with line feeds in it goes over several of the file's.
std::vector<std::string> lines_of(char who, const std::string& text) {
  std::vector<std::string> lines;
  bool ours = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    if (line.starts_with("F\t") || line.starts_with("B\t")) {
      ours = line[0] == who;
      if (ours) lines.push_back(line);
    } else if (ours) {
      lines.back().append("\n").append(line);
    }
  }
  return lines;
}

std::string trace_of(const std::vector<recorded>& pieces, bool regress) {
  std::string text;
  bool connected = false;
  tusk::wire_trace trace(
      [&](std::string_view line) {
        // PQtrace is called on a session that stands.
        if (connected) text.append(line).append("\n");
        connected = connected || line.starts_with("B\t5\tReadyForQuery");
      },
      {.timestamps = false, .regress = regress});
  for (const recorded& each : pieces) {
    const tusk::bytes_view bytes = std::as_bytes(std::span(each.bytes));
    each.from_client ? trace.from_frontend(bytes) : trace.from_backend(bytes);
  }
  CHECK_FALSE(trace.ended());
  return text;
}

/// Runs the script, and gives what PQtrace has written; `pieces` is what has passed meanwhile.
std::string libpq_trace(const libpq_calls& pq, int flags, std::vector<recorded>& pieces) {
  char* text = nullptr;
  std::size_t size = 0;
  FILE* const to = ::open_memstream(&text, &size);
  {
    recording_proxy proxy(std::getenv("TUSK_TEST_HOST"), std::getenv("TUSK_TEST_PORT"));
    const std::string where = "host=127.0.0.1 port=" + std::to_string(proxy.port()) +
                              " user=u_trust dbname=postgres sslmode=disable gssencmode=disable";
    void* const connection = pq.connect(where.c_str());
    CHECK(pq.status(connection) == 0);
    pq.notices(connection, [](void*, const char*) {}, nullptr);
    pq.trace(connection, to);
    pq.trace_flags(connection, flags);
    script(pq, connection).run();
    pq.finish(connection);
    pieces = proxy.finish();
  }
  std::fclose(to);
  std::string written(text, size);
  std::free(text);
  return written;
}

}  // namespace

TEST_CASE("tusk and libpq 18 print the same trace of the same bytes", "[trace]") {
  const char* const path = std::getenv("TUSK_TEST_LIBPQ18");
  if (path == nullptr || *path == '\0' || std::getenv("TUSK_TEST_PORT") == nullptr) {
    std::fputs("NOT COMPARED with libpq 18's PQtrace: there is no library or no server\n", stderr);
    return;
  }
  const libpq_calls pq(path);
  for (const int flags : {suppress_timestamps, suppress_timestamps | regress_mode}) {
    INFO("flags " << flags);
    std::vector<recorded> pieces;
    const std::string expected = libpq_trace(pq, flags, pieces);
    const std::string printed = trace_of(pieces, (flags & regress_mode) != 0);
    for (const char who : {'F', 'B'}) {
      const std::vector<std::string> theirs = lines_of(who, expected);
      const std::vector<std::string> ours = lines_of(who, printed);
      CHECK(theirs.size() > 60);
      CHECK(ours.size() == theirs.size());
      for (std::size_t i = 0; i < std::min(ours.size(), theirs.size()); ++i)
        CHECK(ours[i] == theirs[i]);
    }
  }
}
