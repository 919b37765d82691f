#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "tusk/authentication_method.hpp"
#include "tusk/canceller.hpp"
#include "tusk/conninfo.hpp"
#include "tusk/executor.hpp"
#include "tusk/options.hpp"
#include "tusk/secret.hpp"
#include "tusk/server_message.hpp"
#include "tusk/statement_event.hpp"
#include "tusk/tls_info.hpp"
#include "tusk/transaction.hpp"
#include "tusk/waker.hpp"
#include "tusk/wire_trace.hpp"

namespace tusk {

/// Where a session stands.
enum class session_status : std::uint8_t {
  open,                ///< takes statements; no transaction is open
  in_transaction,      ///< takes statements; a transaction block is open
  failed_transaction,  ///< takes only ROLLBACK: a statement in the transaction block has failed
  busy,                ///< a stream or a pipeline is open
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

/// A connection to a PostgreSQL server. Its calls block. Statements are run by the verbs of
/// `executor`.
///
/// One thread at a time may use it, and what belongs to it: transactions, streams, cursors,
/// pipelines. Only a `canceller` and a `waker` are for other threads. Builds
/// without NDEBUG throw `programming_error` when two threads meet in it. After fork(2) the session
/// stays the parent's: the child may destroy it, and a call of the child's throws.
class session : public executor {
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

  [[nodiscard]] session_status status() const noexcept;
  /// Ends the session politely. To run a further statement is a usage error.
  void close() noexcept;

  /// Connects anew with the same parameters, also after the connection was lost; a password
  /// provider is asked again. What the old connection held on the server is gone: transaction,
  /// settings, temporary tables, LISTEN. Notices and notifications that have come stay, and so do
  /// the handlers of channels, for when they are listened to again. Throws as the constructor does,
  /// and the session is then broken; refused while a stream or a pipeline is open, and after
  /// `close()`.
  void reset();

  /// Begins a transaction; see `transaction`. While one is open, by this or by a BEGIN that was run
  /// as a statement, another one is a usage error: `transaction::savepoint` goes inside it.
  [[nodiscard]] transaction begin(const transaction_options& options = {});

  /// Runs `function` in a transaction, commits it, and gives what the function returns:
  ///
  ///     auto left = db.transact([](tusk::transaction& tx) {
  ///       return tx.scalar<int>("update stock set n = n - 1 where id = 7 returning n");
  ///     });
  ///
  /// When a statement or the COMMIT fails by serialization or deadlock (40001, 40P01) everything is
  /// rolled back and tried again, after a pause, as often as the options say: so the function may
  /// run several times, and should do nothing that a rollback does not undo. Any other error, and
  /// the last, comes out as it is, after the rollback; a commit in doubt is never tried again. The
  /// function may take nothing instead of a `transaction&`, and may commit or roll back itself.
  template <class Function>
  auto transact(Function&& function) {
    return transact(transact_options{}, function);
  }
  template <class Function>
  auto transact(const transact_options& options, Function&& function) {
    detail::transact_attempts attempts(core(), options);
    for (;;) {
      transaction tx = begin(attempts.options());
      try {
        if constexpr (std::is_void_v<decltype(detail::call_inside(function, tx))>) {
          detail::call_inside(function, tx);
          if (tx.is_open()) tx.commit();
          return;
        } else {
          auto result = detail::call_inside(function, tx);
          if (tx.is_open()) tx.commit();
          return result;
        }
      } catch (const error& failed) {
        tx.abandon();
        if (!attempts.again(failed)) throw;
      }
    }
  }

  /// The second half of a two-phase commit, outside of any transaction; see
  /// `transaction::prepare_commit`. Throws SQLSTATE 42704 when there is none of that id: after a
  /// lost connection that means that the first call was carried out.
  void commit_prepared(std::string_view id);
  /// Undoes a transaction that was prepared.
  void rollback_prepared(std::string_view id);
  /// Those of the whole server that wait for their second half, oldest first.
  [[nodiscard]] std::vector<prepared_transaction> prepared_transactions();

