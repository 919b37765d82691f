#include "integration/fault_trials.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <set>
#include <thread>
#include <utility>

namespace tusk::test {

namespace {

constexpr std::uint64_t always_tried = 300;

std::uint16_t server_port() {
  return static_cast<std::uint16_t>(std::stoi(variable("TUSK_TEST_PORT")));
}

// A cut is noticed at once; what is silent is given up.
bool is_silent(fault_kind what) {
  return what == fault_kind::stall;
}

// What the fault was allows no other outcome for these.
std::string complaint_about_loss(const operational_error& failed, const verb& what,
                                 const trial& one) {
  const error_kind expected =
      is_silent(one.what) ? error_kind::timeout : error_kind::connection_lost;
  if (failed.kind() != expected) return "the kind of error is another";
  if (failed.safe_to_retry()) return "it is called safe to retry, and something was sent";
  if (failed.statement().empty() && !what.several) return "the error does not tell the statement";
  return {};
}

std::string complaint_about_error(const operational_error& failed, const verb& what,
                                  const trial& one, bool happened, session& db) {
  std::string why = complaint_about_loss(failed, what, one);
  if (why.empty() && happened && failed.session_usable())
    why = "the session is called usable, and bytes are missing";
  if (why.empty() && !happened && !is_silent(one.what)) why = "nothing happened, and it failed";
  if (why.empty()) why = complaint_about_state(db, failed.session_usable());
  return why.empty() ? why : why + ": " + failed.report();
}

std::string complaint_about_success(const verb& what, const trial& one, bool happened,
                                    session& db) {
  const bool broken = db.status() == session_status::broken;
  if (happened && !what.quiet) return "it succeeded, and bytes are missing";
  if (!happened && !what.quiet && !is_silent(one.what)) return "nothing happened";
  if (happened && !broken) return "the session is not broken, and bytes are missing";
  if (!happened && broken) return "nothing happened, and the session is broken";
  return complaint_about_state(db, !broken);
}

}  // namespace

std::uint32_t seed() {
  static const std::uint32_t chosen = [] {
    const char* given = std::getenv("TUSK_TEST_SEED");
    const std::uint32_t made = given != nullptr
                                   ? static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10))
                                   : std::random_device{}();
    std::printf("faults: TUSK_TEST_SEED=%u\n", made);
    return made;
  }();
  return chosen;
}

std::string described(const trial& one) {
  return std::string(name_of(one.what)) + " " + std::string(name_of(one.way)) + " after " +
         std::to_string(one.after) + " bytes";
}

std::vector<std::uint64_t> sampled(std::uint64_t bytes, thoroughness how) {
  std::set<std::uint64_t> chosen{0, bytes - 1};
  const char* demanded = std::getenv("TUSK_TEST_FAULTS");
  const bool every =
      how == thoroughness::every || (demanded != nullptr && std::string_view(demanded) == "every");
  std::mt19937 dice(seed());
  for (std::uint64_t i = 0; i < std::min(bytes, always_tried); ++i)
    if (every || dice() % 4 == 0) chosen.insert(i);
  if (bytes > always_tried) {
    std::uniform_int_distribution<std::uint64_t> any(always_tried, bytes - 1);
    for (int i = 0; i < (every ? 60 : 15); ++i)
      chosen.insert(any(dice));
  }
  return {chosen.begin(), chosen.end()};
}

std::vector<trial> trials_of(const passed_bytes& good, const std::vector<fault_kind>& faults,
                             thoroughness how) {
  std::vector<trial> all;
  for (const fault_kind what : faults) {
    for (const std::uint64_t after : sampled(good.to_server, how))
      all.push_back({what, direction::to_server, after});
    for (const std::uint64_t after : sampled(good.to_client, how))
      all.push_back({what, direction::to_client, after});
  }
  return all;
}

fault_proxy::target server_by_tcp() {
  return {variable("TUSK_TEST_HOST"), server_port()};
}

faulty_session::faulty_session(std::string parameters, session_options options)
    : proxy_(server_by_tcp()),
      dsn_("dbname=postgres host=localhost hostaddr=127.0.0.1 port=" +
           std::to_string(proxy_.port()) + " " + std::move(parameters)),
      options_(std::move(options)) {
  connect();
}

faulty_session::faulty_session(const temporary_folder& folder, std::string parameters,
                               session_options options)
    : proxy_(folder.path(), 5432, {variable("TUSK_TEST_SOCKET_DIR"), server_port()}),
      dsn_("dbname=postgres host=" + folder.path() + " port=5432 " + std::move(parameters)),
      options_(std::move(options)) {
  connect();
}

void faulty_session::connect() {
  db_.emplace(dsn_, options_);
  found_out();
}

void faulty_session::reset() {
  db_->reset();
  found_out();
}

// Nobody else connects here, and what came before the session was taken before it.
void faulty_session::found_out() {
  number_ = proxy_.connections() - 1;
}

passed_bytes bytes_of(const verb& what, faulty_session& through) {
  what.prepare(through.db());
  through.proxy().mark(through.number());
  what.run(through.db(), {});
  return through.proxy().passed(through.number());
}

std::string complaint_about_state(session& db, bool said_usable) {
  const bool broken = db.status() == session_status::broken;
  if (said_usable == broken)
    return broken ? "the session is broken, and called usable"
                  : "the session is called unusable, and is "
                    "not broken";
  if (!broken) {
    if (db.status() == session_status::failed_transaction) db.execute("rollback");
    return db.scalar<int>("select 42") == 42 ? "" : "the session answers another question";
  }
  const auto again = error_of<operational_error>([&] { return db.execute("select 1"); });
  if (again.kind() != error_kind::connection_lost || again.session_usable() ||
      !again.safe_to_retry() || !again.message().starts_with("the session is broken"))
    return "the broken session says something else: " + again.report();
  return {};
}

std::string complaint_about(const verb& what, const trial& one, faulty_session& through,
                            tally& count) {
  session& db = through.db();
  fault_proxy& proxy = through.proxy();
  what.prepare(db);
  proxy.mark(through.number());
  proxy.plan(through.number(), {.what = one.what, .way = one.way, .after = one.after});
  bool happened = false;
  // On a slow day time is up before the fault is due. It must not wait for the questions after it.
  const auto call_off = [&] {
    happened = proxy.happened(through.number());
    if (!happened) proxy.mark(through.number());
  };
  std::string why;
  try {
    what.run(db, {.timeout = is_silent(one.what) ? giving_up : noticing});
    call_off();
    why = complaint_about_success(what, one, happened, db);
  } catch (const operational_error& failed) {
    call_off();
    ++count.failed;
    why = complaint_about_error(failed, what, one, happened, db);
  }
  if (happened) ++count.happened;
  if (db.status() != session_status::broken) ++count.usable;
  through.reset();
  if (db.status() != session_status::open) return why + " after a reset it is not open";
  // By the simple protocol, which leaves nothing behind for the next trial.
  if (db.script("select 6 * 7")[0][0][0].as<std::string>() != "42")
    return why + " after a reset it answers wrongly";
  return why;
}

}  // namespace tusk::test
