#include "../../tools/cli/progress.hpp"

#include <chrono>

#include "support/catch.hpp"

namespace {

using namespace std::chrono_literals;

constexpr cli::copy_progress half{
    .rows = 1234567, .bytes = 50u << 20, .whole = 100u << 20, .passed = 10s};

}  // namespace

TEST_CASE("progress tells rows, bytes, rate, share and the time that remains", "[cli]") {
  CHECK(cli::progress_text(half, 100) == "1,234,567 rows  50.0 MB  5.0 MB/s  50%  0:10 left");
  CHECK(cli::progress_text({.rows = 1, .bytes = 999, .passed = 1s}, 100) ==
        "1 row  999 B  999 B/s");
  // Nothing can be said of what is left before something has come.
  CHECK(cli::progress_text({.whole = 5}, 100) == "0 rows  0 B  0 B/s  0%");
  CHECK(cli::progress_text({.bytes = 1024, .whole = 1024 * 7201, .passed = 1s}, 100) ==
        "0 rows  1.0 kB  1.0 kB/s  0%  2:00:00 left");
  // A file that has grown meanwhile has no share.
  CHECK(cli::progress_text({.bytes = 11, .whole = 10, .passed = 1s}, 100) ==
        "0 rows  11 B  11 B/s");
}

TEST_CASE("progress fits every width, and loses its parts from the right", "[cli]") {
  const std::string whole = cli::progress_text(half, 1000);
  for (std::size_t width = 0; width <= whole.size(); ++width) {
    const std::string text = cli::progress_text(half, width);
    CHECK(text.size() <= width);
    CHECK(whole.starts_with(text));
    CHECK_FALSE(text.ends_with(' '));
  }
  CHECK(cli::progress_text(half, 25) == "1,234,567 rows  50.0 MB");
}

TEST_CASE("the summary tells what it took", "[cli]") {
  CHECK(cli::summary_text({.rows = 100000, .bytes = 4 << 20, .passed = 500ms}) ==
        "100,000 rows, 4.0 MB in 0.50 s (200,000 rows/s, 8.0 MB/s)");
  CHECK(cli::summary_text({}) == "0 rows, 0 B in 0.00 s");
}
