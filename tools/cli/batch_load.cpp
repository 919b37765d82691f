#include "batch_load.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>

#include "batch_loader.hpp"
#include "batch_reader.hpp"
#include "copy_failure.hpp"
#include "copy_in.hpp"
#include "progress.hpp"

namespace cli {
namespace {

/// The main thread's part: it reads, and it alone writes to standard error.
class batch_load {
 public:
  batch_load(const copy_in_arguments& asked, copy_source& from, const time_limit& limit,
             cancel_on_signal& stop, std::vector<tusk::session> sessions)
      : asked_(asked),
        from_(from),
        stop_(stop),
        how_(splitting_of(asked, sessions.front().server_version())),
        reader_([&from](std::span<char> into) { return from.read(into); }, how_, asked.batch,
                asked.style.header),
        shown_(asked.progress, from.size()),
        loader_(asked, how_, limit, stop, std::move(sessions)) {}

  int run() {
    std::optional<std::string> unread = read();
    loader_.close();
    while (!loader_.done())
      tell();
    tell();
    shown_.done(rows_, reader_.bytes());
    if (!unread && loader_.first_line_left()) unread = "given up";
    conclude(unread);
    return worst_;
  }

 private:
  // Offers batches until the end of the input. Gives why the rest was not read.
  std::optional<std::string> read() {
    batch next;
    try {
      while (!stop_.came() && reader_.next(next)) {
        while (!loader_.offer(next)) {
          tell();
          if (!loader_.given_up() && !stop_.came()) continue;
          left_from_ = next.first_line;
          return stop_.came() ? "interrupted" : "given up";
        }
        tell();
      }
    } catch (const interrupted&) {
      // What came() says, says all.
    } catch (const std::exception& failed) {
      left_from_ = reader_.next_line();
      worst_ = 3;
      return from_.name() + ": " + failed.what();
    }
    if (!stop_.came()) return std::nullopt;
    left_from_ = reader_.next_line();
    return "interrupted";
  }

  void tell() {
    while (std::optional<batch_outcome> what = loader_.next_outcome()) {
      rows_ += what->rows;
      ++told_;
      if (what->failure) tell_failure(*what);
    }
    if (const std::string notices = loader_.take_notices(); !notices.empty()) {
      shown_.clear();
      std::fputs(notices.c_str(), stderr);
    }
    shown_.at(rows_, reader_.bytes());
  }

  void tell_failure(const batch_outcome& what) {
    ++failed_;
    const bool of_server =
        what.failure->kind() == tusk::error_kind::server && what.failure->session_usable();
    worst_ = std::max(worst_, of_server ? 1 : 3);
    shown_.clear();
    std::fputs(report_at(*what.failure, from_.name(), asked_.format, what.line).c_str(), stderr);
    std::fprintf(stderr, "tusk: batch %llu of %s (%s) %s\n",
                 static_cast<unsigned long long>(what.number), from_.name().c_str(),
                 lines(what.first_line, what.last_line).c_str(),
                 what.uncertain ? "may be loaded, or not" : "is not loaded");
  }

  [[nodiscard]] std::string lines(std::uint64_t first, std::uint64_t last) const {
    const std::string unit = asked_.format == tusk::copy_format::binary ? "row" : "line";
    if (first == last) return unit + " " + std::to_string(first);
    return unit + "s " + std::to_string(first) + " to " + std::to_string(last);
  }

  void conclude(const std::optional<std::string>& unread) {
    if (failed_ != 0) {
      std::fprintf(stderr, "tusk: %llu of %llu batches failed%s\n",
                   static_cast<unsigned long long>(failed_), static_cast<unsigned long long>(told_),
                   failed_ != told_ ? ", the others are loaded" : "");
    }
    if (unread) {
      const std::uint64_t from = loader_.first_line_left().value_or(left_from_);
      std::fprintf(stderr, "tusk: %s: from %s %llu on nothing is loaded\n", unread->c_str(),
                   asked_.format == tusk::copy_format::binary ? "row" : "line",
                   static_cast<unsigned long long>(from));
    } else if (failed_ == 0) {
      return;
    } else if (stop_.came()) {
      std::fputs("tusk: interrupted\n", stderr);
    }
    if (stop_.came()) cancel_on_signal::end_by_signal();
    worst_ = std::max(worst_, 1);
  }

  const copy_in_arguments& asked_;
  copy_source& from_;
  const cancel_on_signal& stop_;
  splitting how_;
  batch_reader reader_;
  progress_display shown_;
  batch_loader loader_;
  std::uint64_t rows_ = 0;
  std::uint64_t failed_ = 0;
  std::uint64_t told_ = 0;  // batches whose outcome is known
  std::uint64_t left_from_ = 0;
  int worst_ = 0;
};

}  // namespace

int load_batches(const copy_in_arguments& asked, copy_source& from, const time_limit& limit,
                 cancel_on_signal& stop, std::vector<tusk::session> sessions) {
  return batch_load(asked, from, limit, stop, std::move(sessions)).run();
}

}  // namespace cli