  /// What stops the statement that this session runs, from any thread; see `canceller`. It belongs
  /// to the session: it goes with it when it is moved, and for the new connection after `reset()`.
  [[nodiscard]] tusk::canceller canceller();

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
  /// Every parameter that the server reports, by name and value, in the order in which it first
  /// reported them. A view until the session's next call.
  [[nodiscard]] std::span<const std::pair<std::string, std::string>> parameters() const noexcept;
  /// The server process's number; with a pooler between, whatever it says. 0 when it said none.
  [[nodiscard]] std::int32_t process_id() const noexcept;
  /// The address that the session is connected to: `127.0.0.1:5432`, or a Unix socket's path.
  [[nodiscard]] std::string_view peer() const noexcept;

  /// The notices that have come since the last call, oldest first.
  [[nodiscard]] std::vector<notice> take_notices();
  /// The notifications that have come, with other answers, and were not taken yet; oldest first.
  [[nodiscard]] std::vector<notification> take_notifications();
  /// The next notification: the oldest that has come with another call's answer, or else the next
  /// that comes. It sends nothing. Nothing when the time is up (with a timeout of 0: when none has
  /// come already), or when a `waker` has ended the wait; a wake goes before everything. Without a
  /// timeout it waits for ever; the session's own does not count.
  ///
  /// None is lost while it waits, however many come: what is behind the one that it gives stays
  /// unread. With other calls all are read, and those that nobody takes are queued up to
  /// `session_options::max_queued_messages`. Handlers, notices and changed parameters are told
  /// meanwhile, and what they throw ends the wait. A server sends notifications only between
  /// transactions: while one is open, nothing new comes.
  ///
  /// Throws `programming_error` while a stream, pipeline or COPY is open; `operational_error` with
  /// the server's reason when the connection is lost.
  [[nodiscard]] std::optional<notification> wait_notification(
      std::optional<std::chrono::milliseconds> timeout = {});
  /// What ends such a wait, from any thread; see `waker`. It belongs to the session, wherever that
  /// is moved, and also after `reset()`. Throws std::system_error when no descriptors are left.
  [[nodiscard]] tusk::waker waker();
  /// The channels that the session listens to, as the server says: without those of a LISTEN whose
  /// transaction is still open. Sorted by their bytes.
  [[nodiscard]] std::vector<std::string> channels();
  /// Takes in what the server has said since the last call (notices, notifications, parameters, and
  /// why it is leaving), without waiting and without a round trip. False when the session is broken
  /// or closed: a pool that asks before it lends a session finds those that the server has ended
  /// (57P01, 57P05). Servers report changed parameters with their answers: those a call brings.
  /// True says no more than that nothing else has come; a network that is silent is not found out.
  /// While a stream or a pipeline is open nothing is read. Throws only what the functions told of
  /// it throw.
  [[nodiscard]] bool check();

  /// From now on tells `told` of each notice, as `session_options::on_notice`; nothing ends that.
  void on_notice(callback<void(const notice&)> told);
  /// From now on tells `told` of parameters that change, as `session_options::on_parameter_change`.
  void on_parameter_change(callback<void(std::string_view name, std::string_view value)> told);
  /// From now on tells `told` of statements, as `session_options::on_statement` and
  /// `observe_parameters`.
  void on_statement(callback<void(const statement_event&)> told, bool observe_parameters = false);

  /// What the catalogs say of a type, built in or not, by the name that SQL calls it: "mood",
  /// "shop.mood", "int4". Throws `programming_error` when there is none. The session looks types up
  /// by itself where a call needs one; this is for programs that want to know, and for before a
  /// pipeline or a call in `statement_mode::simple`, in the middle of which nothing can be asked.
  [[nodiscard]] std::shared_ptr<const type_info> type(std::string_view name);
  /// The same by OID.
  [[nodiscard]] std::shared_ptr<const type_info> type(oid number);
  /// How many notices and notifications were dropped because nobody took them.
  [[nodiscard]] std::uint64_t dropped_messages() const noexcept;
  /// How many of them were notifications.
  [[nodiscard]] std::uint64_t dropped_notifications() const noexcept;

  /// From now on traces what passes on the connection, as `session_options::trace` does from its
  /// start; a null pointer ends that. The trace is restarted. To begin one throws programming_error
  /// while a stream or a pipeline is open.
  void trace(std::shared_ptr<wire_trace> to);
};

}  // namespace tusk
