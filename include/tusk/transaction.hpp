#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "tusk/error.hpp"
#include "tusk/executor.hpp"
#include "tusk/types/timestamp.hpp"

namespace tusk {

/// How far a transaction is kept apart from others that run at the same time.
enum class isolation : std::uint8_t {
  server_default,    ///< what `default_transaction_isolation` says
  read_uncommitted,  ///< in PostgreSQL the same as `read_committed`
  read_committed,
  repeatable_read,
  serializable,
};

/// What is PostgreSQL's name of it: `repeatable read`; empty for `server_default`.
[[nodiscard]] std::string_view name_of(isolation level) noexcept;

/// How a transaction is begun and ended.
struct transaction_options {
  tusk::isolation isolation = tusk::isolation::server_default;
  /// `READ ONLY` or `READ WRITE`; what `default_transaction_read_only` says when there is none.
  std::optional<bool> read_only{};
  /// A serializable transaction that only reads waits at its first statement until it can run
  /// without ever failing for others; without effect on any other.
  std::optional<bool> deferrable{};
  /// Asks for the transaction's id before COMMIT, one round trip more, so that `commit` can find
  /// out what became of it when the connection is lost before the answer has come.
  bool know_outcome = false;
  /// How long BEGIN, COMMIT, ROLLBACK and each savepoint may take; the session's own setting when
  /// there is none. Other statements have their own time.
  std::optional<std::chrono::milliseconds> timeout{};
};

/// A savepoint inside a transaction: what runs after it can be undone alone. Destroying one that
/// was neither released nor rolled back undoes what came after it.
///
///     auto attempt = tx.savepoint();
///     attempt.execute("insert into accounts values ($1)", 7);
///     attempt.release();
///
/// Savepoints lie inside one another in the order in which they were made: releasing one or
/// rolling back to it ends those that were made after it, and so does the end of the transaction.
/// To use one that is over is a usage error. It may outlive its session: it is over then.
class savepoint_scope : public executor {
 public:
  savepoint_scope(std::shared_ptr<detail::session_core> core, std::uint64_t scope) noexcept
      : executor(std::move(core), scope) {}
  savepoint_scope(savepoint_scope&&) noexcept = default;
  /// Undoes first what this one stands for, as the destructor does.
  savepoint_scope& operator=(savepoint_scope&& other) noexcept;
  /// Rolls back to it unless it is over. Takes at most the session's drain_timeout; the session is
  /// given up as broken when that is not enough, and so it is while a stream is open on it.
  ~savepoint_scope() { abandon(); }

  /// A savepoint inside of this one.
  [[nodiscard]] savepoint_scope savepoint();
  /// Keeps what was done since, as a part of what is around it. Throws the server's 25P02 when a
  /// statement has failed since: only `rollback` helps then.
  void release();
  /// Undoes what was done since, also after a statement has failed, and ends the savepoint.
  void rollback();
  /// Whether it is neither released nor rolled back, nor ended by what is around it.
  [[nodiscard]] bool is_open() const noexcept;

 private:
  void abandon() noexcept;
};

/// As it is called everywhere. (A class cannot have a member function of its own name.)
using savepoint = savepoint_scope;

/// A transaction block, from `session::begin`. Destroying one that was neither committed nor rolled
/// back rolls it back.
///
///     auto tx = db.begin({.isolation = tusk::isolation::serializable});
///     tx.execute("update accounts set balance = balance - 10 where id = $1", 1);
///     tx.execute("update accounts set balance = balance + 10 where id = $1", 2);
///     tx.commit();
///
/// The session's own verbs run inside of it, too. To use it when it is over is a usage error. It
/// may outlive the session: it is over then.
class transaction : public executor {
 public:
  transaction(std::shared_ptr<detail::session_core> core, std::uint64_t scope) noexcept
      : executor(std::move(core), scope) {}
  transaction(transaction&&) noexcept = default;
  /// Rolls back first what this one stands for, as the destructor does.
  transaction& operator=(transaction&& other) noexcept;
  /// Rolls back unless it is over. Takes at most the session's drain_timeout; the session is given
  /// up as broken when that is not enough, and so it is while a stream is open on it.
  ~transaction() { abandon(); }

