#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "tusk/batch.hpp"
#include "tusk/copy_in.hpp"
#include "tusk/copy_out.hpp"
#include "tusk/cursor.hpp"
#include "tusk/options.hpp"
#include "tusk/parameter.hpp"
#include "tusk/pipeline.hpp"
#include "tusk/result.hpp"
#include "tusk/script.hpp"
#include "tusk/sql.hpp"
#include "tusk/statement.hpp"
#include "tusk/stream.hpp"

namespace tusk {

struct notification;

/// What runs statements: a session, a transaction, a savepoint. A function that takes
/// `tusk::executor&` takes any of them.
///
/// A statement is given as its SQL text, as a `tusk::sql` that was put together, or as a
/// `tusk::statement`. Parameters are written `$1`, `$2` in it and given behind it, or as one
/// `dynamic_parameters`; they never become part of the text. The type that rows are read as is a
/// template argument: one type with a `codec` is one column, several are a `std::tuple`, a plain
/// struct is a whole row by position, `by_name<T>` one by name, and none is an untyped `row`.
///
/// Every call may throw: `operational_error` (the connection, a deadline), `programming_error`
/// (the statement or the call is wrong), `integrity_error`, `data_error`, `internal_error`,
/// `not_supported_error`; see error.hpp. Afterwards `error::session_usable()` and
/// `session::status()` say whether the session takes further statements.
class executor {
 public:
  /// Runs a statement and gives all its rows:
  ///
  ///     for (auto [id, name] : db.query<int, std::string_view>("select id, name from t"))
  template <class... Row, class... P>
  [[nodiscard]] result<detail::row_for_t<Row...>> query(statement_ref what, const P&... values) {
    return query<Row...>(call_options{}, what, values...);
  }
  template <class... Row, class... P>
  [[nodiscard]] result<detail::row_for_t<Row...>> query(const call_options& options,
                                                        statement_ref what, const P&... values) {
    using row_type = detail::row_for_t<Row...>;
    return result<row_type>(run(options, what, detail::make_parameters(values...),
                                detail::row_traits<row_type>::shape));
  }

  /// Exactly one row, else `programming_error`:
  ///
  ///     account a = db.one<account>("select id, name from accounts where id = $1", 7);
  template <class... Row, class... P>
  [[nodiscard]] auto one(statement_ref what, const P&... values) {
    return one<Row...>(call_options{}, what, values...);
  }
  template <class... Row, class... P>
  [[nodiscard]] auto one(const call_options& options, statement_ref what, const P&... values) {
    require_owning<Row...>();
    const auto rows = query<Row...>(options, what, values...);
    if (rows.size() != 1) fail_row_count(what, rows.size(), "one row");
    return rows.front();
  }

  /// One row or none; more is a `programming_error`.
  template <class... Row, class... P>
  [[nodiscard]] auto maybe(statement_ref what, const P&... values) {
    return maybe<Row...>(call_options{}, what, values...);
  }
  template <class... Row, class... P>
  [[nodiscard]] auto maybe(const call_options& options, statement_ref what, const P&... values) {
    require_owning<Row...>();
    const auto rows = query<Row...>(options, what, values...);
    using value_type = typename decltype(rows)::value_type;
    if (rows.size() > 1) fail_row_count(what, rows.size(), "at most one row");
    return rows.empty() ? std::optional<value_type>() : std::optional<value_type>(rows.front());
  }

  /// The one value of the one row: `db.scalar<std::int64_t>("select count(*) from accounts")`.
  template <class T, class... P>
  [[nodiscard]] T scalar(statement_ref what, const P&... values) {
    return one<T>(call_options{}, what, values...);
  }
  template <class T, class... P>
  [[nodiscard]] T scalar(const call_options& options, statement_ref what, const P&... values) {
    return one<T>(options, what, values...);
  }

  /// Rows as they come, in bounded memory; see `stream`.
  template <class... Row, class... P>
  [[nodiscard]] tusk::stream<detail::row_for_t<Row...>> stream(statement_ref what,
                                                               const P&... values) {
    return stream<Row...>(call_options{}, what, values...);
  }
  template <class... Row, class... P>
  [[nodiscard]] tusk::stream<detail::row_for_t<Row...>> stream(const call_options& options,
                                                               statement_ref what,
                                                               const P&... values) {
    using row_type = detail::row_for_t<Row...>;
    return tusk::stream<row_type>(open_stream(options, what, detail::make_parameters(values...),
                                              detail::row_traits<row_type>::shape));
  }

