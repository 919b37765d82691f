#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "tusk/options.hpp"
#include "tusk/result.hpp"
#include "tusk/row_iterator.hpp"

namespace tusk {

/// How a cursor is opened, and how its fetches go.
struct cursor_options {
  /// Rows that a loop over the cursor, and `fetch()`, get in one round trip: from 1 to 2^31 - 1.
  std::uint32_t fetch_size = 1000;
  /// Whether it goes backward and to any row, too. The server may have to keep the rows for that.
  bool scroll = false;
  /// Whether it outlives its transaction: when that commits, the server keeps the rows. May be
  /// opened outside a transaction block, which computes all rows at once.
  bool hold = false;
  /// How long the opening, and each fetch, may take; the session's own setting when there is none.
  std::optional<std::chrono::milliseconds> timeout{};
  /// How its statements are sent; the session's own setting when there is none.
  std::optional<statement_mode> mode{};
  /// The format of untyped rows.
  tusk::formats formats = tusk::formats::automatic;
};

namespace detail {

class session_core;
struct cursor_state;

/// Which way a cursor goes.
enum class cursor_motion : std::uint8_t { forward, backward, absolute, relative, first, last };

/// A motion and how far: a number of rows, the row's number, or the offset.
struct cursor_step {
  /// Forward or backward to the end.
  static constexpr std::int64_t all = -1;

  cursor_motion motion = cursor_motion::forward;
  std::int64_t count = 1;
};

/// The compiled part of a cursor.
class cursor_source {
 public:
  cursor_source(std::shared_ptr<session_core> core, std::shared_ptr<cursor_state> state) noexcept;
  cursor_source(cursor_source&&) noexcept = default;
  cursor_source& operator=(cursor_source&& other) noexcept;
  ~cursor_source() { close(); }

  /// Goes to the next row, fetching where none is left. False at the end.
  bool advance() {
    if (left_ > 1) [[likely]] {
      --left_;
      at_.advance();
      return true;
    }
    return next_batch();
  }
  [[nodiscard]] const std::byte* body() const noexcept { return at_.body(); }
  [[nodiscard]] const column_set& columns() const noexcept { return at_.columns(); }

  /// Rows of the loop that were not looked at are dropped.
  std::shared_ptr<const row_store> fetch(const cursor_step& step);
  std::uint64_t move(const cursor_step& step);
  /// As many rows as a loop gets at once.
  [[nodiscard]] cursor_step one_batch() const;

  [[nodiscard]] const std::vector<column>& described() const noexcept;
  [[nodiscard]] std::string_view name() const noexcept;
  [[nodiscard]] bool done() const noexcept;
  [[nodiscard]] std::uint64_t rows() const noexcept;
  void close() noexcept;

 private:
  [[nodiscard]] cursor_state& state() const;
  bool next_batch();
  void drop_batch() noexcept;

  std::shared_ptr<session_core> core_;
  std::shared_ptr<cursor_state> state_;  // null when closed or moved from
  std::shared_ptr<const row_store> batch_;
  row_position at_;
  std::uint64_t left_ = 0;  // rows of the batch from here on
};

/// Checks that so many rows can be asked for at once; throws `programming_error`.
[[nodiscard]] cursor_step some_rows(cursor_motion motion, std::uint64_t count);

}  // namespace detail

/// A statement whose rows stay on the server until they are fetched, so many at a time; meanwhile
/// the session runs other statements, other cursors' fetches among them.
///
///     tusk::cursor c = tx.cursor<int, std::string_view>("select id, name from t where id > $1",
///     7); for (auto [id, name] : c) use(id, name);          // 1,000 rows a round trip
///
/// A cursor lives in the transaction block that is open, and ends with the transaction or savepoint
/// that it was opened on; one with `hold` ends with the session, or with a transaction that is
/// rolled back. It sees the data as they were when it was opened. Without `scroll` and `hold` it is
/// a portal of the protocol, for any statement that returns rows; else it is declared (DECLARE
/// CURSOR), for SELECT and VALUES. Destroying it costs no round trip: the server is told with the
/// session's next statement. It must not be used by two threads at once, nor together with its
/// session.
///
/// After an error in a fetch, a deadline among them, the place of the cursor is not known any more:
/// only `fetch_first`, `fetch_last`, `fetch_absolute` and their moves go on, where the transaction
/// does. Protocol documentation: "Extended Query", portals.
template <class Row>
class cursor {
  using traits = detail::row_traits<Row>;
  using motion = detail::cursor_motion;

