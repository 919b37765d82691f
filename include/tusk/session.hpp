#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tusk/authentication_method.hpp"
#include "tusk/conninfo.hpp"
#include "tusk/options.hpp"
#include "tusk/parameter.hpp"
#include "tusk/result.hpp"
#include "tusk/secret.hpp"
#include "tusk/server_message.hpp"
#include "tusk/stream.hpp"
#include "tusk/tls_info.hpp"
#include "tusk/wire_trace.hpp"

namespace tusk {

/// Where a session stands.
enum class session_status : std::uint8_t {
  open,                ///< takes statements; no transaction is open
  in_transaction,      ///< takes statements; a transaction block is open
  failed_transaction,  ///< takes only ROLLBACK: a statement in the transaction block has failed
  busy,                ///< a stream is open
  broken,              ///< the connection is lost, or the server broke the protocol
  closed,              ///< closed by `close()`, or moved from
};

/// The status in words.
[[nodiscard]] std::string_view name_of(session_status status) noexcept;

/// A version of the frontend/backend protocol.
struct protocol_version {
  int major = 3;
  int minor = 0;
  friend bool operator==(const protocol_version&, const protocol_version&) = default;
};

/// A connection to a PostgreSQL server. Its calls block; one thread at a time may use it.
///
/// Parameters are written `$1`, `$2` in the SQL text and given behind it, or as one
/// `dynamic_parameters`; they never become part of the text. The type that rows are read as is a
/// template argument: one type with a `codec` is one column, several are a `std::tuple`, a plain
/// struct is a whole row by position, `by_name<T>` one by name, and none is an untyped `row`.
///
/// Every call may throw: `operational_error` (the connection, a deadline), `programming_error`
/// (the statement or the call is wrong), `integrity_error`, `data_error`, `internal_error`,
/// `not_supported_error`; see error.hpp. Afterwards `error::session_usable()` and `status()` say
/// whether the session takes further statements.
class session {
 public:
  /// Connects to what the connection string says. What it leaves open comes from the service file,
  /// the PG* environment variables and libpq's defaults; passwords from the password file, TLS
  /// files from `~/.postgresql`.
  ///
  /// Of several hosts the first is taken that answers and is of the kind that target_session_attrs
  /// asks for; when none is, one `operational_error` of kind `connect` tells what each of them
  /// said.
  explicit session(std::string_view dsn, const session_options& options = {});
  /// Connects to exactly this; what it leaves open comes from libpq's defaults, and neither from
  /// the environment nor from files in the home directory.
  explicit session(const conninfo& to, const session_options& options = {});
  /// Connects to this; what it leaves open comes from `from`, as for a connection string.
  session(const conninfo& to, const environment& from, const session_options& options = {});
  session(session&&) noexcept;
  session& operator=(session&&) noexcept;
  /// Closes politely and without waiting.
  ~session();

  /// Runs a statement and gives all its rows:
  ///
  ///     for (auto [id, name] : db.query<int, std::string_view>("select id, name from t"))
  template <class... Row, class... P>
  [[nodiscard]] result<detail::row_for_t<Row...>> query(std::string_view sql, const P&... values) {
    return query<Row...>(call_options{}, sql, values...);
  }
  template <class... Row, class... P>
  [[nodiscard]] result<detail::row_for_t<Row...>> query(const call_options& options,
                                                        std::string_view sql, const P&... values) {
    using row_type = detail::row_for_t<Row...>;
    return result<row_type>(
        run(options, sql, parameters(values...), detail::row_traits<row_type>::shape));
  }

  /// Exactly one row, else `programming_error`:
  ///
  ///     account a = db.one<account>("select id, name from accounts where id = $1", 7);
  template <class... Row, class... P>
  [[nodiscard]] auto one(std::string_view sql, const P&... values) {
    return one<Row...>(call_options{}, sql, values...);
  }
  template <class... Row, class... P>
  [[nodiscard]] auto one(const call_options& options, std::string_view sql, const P&... values) {
    require_owning<Row...>();
    const auto rows = query<Row...>(options, sql, values...);
    if (rows.size() != 1) fail_row_count(sql, rows.size(), "one row");
    return rows.front();
  }

  /// One row or none; more is a `programming_error`.
  template <class... Row, class... P>
  [[nodiscard]] auto maybe(std::string_view sql, const P&... values) {
    return maybe<Row...>(call_options{}, sql, values...);
  }
  template <class... Row, class... P>
  [[nodiscard]] auto maybe(const call_options& options, std::string_view sql, const P&... values) {
    require_owning<Row...>();
    const auto rows = query<Row...>(options, sql, values...);
    using value_type = typename decltype(rows)::value_type;
    if (rows.size() > 1) fail_row_count(sql, rows.size(), "at most one row");
    return rows.empty() ? std::optional<value_type>() : std::optional<value_type>(rows.front());
  }

  /// The one value of the one row: `db.scalar<std::int64_t>("select count(*) from accounts")`.
  template <class T, class... P>
  [[nodiscard]] T scalar(std::string_view sql, const P&... values) {
    return one<T>(call_options{}, sql, values...);
  }
  template <class T, class... P>
  [[nodiscard]] T scalar(const call_options& options, std::string_view sql, const P&... values) {
    return one<T>(options, sql, values...);
  }

