#include "tusk/listener.hpp"

#include <algorithm>
#include <atomic>
#include <deque>
#include <random>
#include <thread>
#include <utility>

#include "tusk/session.hpp"

namespace tusk {

namespace detail {

namespace {

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// A pause ends so soon after a wake: sleeping in pieces is what a signal handler can end, too.
constexpr milliseconds piece_of_pause{20};
// The clock cannot count much further: what lies beyond is as good as never.
constexpr milliseconds farthest = std::chrono::years(100);

session_options with_patience(const listener_options& options) {
  session_options made = options.session;
  if (!made.timeout) made.timeout = options.patience;
  return made;
}

// Whether the error is the end of a connection that another one may mend.
bool is_lost_by(const error& failed) noexcept {
  return !failed.session_usable() && failed.kind() != error_kind::usage;
}

}  // namespace

/// What stands behind a listener.
class listening {
 public:
  template <class... Where>
  explicit listening(listener_options options, const Where&... where)
      : options_(std::move(options)),
        channels_(std::move(options_.channels)),
        db_(where..., with_patience(options_)),
        waker_(db_.waker()) {
    options_.longest_delay = std::clamp(options_.longest_delay, milliseconds(0), farthest);
    if (options_.heartbeat) options_.heartbeat = std::min(*options_.heartbeat, farthest);
    listen_anew();
    hand_over();
  }

  std::optional<listener_event> wait(std::optional<milliseconds> timeout);
  void wake() noexcept {
    wakes_.fetch_add(1);
    waker_.wake();
  }
  void add(std::string_view channel);
  void remove(std::string_view channel);
  void notify(std::string_view channel, std::string_view payload) {
    db_.notify(channel, payload);
    note_heard();
  }
  [[nodiscard]] std::span<const std::string> channels() const noexcept { return channels_; }
  [[nodiscard]] const session& connection() const noexcept { return db_; }

 private:
  [[nodiscard]] bool woken() noexcept {
    const unsigned now = wakes_.load();
    return std::exchange(seen_wakes_, now) != now;
  }
  [[nodiscard]] bool is_lost() const noexcept { return lost_.has_value(); }
  void note_heard() noexcept {
    heard_ = clock::now();
    heard_at_ = std::chrono::system_clock::now();
  }
  void note_lost(const error& why);
  void listen_anew();
  void hand_over();
  [[nodiscard]] bool pause(clock::time_point until);
  [[nodiscard]] bool go_on(clock::time_point until);
  [[nodiscard]] bool connect_anew();
  [[nodiscard]] milliseconds next_delay();
  std::optional<listener_event> listen(clock::time_point until);
  std::optional<listener_event> take_gap();
  void ask_for_sign();