  /// Opens a cursor, whose rows are fetched so many at a time; see `cursor`. Without the option
  /// `hold` a transaction block must be open, else it is a `programming_error`.
  template <class... Row, class... P>
  [[nodiscard]] tusk::cursor<detail::row_for_t<Row...>> cursor(statement_ref what,
                                                               const P&... values) {
    return cursor<Row...>(cursor_options{}, what, values...);
  }
  template <class... Row, class... P>
  [[nodiscard]] tusk::cursor<detail::row_for_t<Row...>> cursor(const cursor_options& options,
                                                               statement_ref what,
                                                               const P&... values) {
    using row_type = detail::row_for_t<Row...>;
    return tusk::cursor<row_type>(open_cursor(options, what, detail::make_parameters(values...),
                                              detail::row_traits<row_type>::shape));
  }

  /// Runs a statement for its effect; rows, if there are any, are dropped:
  ///
  ///     auto done = db.execute("update accounts set name = $2 where id = $1", 7, "Ada");
  template <class... P>
  completion execute(statement_ref what, const P&... values) {
    return execute(call_options{}, what, values...);
  }
  template <class... P>
  completion execute(const call_options& options, statement_ref what, const P&... values) {
    return run_for_effect(options, what, detail::make_parameters(values...));
  }

  /// Runs a statement once for each element of a range, all in one round trip or little more:
  ///
  ///     std::vector<std::tuple<int, std::string>> rows = ...;
  ///     db.execute_many("insert into accounts values ($1, $2)", rows);
  ///
  /// An element is a tuple or pair of parameters, a plain struct (its members in their order), one
  /// value, or a `dynamic_parameters`. It is all or nothing: outside a transaction block the
  /// elements are one implicit transaction; inside one a failure aborts the block as any other
  /// does. An error names its element (`error_details::element`), whether the server refused it or
  /// its conversion failed here; an exception of the range's own comes out when what was sent
  /// before is rolled back. Elements are taken and sent in pieces of 64 KiB, in memory that grows
  /// by 8 bytes an element, for the counts. Rows that the statement returns are dropped. The
  /// timeout counts for the whole. An empty range sends nothing. COPY and `statement_mode::simple`
  /// are refused. A statement that the server has lost is prepared again only if the range can be
  /// passed through twice (forward iterators).
  template <class Rows>
  batch_result execute_many(statement_ref what, Rows&& rows) {
    return execute_many(call_options{}, what, rows);
  }
  template <class Rows>
  batch_result execute_many(const call_options& options, statement_ref what, Rows&& rows) {
    detail::row_feed<std::remove_reference_t<Rows>> feed(rows);
    return run_batch(options, what, feed.pull());
  }

  /// Inserts a range of rows by INSERT statements of many rows each, the fastest way short of COPY:
  ///
  ///     db.insert_many({.table = "accounts", .columns = {"id", "name"}}, rows);
  ///     auto ids = db.insert_many<std::int64_t>(
  ///         {.table = "accounts", .columns = {"name"}, .returning = "id"}, names);
  ///
  /// Elements as for `execute_many`, as many values each as there are columns; all or nothing, as
  /// there. Gives the number of rows inserted (or updated, by ON CONFLICT); with a row type, what
  /// RETURNING gives, as a vector in the order of the elements. An error that the server reports
  /// names the statement's elements, of which it concerns one.
  template <class... Row, class Rows>
  auto insert_many(const insert_into& where, Rows&& rows) {
    return insert_many<Row...>(call_options{}, where, rows);
  }
  template <class... Row, class Rows>
  auto insert_many(const call_options& options, const insert_into& where, Rows&& rows) {
    detail::row_feed<std::remove_reference_t<Rows>> feed(rows);
    if constexpr (sizeof...(Row) == 0) {
      return run_insert(options, where, feed.pull(), nullptr)->done.rows();
    } else {
      require_owning<Row...>();
      using row_type = detail::row_for_t<Row...>;
      const result<row_type> returned(
          run_insert(options, where, feed.pull(), &detail::row_traits<row_type>::shape));
      std::vector<typename result<row_type>::value_type> owned;
      owned.reserve(returned.size());
      for (auto&& row : returned)
        owned.push_back(std::move(row));
      return owned;
    }
  }