  /// Rows as they come, in bounded memory; see `stream`.
  template <class... Row, class... P>
  [[nodiscard]] tusk::stream<detail::row_for_t<Row...>> stream(std::string_view sql,
                                                               const P&... values) {
    return stream<Row...>(call_options{}, sql, values...);
  }
  template <class... Row, class... P>
  [[nodiscard]] tusk::stream<detail::row_for_t<Row...>> stream(const call_options& options,
                                                               std::string_view sql,
                                                               const P&... values) {
    using row_type = detail::row_for_t<Row...>;
    return tusk::stream<row_type>(
        open_stream(options, sql, parameters(values...), detail::row_traits<row_type>::shape));
  }

  /// Runs a statement for its effect; rows, if there are any, are dropped:
  ///
  ///     auto done = db.execute("update accounts set name = $2 where id = $1", 7, "Ada");
  template <class... P>
  completion execute(std::string_view sql, const P&... values) {
    return execute(call_options{}, sql, values...);
  }
  template <class... P>
  completion execute(const call_options& options, std::string_view sql, const P&... values) {
    return run_for_effect(options, sql, parameters(values...));
  }

  /// Runs any number of statements, separated by semicolons, by the simple protocol: no parameters,
  /// values in text. Without BEGIN in it, the whole string is one transaction. Gives the result of
  /// each; one without rows has no columns.
  std::vector<result<row>> script(std::string_view sql) { return script(call_options{}, sql); }
  std::vector<result<row>> script(const call_options& options, std::string_view sql);

  [[nodiscard]] session_status status() const noexcept;
  /// Ends the session politely. To run a further statement is a usage error.
  void close() noexcept;

  /// Connects anew with the same parameters, also after the connection was lost; a password
  /// provider is asked again. What the old connection held on the server is gone: transaction,
  /// settings, temporary tables, LISTEN. Notices and notifications that have come stay. Throws as
  /// the constructor does, and the session is then broken; refused while a stream is open, and
  /// after `close()`.
  void reset();

  /// Gives a role a new password, by default the one that the session has logged in as. Only a
  /// SCRAM-SHA-256 verifier made here is sent (`ALTER USER ... PASSWORD`), so that the password
  /// reaches neither the server nor its log.
  void change_password(const secret& new_password, std::string_view role = {});

  /// The host as the parameters name it (`hostaddr` when that is all there is); of several, the one
  /// that the session is connected to.
  [[nodiscard]] std::string_view host() const noexcept;
  /// The port.
  [[nodiscard]] std::uint16_t port() const noexcept;
  /// How the session has logged in; `none` when the server asked for nothing.
  [[nodiscard]] authentication_method authentication() const noexcept;
  /// The protocol version that was agreed on.
  [[nodiscard]] protocol_version protocol() const noexcept;
  /// The server's version as one number, 180004 for 18.4; 0 when the server does not tell.
  [[nodiscard]] int server_version() const noexcept;
  /// What protects the connection; nullptr when it is in plain text. Lives until the session is
  /// reset or destroyed.
  [[nodiscard]] const tls_info* tls() const noexcept;

  /// A parameter that the server reports, such as `server_version` or `TimeZone`; empty when it
  /// does not report one of that name. A view until the session's next call.
  [[nodiscard]] std::string_view parameter(std::string_view name) const noexcept;
  /// The server process's number; with a pooler between, whatever it says. 0 when it said none.
  [[nodiscard]] std::int32_t process_id() const noexcept;
  /// The address that the session is connected to: `127.0.0.1:5432`, or a Unix socket's path.
  [[nodiscard]] std::string_view peer() const noexcept;

  /// The notices that have come since the last call, oldest first.
  [[nodiscard]] std::vector<notice> take_notices();
  /// The notifications that have come, with other answers, since the last call; oldest first.
  [[nodiscard]] std::vector<notification> take_notifications();
  /// How many notices and notifications were dropped because nobody took them.
  [[nodiscard]] std::uint64_t dropped_messages() const noexcept;

  /// From now on traces what passes on the connection, as `session_options::trace` does from its
  /// start; nothing ends a trace. It is restarted. Throws programming_error while a stream or a
  /// pipeline is open.
  void trace(std::shared_ptr<wire_trace> to);

 private:
  using parameter_list = std::span<const detail::parameter>;

  template <class... P>
  static std::array<detail::parameter, sizeof...(P)> parameters(const P&... values) noexcept {
    return {detail::make_parameter(values)...};
  }
  static parameter_list parameters(const dynamic_parameters& values) noexcept {
    return values.list();
  }
  template <class... Row>
  static constexpr void require_owning() {
    static_assert(!detail::row_traits<detail::row_for_t<Row...>>::has_view,
                  "tusk: one(), maybe() and scalar() return a value that outlives the row, so it "
                  "cannot be read as a view: use std::string for std::string_view, "
                  "std::vector<std::byte> for bytes_view, and named types for an untyped row");
  }
  [[noreturn]] static void fail_row_count(std::string_view sql, std::size_t rows,
                                          std::string_view wanted);

  std::shared_ptr<const detail::row_store> run(const call_options& options, std::string_view sql,
                                               parameter_list values,
                                               const detail::row_shape& shape);
  detail::row_source open_stream(const call_options& options, std::string_view sql,
                                 parameter_list values, const detail::row_shape& shape);
  completion run_for_effect(const call_options& options, std::string_view sql,
                            parameter_list values);

  std::shared_ptr<detail::session_core> core_;
};

}  // namespace tusk