  listener_options options_;
  std::vector<std::string> channels_;
  session db_;
  waker waker_;
  std::atomic<unsigned> wakes_{0};
  unsigned seen_wakes_ = 0;
  std::uint64_t dropped_ = 0;  // as far as it was told
  clock::time_point heard_{};
  std::chrono::system_clock::time_point heard_at_{};
  std::optional<listener_gap> lost_{};  // while there is no connection
  std::optional<listener_gap> gap_{};   // is to be told next
  clock::time_point lost_since_{};
  clock::time_point lost_heard_{};
  std::deque<notification> from_before_;  // what the lost connection has brought
  clock::time_point next_attempt_{};
  milliseconds delay_{};
  std::minstd_rand chance_{std::random_device{}()};
};

void listening::listen_anew() {
  for (const std::string& each : channels_)
    db_.listen(each);
  note_heard();
}

// A connection is there, and listens.
void listening::hand_over() {
  if (options_.on_connect) options_.on_connect(db_);
  note_heard();
}

void listening::note_lost(const error& why) {
  lost_.emplace();
  lost_->reason = why.message();
  lost_->last_heard = heard_at_;
  lost_heard_ = heard_;
  lost_since_ = clock::now();
  for (notification& each : db_.take_notifications())
    from_before_.push_back(std::move(each));
  delay_ = options_.first_delay;
  next_attempt_ = lost_since_ + next_delay();
}

milliseconds listening::next_delay() {
  const milliseconds whole = std::clamp(delay_, milliseconds(0), options_.longest_delay);
  delay_ = std::max(whole * 2, milliseconds(1));
  std::uniform_int_distribution<milliseconds::rep> part(whole.count() / 2, whole.count());
  return milliseconds(part(chance_));
}

// False when it was woken, or the time is up.
bool listening::pause(clock::time_point until) {
  for (;;) {
    if (woken()) return false;
    const clock::time_point now = clock::now();
    if (now >= next_attempt_) return true;
    if (now >= until) return false;
    const clock::duration left = std::min(until, next_attempt_) - now;
    std::this_thread::sleep_for(std::min<clock::duration>(left, piece_of_pause));
  }
}

// One attempt. False when it has failed in a way that may pass.
bool listening::connect_anew() {
  ++lost_->attempts;
  bool listens = false;
  try {
    db_.reset();
    listen_anew();
    listens = true;
    hand_over();
  } catch (const error& failed) {
    // Also when another error has left half of what was to be set up.
    next_attempt_ = clock::now() + next_delay();
    const bool too_long =
        options_.give_up_after && clock::now() - lost_since_ >= *options_.give_up_after;
    // What fails on a connection that is well is `on_connect`'s affair.
    const bool of_caller = listens && failed.session_usable();
    if (of_caller || !failed.is_transient() || too_long) throw;
    return false;
  } catch (...) {
    next_attempt_ = clock::now() + next_delay();
    throw;
  }
  lost_->lasted = std::chrono::duration_cast<milliseconds>(clock::now() - lost_heard_);
  gap_ = std::exchange(lost_, std::nullopt);
  return true;
}

// Until there is a connection again; false when that is to be left for later.
bool listening::go_on(clock::time_point until) {
  while (is_lost())
    if (!pause(until) || (!connect_anew() && clock::now() >= until)) return false;
  return true;
}

std::optional<listener_event> listening::take_gap() {
  if (gap_) return *std::exchange(gap_, std::nullopt);
  const std::uint64_t dropped = db_.dropped_notifications();
  if (dropped == dropped_) return std::nullopt;
  listener_gap gap;
  gap.dropped = dropped - std::exchange(dropped_, dropped);
  gap.reason = std::to_string(gap.dropped) +
               " notifications came in the middle of another call, more than are queued";
  gap.last_heard = heard_at_;
  return gap;
}

// Nothing is asked of the server but that it answers.
void listening::ask_for_sign() {
  try {
    db_.script("");
  } catch (const error& failed) {
    if (!failed.session_usable()) throw;
  }
  note_heard();
}

// One turn on a connection that is there.
std::optional<listener_event> listening::listen(clock::time_point until) {
  // What has come already tells when the caller took it, not when the server was there.
  if (auto said = db_.wait_notification(milliseconds(0))) return std::move(*said);
  if (wakes_.load() != seen_wakes_) return std::nullopt;  // that wait has used up the wake
  const clock::time_point now = clock::now();
  clock::time_point end = until;
  if (options_.heartbeat) end = std::min(end, std::max(now, heard_ + *options_.heartbeat));
  std::optional<milliseconds> left;
  if (end != clock::time_point::max())
    left = std::chrono::ceil<milliseconds>(std::max(end - now, clock::duration::zero()));
  if (auto said = db_.wait_notification(left)) {
    note_heard();
    return std::move(*said);
  }
  if (options_.heartbeat && clock::now() >= heard_ + *options_.heartbeat) {
    ask_for_sign();
  }
  return std::nullopt;
}

std::optional<listener_event> listening::wait(std::optional<milliseconds> timeout) {
  const bool bounded = timeout && *timeout < farthest;
  const clock::time_point until =
      bounded ? clock::now() + std::max(*timeout, milliseconds(0)) : clock::time_point::max();
  for (;;) {
    if (woken()) return std::nullopt;
    if (!is_lost()) {
      if (auto gap = take_gap()) return gap;
      try {
        if (auto event = listen(until)) return event;
      } catch (const error& failed) {
        if (!is_lost_by(failed)) throw;
        note_lost(failed);
      }
    }
    if (!from_before_.empty()) {
      listener_event oldest = std::move(from_before_.front());
      from_before_.pop_front();
      return oldest;
    }
    if (is_lost() && !go_on(until)) return std::nullopt;
    if (!gap_ && clock::now() >= until) return std::nullopt;
  }
}

void listening::add(std::string_view channel) {
  if (std::ranges::find(channels_, channel) != channels_.end()) return;
  static_cast<void>(db_.quote_identifier(channel));  // refuses what cannot be a name
  channels_.emplace_back(channel);
  if (is_lost()) return;
  try {
    db_.listen(channel);
    note_heard();
  } catch (const error& failed) {
    if (is_lost_by(failed)) return;  // `wait` finds it out, too
    std::erase(channels_, channel);
    throw;
  }
}

void listening::remove(std::string_view channel) {
  if (std::erase(channels_, channel) == 0 || is_lost()) return;
  try {
    db_.unlisten(channel);
    note_heard();
  } catch (const error& failed) {
    if (!is_lost_by(failed)) throw;
  }
}

}  // namespace detail

listener::listener(std::string_view dsn, listener_options options)
    : state_(std::make_unique<detail::listening>(std::move(options), dsn)) {}

listener::listener(const conninfo& to, listener_options options)
    : state_(std::make_unique<detail::listening>(std::move(options), to)) {}

listener::listener(const conninfo& to, const environment& from, listener_options options)
    : state_(std::make_unique<detail::listening>(std::move(options), to, from)) {}

listener::listener(listener&&) noexcept = default;
listener& listener::operator=(listener&&) noexcept = default;
listener::~listener() = default;

std::optional<listener_event> listener::wait(std::optional<std::chrono::milliseconds> timeout) {
  return state_->wait(timeout);
}

void listener::wake() noexcept {
  state_->wake();
}

void listener::add(std::string_view channel) {
  state_->add(channel);
}

void listener::remove(std::string_view channel) {
  state_->remove(channel);
}

std::span<const std::string> listener::channels() const noexcept {
  return state_->channels();
}

void listener::notify(std::string_view channel, std::string_view payload) {
  state_->notify(channel, payload);
}

const session& listener::connection() const noexcept {
  return state_->connection();
}

}  // namespace tusk
