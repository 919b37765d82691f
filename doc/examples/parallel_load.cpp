// Loads CSV over several sessions at once:
//
//     parallel_load DSN TABLE FILE [SESSIONS]
//
// The lines are cut into numbered batches. Each batch is one COPY in a transaction of its own, so
// one that the server refuses takes no other with it. What failed is reported in the order of the
// file, with the file's line; the program then ends with 1. With DSN alone it makes a table and
// lines of its own, two of them bad, and checks that everything else has arrived.
#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <functional>
#include <future>
#include <iostream>
#include <mutex>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tusk/tusk.hpp"

namespace {

constexpr std::size_t lines_in_batch = 1000;
constexpr std::size_t largest_batch = std::size_t{64} << 20;

/// Whole records of the file. Lines are counted from 1, as the server counts them, too.
struct batch {
  std::size_t number = 0;
  std::uint64_t first_line = 1;
  std::uint64_t last_line = 0;
  std::string text{};
};

/// What became of a batch: rows, or why there are none.
struct outcome {
  std::size_t number = 0;
  std::uint64_t first_line = 1;
  std::uint64_t last_line = 0;
  std::uint64_t rows = 0;
  std::optional<tusk::error> failure{};

  /// The line of the file that the server was at; 0 when it did not say.
  [[nodiscard]] std::uint64_t failed_line() const {
    const std::uint64_t line = failure ? failure->details().copy_line : 0;
    return line == 0 ? 0 : first_line + line - 1;
  }
};

/// Batches on their way: handed out in their order, reported on in their order, and never more of
/// them at a time than the window is wide, a slow one and all that have overtaken it included. So
/// that is what bounds the memory.
class batch_window {
 public:
  using reporter = std::function<void(const outcome&)>;

  batch_window(std::size_t width, reporter report) : done_(width), report_(std::move(report)) {}

  /// Waits until the batch is within the window. False when the window has been closed.
  bool put(batch next) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] { return next.number < reported_ + done_.size() || closed_; });
    if (closed_) return false;
    waiting_.push_back(std::move(next));
    more_.notify_one();
    return true;
  }
  /// No more batches come: there are none, or something is so wrong that none shall.
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    more_.notify_all();
    room_.notify_all();
  }
  /// Waits for the next batch; none when that was the last.
  std::optional<batch> take() {
    std::unique_lock lock(mutex_);
    more_.wait(lock, [&] { return !waiting_.empty() || closed_; });
    if (waiting_.empty()) return std::nullopt;
    batch next = std::move(waiting_.front());
    waiting_.pop_front();
    return next;
  }
  /// Reports it, and those behind it that were done before, once all in front of it are.
  void done(outcome what) {
    const std::lock_guard lock(mutex_);
    const std::size_t place = what.number % done_.size();
    done_[place] = std::move(what);
    for (auto* next = &done_[reported_ % done_.size()]; next->has_value();
         next = &done_[++reported_ % done_.size()]) {
      report_(**next);
      next->reset();
    }
    room_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable more_;
  std::condition_variable room_;
  std::deque<batch> waiting_;
  std::vector<std::optional<outcome>> done_;
  std::size_t reported_ = 0;
  bool closed_ = false;
  reporter report_;
};

/// Cuts CSV into batches where a record ends: a line break between quotes belongs to its value.
class csv_batches {
 public:
  explicit csv_batches(std::istream& from) : from_(from) {}

  std::optional<batch> next() {
    batch made{.number = number_, .first_line = line_};
    bool quoted = false;
    for (std::uint64_t records = 0; records < lines_in_batch;) {
      const int read = from_.rdbuf()->sbumpc();
      if (read == std::istream::traits_type::eof()) break;
      const char c = std::istream::traits_type::to_char_type(read);
      made.text += c;
      // A quote within a value is written twice, which leaves things as they were.
      if (c == '"') quoted = !quoted;
      if (c == '\n') {
        ++line_;
        if (!quoted) ++records;
      }
      if (made.text.size() > largest_batch)
        throw std::runtime_error("the batch that begins in line " +
                                 std::to_string(made.first_line) +
                                 " does not end: is a closing quote missing?");
    }
    if (made.text.empty()) return std::nullopt;
    made.last_line = made.text.back() == '\n' ? line_ - 1 : line_;
    ++number_;
    return made;
  }

 private:
  std::istream& from_;
  std::size_t number_ = 0;
  std::uint64_t line_ = 1;
};

/// One of the sessions: loads batch after batch until there are no more. Nothing that happens to a
/// batch ends it; a connection that is lost is made anew for the next one.
class loader {
 public:
  loader(std::string dsn, std::string table) : dsn_(std::move(dsn)), table_(std::move(table)) {}

  void run(batch_window& window) {
    while (const std::optional<batch> next = window.take()) {
      outcome what{next->number, next->first_line, next->last_line};
      try {
        what.rows = load(next->text);
      } catch (const tusk::error& failed) {
        what.failure = failed;
      }
      window.done(std::move(what));
    }
  }

 private:
  std::uint64_t load(const std::string& text) {
    if (!db_) db_.emplace(dsn_);
    if (db_->status() == tusk::session_status::broken) db_->reset();
    // The COPY alone would be a transaction, too. With a COMMIT of its own, a connection that is
    // lost meanwhile is told apart as in doubt.
    tusk::transaction tx = db_->begin();
    tusk::copy_in in = tx.copy_in({.table = table_, .format = tusk::copy_format::csv});
    in.write(text);
    const std::uint64_t rows = in.finish();
    tx.commit();
    return rows;
  }