  /// A savepoint; inside the last one that is open, if there is one.
  [[nodiscard]] tusk::savepoint savepoint();

  /// Ends it and keeps what it has done, with what streams of large objects have not sent yet.
  /// Afterwards it is over, whatever is thrown, unless the call was refused as misuse, or such a
  /// stream or the question that `know_outcome` asks has failed:
  ///
  /// - `operational_error` of kind `rolled_back`, SQLSTATE 25P02: a statement in it had failed, and
  ///   the server has rolled it back.
  /// - The server's own error, such as a deferred constraint's or 40001: it is rolled back.
  /// - `in_doubt_error`: the connection was lost, or time and drain_timeout were up, before the
  ///   answer had come. Nobody knows whether it took effect. A COMMIT is not cancelled when its
  ///   time is up, for that would end the wait for a synchronous standby and commit without it.
  ///
  /// With `transaction_options::know_outcome` a new connection to the same address then asks, for
  /// drain_timeout at the most, what became of it. When it took effect `commit` returns normally
  /// (the session is broken all the same: `reset()` it), when it did not the error is an
  /// `operational_error` of kind `connection_lost` that is safe to retry; so is, without being safe
  /// to retry, that of a transaction that had written nothing.
  void commit();
  /// Ends it and undoes what it has done.
  void rollback();
  /// The first half of a two-phase commit (`PREPARE TRANSACTION`): the transaction leaves the
  /// session, survives a crash and holds its locks until `session::commit_prepared` or
  /// `rollback_prepared` is given the same id, in any session on the same database. The id has 1 to
  /// 199 bytes. Throws what `commit` throws; when that is an `in_doubt_error`,
  /// `session::prepared_transactions` knows. Servers refuse it unless max_prepared_transactions is
  /// set.
  void prepare_commit(std::string_view id);
  /// Whether it was neither committed, nor prepared, nor rolled back.
  [[nodiscard]] bool is_open() const noexcept;

 private:
  friend class session;
  void abandon() noexcept;
};

/// How `session::transact` tries.
struct transact_options {
  /// How many times it tries at the most; at least once.
  unsigned attempts = 5;
  /// The pause before the second try, twice as much before each further one, up to `longest_delay`.
  /// Between half and all of it is waited, by chance, so that those who collided do not meet again.
  std::chrono::milliseconds first_delay{10};
  std::chrono::milliseconds longest_delay{1000};
  /// How long all tries may take together, as far as it is not the function that takes it: no pause
  /// goes beyond it, nor BEGIN and COMMIT. The session's own setting when there is none.
  std::optional<std::chrono::milliseconds> timeout{};
  /// How each try begins and ends.
  transaction_options transaction{};
};

/// A transaction that was prepared and waits for the second half of its commit.
struct prepared_transaction {
  std::string id;
  std::string owner;     ///< the role that prepared it
  std::string database;  ///< where alone it can be ended
  timestamptz prepared_at;
};

namespace detail {

/// The tries of one `transact`, counted and timed.
class transact_attempts {
 public:
  transact_attempts(session_core& core, const transact_options& options);

  /// For the next try: with the time that is left.
  [[nodiscard]] transaction_options options() const;
  /// Whether to try again, after the pause that is due: only after a serialization failure or a
  /// deadlock, on a session that is usable, when tries and time are left.
  [[nodiscard]] bool again(const error& failed);

 private:
  using clock = std::chrono::steady_clock;

  session_core& core_;
  const transact_options& options_;
  std::optional<clock::time_point> until_;
  unsigned made_ = 1;
};

template <class Function>
decltype(auto) call_inside(Function& function, transaction& tx) {
  if constexpr (std::is_invocable_v<Function&, transaction&>) {
    return function(tx);
  } else {
    static_assert(std::is_invocable_v<Function&>,
                  "tusk: transact takes a function of a tusk::transaction&, or of nothing");
    return function();
  }
}

}  // namespace detail

}  // namespace tusk