  /// Opens a COPY FROM STDIN into a table, the fastest way to bring rows in; see `copy_in`:
  ///
  ///     auto in = db.copy_in({.table = "accounts", .columns = {"id", "name"}});
  ///     in.row(1, "Ada");
  ///     in.finish();
  ///
  /// The table's columns are described first, in the same Sync group. Until it is finished or
  /// destroyed nothing else runs on the session.
  [[nodiscard]] tusk::copy_in copy_in(const copy_into& where) {
    return copy_in(call_options{}, where);
  }
  [[nodiscard]] tusk::copy_in copy_in(const call_options& options, const copy_into& where);
  /// The same of a COPY that is given as SQL text. (One that reads a file of the server's is run by
  /// `execute()`.)
  [[nodiscard]] tusk::copy_in copy_in(std::string_view sql) { return copy_in(call_options{}, sql); }
  [[nodiscard]] tusk::copy_in copy_in(const call_options& options, std::string_view sql);
  /// Has `fill` give the rows, then finishes; gives their number:
  ///
  ///     db.copy_in({.table = "t"}, [](tusk::copy_in& in) { in.row(1, "a"); });
  ///
  /// When `fill` throws, the server is told the exception's text, and the exception goes on.
  template <class Fill>
    requires std::is_invocable_v<Fill&, tusk::copy_in&>
  std::uint64_t copy_in(const copy_into& where, Fill&& fill) {
    return copy_in(call_options{}, where, fill);
  }
  template <class Fill>
    requires std::is_invocable_v<Fill&, tusk::copy_in&>
  std::uint64_t copy_in(const call_options& options, const copy_into& where, Fill&& fill) {
    return filled(copy_in(options, where), fill);
  }
  /// The same of a COPY that is given as SQL text.
  template <class Fill>
    requires std::is_invocable_v<Fill&, tusk::copy_in&>
  std::uint64_t copy_in(std::string_view sql, Fill&& fill) {
    return copy_in(call_options{}, sql, fill);
  }
  template <class Fill>
    requires std::is_invocable_v<Fill&, tusk::copy_in&>
  std::uint64_t copy_in(const call_options& options, std::string_view sql, Fill&& fill) {
    return filled(copy_in(options, sql), fill);
  }

  /// Opens a COPY TO STDOUT of a table or a query and gives its data as it comes; see `copy_out`.
  [[nodiscard]] tusk::copy_out copy_out(const copy_from& what) {
    return copy_out(call_options{}, what);
  }
  [[nodiscard]] tusk::copy_out copy_out(const call_options& options, const copy_from& what);
  [[nodiscard]] tusk::copy_out copy_out(std::string_view sql) {
    return copy_out(call_options{}, sql);
  }
  [[nodiscard]] tusk::copy_out copy_out(const call_options& options, std::string_view sql);

  /// The rows of a table or a query by COPY TO STDOUT, which costs the server least; see
  /// `copy_rows`:
  ///
  ///     for (auto [id, name] : db.copy_rows<int, std::string_view>({.table = "accounts"}))
  ///
  /// Types as for `query`; what is copied is described first, in the same Sync group. Where values
  /// come as text (in the formats text and CSV), they depend on DateStyle and its like as any text.
  template <class... Row>
  [[nodiscard]] tusk::copy_rows<detail::row_for_t<Row...>> copy_rows(const copy_from& what) {
    return copy_rows<Row...>(call_options{}, what);
  }
  template <class... Row>
  [[nodiscard]] tusk::copy_rows<detail::row_for_t<Row...>> copy_rows(const call_options& options,
                                                                     const copy_from& what) {
    using row_type = detail::row_for_t<Row...>;
    return tusk::copy_rows<row_type>(
        open_copy_rows(options, what, detail::row_traits<row_type>::shape));
  }
  /// The same of a COPY that is given as SQL text.
  template <class... Row>
  [[nodiscard]] tusk::copy_rows<detail::row_for_t<Row...>> copy_rows(std::string_view sql) {
    return copy_rows<Row...>(call_options{}, sql);
  }
  template <class... Row>
  [[nodiscard]] tusk::copy_rows<detail::row_for_t<Row...>> copy_rows(const call_options& options,
                                                                     std::string_view sql) {
    using row_type = detail::row_for_t<Row...>;
    return tusk::copy_rows<row_type>(
        open_copy_rows(options, sql, detail::row_traits<row_type>::shape));
  }

