#include "progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <string_view>
#include <vector>

namespace cli {
namespace {

/// 1234567 as 1,234,567.
std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) {
    at -= 3;
    text.insert(at, ",");
  }
  return text;
}

/// Bytes in the unit that leaves one to four digits before the point; units of 1024, as the
/// server's own are.
std::string in_units(double bytes) {
  constexpr const char* units[] = {"B", "kB", "MB", "GB", "TB", "PB"};
  std::size_t unit = 0;
  while (bytes >= 1024 && unit + 1 < std::size(units)) {
    bytes /= 1024;
    ++unit;
  }
  char text[32];
  std::snprintf(text, sizeof text, unit == 0 ? "%.0f %s" : "%.1f %s", bytes, units[unit]);
  return text;
}

double seconds(const copy_progress& at) {
  return static_cast<double>(at.passed.count()) / 1000;
}

/// What passes in a second; nothing when it is too early to say.
double rate(std::uint64_t count, const copy_progress& at) {
  return at.passed.count() == 0 ? 0 : static_cast<double>(count) / seconds(at);
}

std::string as_clock(double remaining) {
  const auto whole = static_cast<unsigned long long>(remaining + 0.5);
  char text[48];
  if (whole >= 3600) {
    std::snprintf(text, sizeof text, "%llu:%02llu:%02llu", whole / 3600, whole / 60 % 60,
                  whole % 60);
  } else {
    std::snprintf(text, sizeof text, "%llu:%02llu", whole / 60, whole % 60);
  }
  return text;
}

std::size_t width_of_terminal() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

constexpr std::chrono::milliseconds redraw{100};
constexpr std::chrono::milliseconds plain_line{3000};
constexpr double longest = 360000;  // seconds: beyond, nobody knows

}  // namespace

std::string progress_text(const copy_progress& at, std::size_t width) {
  std::vector<std::string> parts{grouped(at.rows) + (at.rows == 1 ? " row" : " rows"),
                                 in_units(static_cast<double>(at.bytes)),
                                 in_units(rate(at.bytes, at)) + "/s"};
  if (at.whole && *at.whole >= at.bytes && *at.whole != 0) {
    // Rounded down: 100 % is the end.
    const double share = static_cast<double>(at.bytes) / static_cast<double>(*at.whole);
    parts.push_back(std::to_string(static_cast<unsigned>(share * 100)) + "%");
    const double speed = rate(at.bytes, at);
    const double left = speed > 0 ? static_cast<double>(*at.whole - at.bytes) / speed : longest;
    if (left < longest) parts.push_back(as_clock(left) + " left");
  }
  std::string line;
  for (const std::string& part : parts) {
    const std::string_view gap = line.empty() ? "" : "  ";
    if (line.size() + gap.size() + part.size() > width) break;
    line.append(gap).append(part);
  }
  return line;
}

std::string summary_text(const copy_progress& at) {
  char took[32];
  std::snprintf(took, sizeof took, "%.2f s", seconds(at));
  std::string text = grouped(at.rows) + (at.rows == 1 ? " row, " : " rows, ") +
                     in_units(static_cast<double>(at.bytes)) + " in " + took;
  if (at.passed.count() != 0) {
    text += " (" + grouped(static_cast<std::uint64_t>(rate(at.rows, at))) + " rows/s, " +
            in_units(rate(at.bytes, at)) + "/s)";
  }
  return text;
}

progress_display::progress_display(progress_mode mode, std::optional<std::uint64_t> whole)
    : mode_(mode), terminal_(::isatty(STDERR_FILENO) == 1), whole_(whole) {
  if (mode_ == progress_mode::never) return;
  if (terminal_)
    interval_ = redraw;
  else if (mode_ == progress_mode::always)
    interval_ = plain_line;
  next_ = begun_ + interval_;
}

copy_progress progress_display::now(std::uint64_t rows, std::uint64_t bytes) const {
  const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - begun_);
  return {rows, bytes, whole_, passed};
}

void progress_display::at(std::uint64_t rows, std::uint64_t bytes) {
  if (!shows() || clock::now() < next_) return;
  const copy_progress state = now(rows, bytes);
  if (terminal_) {
    // The last place of a line stays free: some terminals go on to the next one when it is written.
    std::fprintf(stderr, "\r%s\033[K", progress_text(state, width_of_terminal() - 1).c_str());
    written_ = true;
  } else {
    std::fprintf(stderr, "tusk: %s\n", progress_text(state, 200).c_str());
  }
  std::fflush(stderr);
  next_ = clock::now() + interval_;
}

void progress_display::clear() noexcept {
  if (written_) std::fputs("\r\033[K", stderr);
  written_ = false;
}

void progress_display::done(std::uint64_t rows, std::uint64_t bytes) {
  clear();
  if (mode_ != progress_mode::never)
    std::fprintf(stderr, "tusk: %s\n", summary_text(now(rows, bytes)).c_str());
}

}  // namespace cli