 public:
  using value_type = typename traits::value_type;

  using iterator = detail::row_iterator<Row, detail::cursor_source>;

  explicit cursor(detail::cursor_source source) noexcept : source_(std::move(source)) {}

  /// The next row, fetching a batch where none is left: a loop that was left early goes on behind
  /// the last row that it has seen. A row and its views live until the next batch is fetched.
  [[nodiscard]] iterator begin() { return iterator(source_); }
  [[nodiscard]] std::default_sentinel_t end() const noexcept { return {}; }

  /// The next rows, as many as `cursor_options::fetch_size` says; none at the end. The result does
  /// not need the cursor any more. What a loop has fetched and not looked at is skipped.
  [[nodiscard]] result<Row> fetch() { return get(source_.one_batch()); }
  /// The next rows: at most `count`, from 1 to 2^31 - 1. Fewer mean the end.
  [[nodiscard]] result<Row> fetch(std::uint64_t count) {
    return get(detail::some_rows(motion::forward, count));
  }
  /// All that are left.
  [[nodiscard]] result<Row> fetch_all() { return get({motion::forward, detail::cursor_step::all}); }

  // With `scroll` only; else they throw `programming_error`.

  /// The rows before the present one, the nearest first: at most `count`.
  [[nodiscard]] result<Row> fetch_backward(std::uint64_t count) {
    return get(detail::some_rows(motion::backward, count));
  }
  /// The row of this number: from 1 for the first, from -1 backward for the last; 0 is the place
  /// before the first. No row when there is none of that number.
  [[nodiscard]] result<Row> fetch_absolute(std::int32_t number) {
    return get({motion::absolute, number});
  }
  /// The row so far from the present one; 0 is the present one again.
  [[nodiscard]] result<Row> fetch_relative(std::int32_t offset) {
    return get({motion::relative, offset});
  }
  /// The first row.
  [[nodiscard]] result<Row> fetch_first() { return get({motion::first}); }
  /// The last row.
  [[nodiscard]] result<Row> fetch_last() { return get({motion::last}); }

  // Moving instead of fetching: the number of rows that the fetch would have brought. Forward
  // without `scroll`, too.

  std::uint64_t move_forward(std::uint64_t count) {
    return source_.move(detail::some_rows(motion::forward, count));
  }
  /// Behind the last row.
  std::uint64_t move_to_end() { return source_.move({motion::forward, detail::cursor_step::all}); }
  std::uint64_t move_backward(std::uint64_t count) {
    return source_.move(detail::some_rows(motion::backward, count));
  }
  /// Before the first row.
  std::uint64_t move_to_start() {
    return source_.move({motion::backward, detail::cursor_step::all});
  }
  std::uint64_t move_absolute(std::int32_t number) {
    return source_.move({motion::absolute, number});
  }
  std::uint64_t move_relative(std::int32_t offset) {
    return source_.move({motion::relative, offset});
  }
  std::uint64_t move_first() { return source_.move({motion::first}); }
  std::uint64_t move_last() { return source_.move({motion::last}); }

  /// Whether a fetch or a move forward has come to the end, and nothing has led back since. (One
  /// that brings just the last rows does not know yet that they were.)
  [[nodiscard]] bool done() const noexcept { return source_.done(); }
  /// Rows fetched so far, in all directions; those that a loop has not looked at count.
  [[nodiscard]] std::uint64_t rows() const noexcept { return source_.rows(); }
  [[nodiscard]] const std::vector<column>& columns() const noexcept { return source_.described(); }
  /// The name that the server knows it by, for WHERE CURRENT OF; a view, as long as the cursor
  /// lives. Empty when it is closed.
  [[nodiscard]] std::string_view name() const noexcept { return source_.name(); }
  /// Gives it up, as the destructor does. To use it afterwards is a usage error.
  void close() noexcept { source_.close(); }

 private:
  result<Row> get(const detail::cursor_step& step) { return result<Row>(source_.fetch(step)); }

  detail::cursor_source source_;
};

}  // namespace tusk