  std::string dsn_;
  std::string table_;
  std::optional<tusk::session> db_{};
};

/// What to load, and over how many sessions.
struct plan {
  std::string dsn{};
  std::string table{};
  std::size_t sessions = 4;
};

/// Closes the window at the end of a scope, however that ends: a thread that waits would wait for
/// ever.
struct closer {
  batch_window& window;
  ~closer() { window.close(); }
};

/// Loads all of it; each batch's outcome is reported, in the order of the batches.
void load(const plan& what, std::istream& from, const batch_window::reporter& report) {
  batch_window window(2 * what.sessions, report);
  std::vector<std::future<void>> running;
  {
    const closer when_all_is_put{window};
    for (std::size_t i = 0; i < what.sessions; ++i)
      running.push_back(std::async(std::launch::async, [&window, &what] {
        const closer when_a_session_ends{window};
        loader(what.dsn, what.table).run(window);
      }));
    csv_batches batches(from);
    std::optional<batch> next = batches.next();
    while (next && window.put(std::move(*next)))
      next = batches.next();
  }
  for (std::future<void>& each : running)
    each.get();
}

void print(const outcome& what) {
  if (!what.failure) return;
  std::cout << "batch " << what.number << ", lines " << what.first_line << " to " << what.last_line
            << ": " << what.failure->what();
  if (what.failed_line() != 0) std::cout << "; in line " << what.failed_line();
  const std::string& column = what.failure->details().copy_column;
  if (!column.empty()) std::cout << ", column " << column;
  std::cout << '\n';
}

int load_file(const plan& what, const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + name);
  std::uint64_t rows = 0;
  std::size_t failed = 0;
  load(what, file, [&](const outcome& each) {
    print(each);
    rows += each.rows;
    if (each.failure) ++failed;
  });
  std::cout << rows << " rows loaded, " << failed << " batches failed\n";
  return failed == 0 ? 0 : 1;
}

// 20,000 records; those whose number is a multiple of 10 have a line break inside. One is no
// number, and one does not keep to the table's constraint.
constexpr std::uint64_t records = 20'000;
constexpr std::uint64_t no_number = 7'777;
constexpr std::uint64_t too_small = 15'000;

std::string made_lines() {
  std::string text;
  for (std::uint64_t i = 1; i <= records; ++i) {
    text += i == no_number ? "x" : std::to_string(i);
    text += i % 10 == 0 ? ",\"two\nlines\"," : ",one line,";
    text += i == too_small ? "-1\n" : "1\n";
  }
  return text;
}

void expect(bool right, const std::string& what) {
  if (!right) throw std::runtime_error("not as it should be: " + what);
  std::cout << what << '\n';
}

int load_made_lines(const std::string& dsn) {
  tusk::session db(dsn);
  const std::string table = "parallel_load_example";
  db.script(
      "drop table if exists parallel_load_example; create table parallel_load_example"
      " (id bigint, note text, amount int check (amount > 0))");
  std::istringstream lines(made_lines());
  std::vector<outcome> outcomes;
  load({.dsn = dsn, .table = table}, lines, [&](const outcome& each) {
    print(each);
    outcomes.push_back(each);
  });

  expect(outcomes.size() == records / lines_in_batch, std::to_string(outcomes.size()) + " batches");
  std::uint64_t rows = 0;
  std::vector<std::pair<std::size_t, std::uint64_t>> failed;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (outcomes[i].number != i) throw std::runtime_error("reported out of order");
    rows += outcomes[i].rows;
    if (outcomes[i].failure) failed.emplace_back(i, outcomes[i].failed_line());
  }
  // Every tenth record has taken two lines; the server points at the line that a record ends in.
  const std::vector<std::pair<std::size_t, std::uint64_t>> bad{{7, no_number + no_number / 10},
                                                               {14, too_small + too_small / 10}};
  expect(failed == bad, "the two batches with a bad line have failed, with that line");
  const auto [there, sum] = db.one<std::uint64_t, tusk::numeric>(
      "select count(*), sum(id) from parallel_load_example where note in ('one line', "
      "e'two\\nlines')");
  // Of 1 to 20,000, without the 8th and the 15th thousand.
  expect(there == rows && rows == records - 2 * lines_in_batch &&
             sum.to_string() == std::to_string(200'010'000 - 7'500'500 - 14'500'500),
         std::to_string(rows) + " rows have arrived, and they are the right ones");
  db.execute("drop table parallel_load_example");
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  const std::vector<std::string> given(arguments + 1, arguments + count);
  if (given.size() != 1 && given.size() != 3 && given.size() != 4) {
    std::cerr << "usage: parallel_load DSN [TABLE FILE [SESSIONS]]\n";
    return 2;
  }
  try {
    if (given.size() == 1) return load_made_lines(given[0]);
    const unsigned long sessions =
        given.size() == 4 ? std::strtoul(given[3].c_str(), nullptr, 10) : 4;
    return load_file({given[0], given[1], std::clamp<std::size_t>(sessions, 1, 64)}, given[2]);
  } catch (const tusk::error& failed) {
    std::cerr << failed.report();
  } catch (const std::exception& failed) {
    std::cerr << failed.what() << '\n';
  }
  return 1;
}