  /// Runs any number of statements, separated by semicolons, by the simple protocol: no parameters,
  /// values in text. Without BEGIN in it, the whole string is one transaction. Gives the result of
  /// each; one without rows has no columns.
  std::vector<result<row>> script(std::string_view sql) { return script(call_options{}, sql); }
  ///
  /// An error of one says where in the script it is (`error_details::in_script`), and the results
  /// of those before it are lost; see `try_script`. COPY from or to the client is an error, too.
  std::vector<result<row>> script(const call_options& options, std::string_view sql);
  /// The same of what was put together; it has no values, for `literal()` stands for them.
  std::vector<result<row>> script(const tusk::sql& what) { return script(call_options{}, what); }
  std::vector<result<row>> script(const call_options& options, const tusk::sql& what) {
    return script(options, text_without_values(what));
  }

  /// The same, but an error is part of what it gives, and so are the results before it: of the
  /// server's, a deadline that passes, a connection that is lost. It throws only what nothing was
  /// sent for, a misuse.
  [[nodiscard]] script_outcome try_script(std::string_view sql) {
    return try_script(call_options{}, sql);
  }
  [[nodiscard]] script_outcome try_script(const call_options& options, std::string_view sql);
  [[nodiscard]] script_outcome try_script(const tusk::sql& what) {
    return try_script(call_options{}, what);
  }
  [[nodiscard]] script_outcome try_script(const call_options& options, const tusk::sql& what) {
    return try_script(options, text_without_values(what));
  }

  /// Prepares a statement and learns its parameters and columns; see `statement`.
  [[nodiscard]] statement prepare(std::string_view sql) { return prepare(call_options{}, sql); }
  [[nodiscard]] statement prepare(const call_options& options, std::string_view sql);
  /// The same of what was put together; its text may have placeholders, but no values are bound.
  [[nodiscard]] statement prepare(const tusk::sql& what) { return prepare(call_options{}, what); }
  [[nodiscard]] statement prepare(const call_options& options, const tusk::sql& what) {
    return prepare(options, text_without_values(what));
  }

  /// Opens a pipeline: many statements, one round trip; see `pipeline`. Until it is finished or
  /// destroyed nothing else runs on the session.
  [[nodiscard]] tusk::pipeline pipeline() { return pipeline(call_options{}); }
  [[nodiscard]] tusk::pipeline pipeline(const call_options& options);

  /// Listens to a channel: notifications come by `session::wait_notification`, or, with other
  /// calls' answers, by `session::take_notifications`. The name is exact: case, blanks and quotes
  /// count; as an identifier it has 63 bytes at the most, and a longer one is a
  /// `programming_error`, as is an empty one. In a transaction it takes effect when that commits; a
  /// rollback, also to a savepoint, undoes it. Listening twice is once.
  void listen(std::string_view channel) { listen(call_options{}, channel); }
  void listen(const call_options& options, std::string_view channel);
  /// The same, and `told` is called with each notification of that channel, in the call in which it
  /// comes, as `session_options::on_notice`; it is not queued then, and no wait gives it. Replaces
  /// the channel's handler before; an empty one ends that. A rollback leaves the handler, which is
  /// then told nothing.
  void listen(std::string_view channel, callback<void(const notification&)> told) {
    listen(call_options{}, channel, std::move(told));
  }
  void listen(const call_options& options, std::string_view channel,
              callback<void(const notification&)> told);
  /// Ends that, and the channel's handler with it; in a transaction the first when it commits, and
  /// the second at once. What has come stays. A channel that was not listened to is no error.
  void unlisten(std::string_view channel) { unlisten(call_options{}, channel); }
  void unlisten(const call_options& options, std::string_view channel);
  /// The same of all channels.
  void unlisten_all() { unlisten_all(call_options{}); }
  void unlisten_all(const call_options& options);
  /// Sends a notification to all who listen to the channel, this session included, when the
  /// transaction commits; equal ones of one transaction are sent once. The name as for `listen`.
  /// A payload of 8,000 bytes or more is the server's error 22023, one with a NUL a
  /// `programming_error`.
  void notify(std::string_view channel, std::string_view payload = {}) {
    notify(call_options{}, channel, payload);
  }
  void notify(const call_options& options, std::string_view channel, std::string_view payload = {});

