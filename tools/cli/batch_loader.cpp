#include "batch_loader.hpp"

#include <chrono>
#include <system_error>
#include <utility>

#include "copy_failure.hpp"
#include "copy_in.hpp"

namespace cli {
namespace {

constexpr std::chrono::milliseconds patience{100};
// Outcomes that wait for an earlier batch's are small, but shall not be without number.
constexpr std::uint64_t most_outcomes = 10'000;
constexpr int most_attempts = 5;

/// What sessions that load side by side do to each other, and a second attempt may not meet.
bool is_collision(const tusk::error& failed) {
  const std::string_view code = failed.sqlstate().text();
  return failed.session_usable() && (code == "40001" || code == "40P01");
}

/// Whether every batch would fail alike: there is no such table or no permission, the server is a
/// standby, its disk is full.
bool concerns_all(const tusk::error& failed) {
  const std::string_view kind = failed.sqlstate().class_code();
  return kind == "42" || kind == "25" || kind == "53" || kind == "0A" ||
         failed.kind() == tusk::error_kind::usage;
}

tusk::error as_error(const std::exception& failed) {
  return tusk::error({.kind = tusk::error_kind::usage, .message = failed.what()});
}

}  // namespace

batch_loader::batch_loader(const copy_in_arguments& asked, const splitting& how,
                           const time_limit& limit, cancel_on_signal& stop,
                           std::vector<tusk::session> sessions)
    : asked_(asked),
      how_(how),
      limit_(limit),
      stop_(stop),
      sessions_(std::move(sessions)),
      working_(sessions_.size()) {
  threads_.reserve(sessions_.size());
  for (tusk::session& db : sessions_) {
    stop.add(db.canceller());
    db.on_notice([this](const tusk::notice& said) { note(said); });
  }
  try {
    for (tusk::session& db : sessions_)
      threads_.emplace_back([this, &db] { work(db); });
  } catch (const std::system_error&) {
    // The system has no more threads for us. Fewer are slower, and do the same.
    if (threads_.empty()) throw;
    const std::lock_guard lock(guard_);
    working_ -= sessions_.size() - threads_.size();
  }
}

batch_loader::~batch_loader() {
  {
    const std::lock_guard lock(guard_);
    closed_ = true;
    waiting_.clear();
  }
  changed_.notify_all();
  for (std::thread& each : threads_)
    each.join();
}

bool batch_loader::offer(batch& next) {
  std::unique_lock lock(guard_);
  const bool room = changed_.wait_for(lock, patience, [this] {
    return waiting_.size() < sessions_.size() && offered_ - told_ < most_outcomes;
  });
  if (!room) return false;
  waiting_.push_back(std::move(next));
  ++offered_;
  next = batch{};
  if (!spare_.empty()) {
    next.data = std::move(spare_.back());
    spare_.pop_back();
  }
  lock.unlock();
  changed_.notify_all();
  return true;
}

void batch_loader::close() {
  {
    const std::lock_guard lock(guard_);
    closed_ = true;
  }
  changed_.notify_all();
}

bool batch_loader::done() {
  std::unique_lock lock(guard_);
  return changed_.wait_for(lock, patience, [this] { return working_ == 0; });
}

bool batch_loader::given_up() {
  const std::lock_guard lock(guard_);
  return hopeless_ || (working_ == 0 && !closed_);
}

std::optional<batch_outcome> batch_loader::next_outcome() {
  const std::lock_guard lock(guard_);
  if (outcomes_.empty() || outcomes_.begin()->first != told_ + 1) return std::nullopt;
  ++told_;
  return std::move(outcomes_.extract(outcomes_.begin()).mapped());
}

std::optional<std::uint64_t> batch_loader::first_line_left() {
  const std::lock_guard lock(guard_);
  if (waiting_.empty()) return std::nullopt;
  return waiting_.front().first_line;
}

std::string batch_loader::take_notices() {
  const std::lock_guard lock(guard_);
  return std::exchange(notices_, {});
}

// One thread's life. It ends when there is nothing to do, or its session cannot be made anew.
void batch_loader::work(tusk::session& db) {
  bool usable = true;
  while (usable) {
    batch one;
    {
      std::unique_lock lock(guard_);
      changed_.wait(lock, [this] { return !waiting_.empty() || closed_ || hopeless_; });
      if (!waiting_.empty() && limit_.is_over()) hopeless_ = true;
      if (waiting_.empty() || hopeless_ || stop_.came()) break;
      one = std::move(waiting_.front());
      waiting_.pop_front();
    }
    changed_.notify_all();
    batch_outcome what = load(db, one);
    usable = db.status() == tusk::session_status::open || renew(db);
    keep(std::move(what), one);
  }
  {
    const std::lock_guard lock(guard_);
    --working_;
  }
  changed_.notify_all();
}

// Connects anew. When that fails, it is the batch's own error that is told.
bool batch_loader::renew(tusk::session& db) const {
  if (limit_.is_over() || stop_.came()) return false;
  try {
    db.reset();
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

batch_outcome batch_loader::load(tusk::session& db, const batch& one) {
  batch_outcome what{
      .number = one.number, .first_line = one.first_line, .last_line = one.last_line};
  for (int attempt = 1;; ++attempt) {
    bool finishing = false;
    try {
      tusk::copy_in in = db.copy_in({.timeout = limit_.left()}, target_of(asked_, false));
      in.write(one.data);
      finishing = true;
      what.rows = in.finish();
      return what;
    } catch (const tusk::error& failed) {
      if (failed.carried_out()) {
        what.rows = one.rows;
        return what;
      }
      // Lost before the end was sent, it has left nothing behind.
      const bool lost = !finishing && may_be_done(failed) && !limit_.is_over();
      if (attempt < most_attempts && !stop_.came()) {
        if (is_collision(failed) || (lost && renew(db))) continue;
      }
      what.failure = failed;
      what.uncertain = finishing && may_be_done(failed);
      what.line = line_of(failed, one);
    } catch (const std::exception& failed) {
      what.failure = as_error(failed);
    }
    return what;
  }
}

std::uint64_t batch_loader::line_of(const tusk::error& failed, const batch& one) const {
  if (!is_of_data(failed)) return 0;
  const std::uint64_t line = failed.details().copy_line;
  try {
    return one.first_line - 1 + line_in_editor(how_, one.data, line);
  } catch (const malformed_input&) {
    return one.first_line - 1 + line;
  }
}

void batch_loader::note(const tusk::notice& said) {
  constexpr std::size_t flood = std::size_t{1} << 20;
  tusk::error_details fields = said.fields;
  fields.code = {};  // nearly always 00000
  const std::string text = tusk::error(std::move(fields)).report();
  const std::lock_guard lock(guard_);
  if (notices_.size() < flood) notices_ += text;
}

void batch_loader::keep(batch_outcome what, batch& used) {
  const std::lock_guard lock(guard_);
  if (what.failure && concerns_all(*what.failure)) hopeless_ = true;
  const std::uint64_t number = what.number;
  outcomes_.emplace(number, std::move(what));
  spare_.push_back(std::move(used.data));
  changed_.notify_all();
}

}  // namespace cli
