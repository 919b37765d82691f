// The server process ends at each step of a call, and says why: the call's error is that reason.

#include <cstdio>
#include <string>
#include <thread>

#include "integration/fault_trials.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;

const std::string plain = "user=u_trust sslmode=disable";

/// A session of an administrator's, that ends server processes.
class terminator {
 public:
  /// Waits until it is gone.
  void end(int process) {
    static_cast<void>(by_.script("select pg_terminate_backend(" + std::to_string(process) + ")"));
    while (!by_.query("select from pg_stat_activity where pid = $1", process).empty())
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

 private:
  tusk::session by_ = connect();
};

std::string complaint_about_reason(const tusk::operational_error& failed) {
  std::string why;
  if (failed.kind() != tusk::error_kind::connection_lost) why = "the kind of error is another";
  if (failed.sqlstate() != tusk::sqlstate::admin_shutdown) why = "the SQLSTATE is not 57P01";
  if (failed.message().find("terminating connection due to administrator command") ==
      std::string_view::npos)
    why = "the server's words are missing";
  if (failed.session_usable()) why = "the session is called usable";
  return why.empty() ? why : why + ": " + failed.report();
}

struct scene {
  explicit scene(const tusk::session_options& options) : through(plain, options) {}
  faulty_session through;
  terminator killer;
};

/// The process ends just before this byte passes. What it had answered already passes, too.
std::string complaint_about_end(const verb& what, const trial& one, scene& on) {
  tusk::session& db = on.through.db();
  fault_proxy& proxy = on.through.proxy();
  what.prepare(db);
  proxy.mark(on.through.number());
  const int process = db.process_id();
  proxy.plan(on.through.number(),
             {.what = fault_kind::none, .way = one.way, .after = one.after, .then = [&on, process] {
                on.killer.end(process);
              }});
  std::string why;
  try {
    bool ended = false;
    try {
      what.run(db, {.timeout = noticing});
      ended = true;
      // Then the whole of the answer was on its way, or nobody is told what became of the call.
      if (one.way == direction::to_server && !what.quiet) why = "it succeeded without a server";
      db.execute("select 1");
      why = "the session still answers";
    } catch (const tusk::operational_error& failed) {
      if (why.empty()) why = complaint_about_reason(failed);
      // What follows a call that is told of nothing finds the session broken, and sends nothing.
      if (failed.safe_to_retry() && !(ended && what.quiet))
        why = "it is called safe to retry: " + failed.report();
    }
    if (!proxy.happened(on.through.number())) why = "nothing happened";
    if (why.empty()) why = complaint_about_state(db, false);
  } catch (const std::exception& e) {
    why = e.what();
  }
  on.through.reset();
  return why;
}

}  // namespace

TEST_CASE("a server process that is terminated at any byte of a call gives the reason") {
  for (const verb& what : verbs()) {
    // One that has rows to send and is blocked ends without a word.
    const std::string_view name = what.name;
    if (name.starts_with("stream") || name.starts_with("copy out")) continue;
    faulty_session good(plain, what.options);
    const std::vector<trial> trials =
        trials_of(bytes_of(what, good), {fault_kind::none}, thoroughness::some);
    std::printf("faults: %-26s terminated at %4zu bytes\n", what.name, trials.size());
    const auto hire = [&] {
      const auto on = std::make_shared<scene>(what.options);
      return [&, on](std::size_t i) { return complaint_about_end(what, trials[i], *on); };
    };
    const auto description = [&](std::size_t i) {
      return what.name + (", " + described(trials[i]));
    };
    for (const std::string& complaint : complaints_of(trials.size(), hire, description))
      FAIL_CHECK(complaint);
  }
}
