#include <string>

#include "net/wake_event.hpp"
#include "session/quoting.hpp"
#include "session/session_core.hpp"
#include "tusk/waker.hpp"

// LISTEN, NOTIFY, and the wait for what others notify.
namespace tusk {

namespace detail {

namespace {

// What is read after the time is up, so that a server that never stops is left all the same.
constexpr int most_late_reads = 1024;

}  // namespace

void session_core::listen(const call_options& options, std::uint64_t scope,
                          std::string_view channel, const notification_handler* told) {
  const std::string sql = "listen " + quoted_name(channel, quoting_rules());
  const call asked{options, sql, {}, scope};
  if (told == nullptr) return run_plainly(asked, sql);
  require_ready(asked);
  // Before the statement, for its answer can bring the first notification already.
  const notification_handler before = line_->listening.set_handler(channel, *told);
  bool listens = false;
  try {
    run_plainly(asked, sql, [&] { listens = true; });
  } catch (...) {
    if (!listens) line_->listening.set_handler(channel, before);
    throw;
  }
}

void session_core::unlisten(const call_options& options, std::uint64_t scope,
                            std::string_view channel) {
  const std::string sql = "unlisten " + quoted_name(channel, quoting_rules());
  run_plainly({options, sql, {}, scope}, sql, [&] { line_->listening.set_handler(channel, {}); });
}

void session_core::unlisten_all(const call_options& options, std::uint64_t scope) {
  constexpr std::string_view sql = "unlisten *";
  run_plainly({options, sql, {}, scope}, sql, [&] { line_->listening.handlers.clear(); });
}

// By the command, which costs the server half of what pg_notify() in a SELECT does. The payload may
// be anybody's secret: errors and observers do not see it.
void session_core::notify(const call_options& options, std::uint64_t scope,
                          std::string_view channel, std::string_view payload) {
  const literal_rules rules = quoting_rules();
  const std::string shown = "notify " + quoted_name(channel, rules);
  std::string sql = shown;
  if (!payload.empty()) sql.append(", ").append(quoted_literal(payload, rules));
  run_plainly({options, shown, {}, scope}, sql);
}

std::optional<notification> session_core::wait_notification(
    std::optional<std::chrono::milliseconds> timeout) {
  const call_options none;
  // What a connection has brought before it was lost is still there to be taken.
  if (line_->notifications.empty() || closed_ || !line_->broken()) require_ready({none, ""});
  const exclusive_use::entry alone(use_);
  line_->listening.rethrow();
  if (encoding_is_refused()) refuse_encoding();
  if (wakes_ != nullptr && wakes_->take()) return std::nullopt;
  if (!line_->notifications.empty()) {
    std::optional<notification> first(std::move(line_->notifications.front()));
    line_->notifications.pop_front();
    return first;
  }
  try {
    std::optional<notification> came = await_notification(net::deadline::after(timeout));
    end_call();
    return came;
  } catch (...) {
    fail_call();
  }
}

// One message after the other, and no further than to the first notification: what is behind it
// stays where it is, in the input or in the socket, however much it is.
std::optional<notification> session_core::await_notification(const net::deadline& until) {
  std::optional<notification> came;
  for (int late_reads = 0;;) {
    while (line_->take_unasked(came)) {
      // What was thrown is due now, and not when the wait would have ended.
      if (came || line_->listening.has_thrown() || encoding_is_refused()) return came;
      if (wakes_ != nullptr && wakes_->take()) return std::nullopt;
    }
    if (until.passed() && ++late_reads > most_late_reads) return std::nullopt;
    if (!line_->listen(until, wakes_.get())) return std::nullopt;
  }
}

std::shared_ptr<net::wake_event> session_core::wakes() {
  if (wakes_ == nullptr) wakes_ = std::make_shared<net::wake_event>();
  return wakes_;
}

}  // namespace detail

void executor::listen(const call_options& options, std::string_view channel) {
  core().listen(options, scope_, channel, nullptr);
}

void executor::listen(const call_options& options, std::string_view channel,
                      callback<void(const notification&)> told) {
  core().listen(options, scope_, channel, &told);
}

void executor::unlisten(const call_options& options, std::string_view channel) {
  core().unlisten(options, scope_, channel);
}

void executor::unlisten_all(const call_options& options) {
  core().unlisten_all(options, scope_);
}

void executor::notify(const call_options& options, std::string_view channel,
                      std::string_view payload) {
  core().notify(options, scope_, channel, payload);
}

std::vector<std::string> session::channels() {
  std::vector<std::string> names;
  for (std::string each : query<std::string>(
           "select c from pg_catalog.pg_listening_channels() c order by c collate \"C\""))
    names.push_back(std::move(each));
  return names;
}

std::optional<notification> session::wait_notification(
    std::optional<std::chrono::milliseconds> timeout) {
  return core().wait_notification(timeout);
}

std::uint64_t session::dropped_notifications() const noexcept {
  return core_ == nullptr ? 0 : core_->line().dropped_notifications;
}

waker session::waker() {
  return tusk::waker(core().wakes());
}

void waker::wake() const noexcept {
  event_->wake();
}

}  // namespace tusk
