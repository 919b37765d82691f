#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "copy_arguments.hpp"

namespace cli {

/// How far a COPY has come.
struct copy_progress {
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  std::optional<std::uint64_t> whole{};  ///< bytes that there are, where that is known
  std::chrono::milliseconds passed{0};
};

/// Rows, bytes, rate, and where the whole is known the share and the time that remains, in at most
/// `width` characters: what does not fit is left out, from the right.
[[nodiscard]] std::string progress_text(const copy_progress& at, std::size_t width);
/// Rows, bytes, seconds and rates of what is over.
[[nodiscard]] std::string summary_text(const copy_progress& at);

/// Shows progress on standard error: on a terminal by one line that is rewritten, at most ten times
/// a second; elsewhere, when asked for, by a line every three seconds.
class progress_display {
 public:
  progress_display(progress_mode mode, std::optional<std::uint64_t> whole);
  progress_display(const progress_display&) = delete;
  progress_display& operator=(const progress_display&) = delete;
  /// Leaves no half-written line behind.
  ~progress_display() { clear(); }

  /// Whether anything is shown before the end: rows need not be counted for it otherwise.
  [[nodiscard]] bool shows() const noexcept { return interval_.count() != 0; }
  /// To be called often; shows something when it is time.
  void at(std::uint64_t rows, std::uint64_t bytes);
  /// Takes the line away, so that something else can be written.
  void clear() noexcept;
  /// The last word, unless `never` was asked for.
  void done(std::uint64_t rows, std::uint64_t bytes);

 private:
  using clock = std::chrono::steady_clock;

  [[nodiscard]] copy_progress now(std::uint64_t rows, std::uint64_t bytes) const;

  progress_mode mode_;
  bool terminal_;
  bool written_ = false;
  std::optional<std::uint64_t> whole_;
  std::chrono::milliseconds interval_{0};
  clock::time_point begun_ = clock::now();
  clock::time_point next_;
};

}  // namespace cli