  /// The text of what was put together, as this session sends it.
  [[nodiscard]] std::string text_of(const sql& what) const;

  /// The functions of the same names (quote.hpp), for this session: texts are in its
  /// client_encoding and are checked as the server checks them, for in some encodings a character
  /// has a byte that looks like a quote or a backslash. A name's length counts in the server's
  /// encoding where tusk can tell. What they give is for this session, until client_encoding is
  /// changed.
  [[nodiscard]] std::string quote_identifier(std::string_view name) const;
  [[nodiscard]] std::string quote_identifier(std::string_view schema, std::string_view name) const;
  [[nodiscard]] std::string quote_literal(std::string_view text) const;
  [[nodiscard]] std::string quote_nullable(const std::optional<std::string_view>& text) const;
  [[nodiscard]] std::string quote_bytea(bytes_view bytes) const;
  [[nodiscard]] std::string escape_like(std::string_view text, char escape = '\\') const;

 protected:
  executor() = default;
  /// `scope` is 0 for the session itself, else the transaction's or savepoint's.
  explicit executor(std::shared_ptr<detail::session_core> core, std::uint64_t scope = 0) noexcept
      : core_(std::move(core)), scope_(scope) {}
  executor(executor&&) noexcept = default;
  executor& operator=(executor&&) noexcept = default;
  ~executor() = default;

  friend class large_object;  // which ends with what it was opened in, and not with this object

  /// Throws for what was moved from.
  [[nodiscard]] detail::session_core& core() const;

  std::shared_ptr<detail::session_core> core_;
  std::uint64_t scope_ = 0;

 private:
  using parameter_list = std::span<const detail::parameter>;

  template <class Fill>
  static std::uint64_t filled(tusk::copy_in in, Fill& fill) {
    try {
      fill(in);
    } catch (...) {
      in.fail({});
      throw;
    }
    return in.is_open() ? in.finish() : in.rows_taken();
  }

  template <class... Row>
  static constexpr void require_owning() {
    static_assert(!detail::row_traits<detail::row_for_t<Row...>>::has_view,
                  "tusk: one(), maybe(), scalar() and insert_many() return values that outlive the "
                  "row, so they cannot be read as views: use std::string for std::string_view, "
                  "std::vector<std::byte> for bytes_view, and named types for an untyped row");
  }
  [[noreturn]] void fail_row_count(const statement_ref& what, std::size_t rows,
                                   std::string_view wanted) const;
  [[noreturn]] static void fail_values(std::string_view text, std::string_view why);
  [[nodiscard]] std::string text_without_values(const sql& what) const;

  std::shared_ptr<const detail::row_store> run(const call_options& options, statement_ref what,
                                               parameter_list values,
                                               const detail::row_shape& shape);
  detail::row_source open_stream(const call_options& options, statement_ref what,
                                 parameter_list values, const detail::row_shape& shape);
  detail::copy_row_source open_copy_rows(const call_options& options, const copy_from& what,
                                         const detail::row_shape& shape);
  detail::copy_row_source open_copy_rows(const call_options& options, std::string_view sql,
                                         const detail::row_shape& shape);
  detail::cursor_source open_cursor(const cursor_options& options, statement_ref what,
                                    parameter_list values, const detail::row_shape& shape);
  completion run_for_effect(const call_options& options, statement_ref what, parameter_list values);
  batch_result run_batch(const call_options& options, statement_ref what,
                         const detail::row_pull& rows);
  std::shared_ptr<const detail::row_store> run_insert(const call_options& options,
                                                      const insert_into& where,
                                                      const detail::row_pull& rows,
                                                      const detail::row_shape* shape);
};

}  // namespace tusk
