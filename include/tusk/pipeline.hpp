#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "tusk/options.hpp"
#include "tusk/parameter.hpp"
#include "tusk/result.hpp"
#include "tusk/statement.hpp"

namespace tusk {

/// What became of one request of a pipeline.
enum class request_status : std::uint8_t {
  waiting,    ///< its answer has not come yet
  done,       ///< carried out; whether it lasts is known when its group's Sync is done
  failed,     ///< the server, or tusk, refused it
  skipped,    ///< not carried out: one before it in its group has failed
  abandoned,  ///< not carried out, or nobody knows: the pipeline was destroyed before its answer
};

/// The status in words.
[[nodiscard]] std::string_view name_of(request_status status) noexcept;

namespace detail {

class session_core;
struct pipeline_slot;
using slot_pointer = std::shared_ptr<pipeline_slot>;

/// Waits for the answer; throws the request's error.
std::shared_ptr<const row_store> take_rows(const slot_pointer& slot);
const completion& take_completion(const slot_pointer& slot);
[[nodiscard]] request_status status_of(const slot_pointer& slot) noexcept;

/// What every handle on a request has.
class pending_base {
 public:
  /// What is known so far; reads nothing from the network.
  [[nodiscard]] request_status status() const noexcept { return status_of(slot_); }

 protected:
  explicit pending_base(slot_pointer slot) noexcept : slot_(std::move(slot)) {}

  slot_pointer slot_;
};

}  // namespace detail

/// A request of a pipeline, whose answer is to come. A handle that is dropped before drops the rows
/// as well, as they come.
template <class T>
class pending;

/// Rows to come.
template <class Row>
class pending<result<Row>> : public detail::pending_base {
 public:
  explicit pending(detail::slot_pointer slot) noexcept : pending_base(std::move(slot)) {}
  /// Waits until they are here. May be called again. Throws the request's own error; for one that
  /// was skipped an error of kind `skipped`.
  [[nodiscard]] result<Row> get() { return result<Row>(detail::take_rows(slot_)); }
};

/// The end of a statement without rows, to come.
template <>
class pending<completion> : public detail::pending_base {
 public:
  explicit pending(detail::slot_pointer slot) noexcept : pending_base(std::move(slot)) {}
  /// Waits for it, as for rows.
  completion get() { return detail::take_completion(slot_); }
};

/// A Sync: the end of a group, to come.
template <>
class pending<void> : public detail::pending_base {
 public:
  explicit pending(detail::slot_pointer slot) noexcept : pending_base(std::move(slot)) {}
  /// Waits for it. Throws the first error of its group, an error of the Sync itself included (a
  /// deferred constraint, say). When it returns, everything in the group was carried out and,
  /// outside a transaction block, is committed.
  void get() { detail::take_completion(slot_); }
};

/// Many statements in one round trip: requests are queued without waiting, answers come in their
/// order.
///
///     tusk::pipeline p = db.pipeline();
///     auto x = p.query<int>("select 1");
///     auto y = p.execute("insert into log values ($1)", "hi");
///     p.sync();
///     use(x.get());
///
/// What lies between two Syncs is a group: outside a transaction block the server carries it out in
/// one implicit transaction, all or nothing, and after an error it skips the rest of the group. A
/// Sync is sent where you ask for one and nowhere else. A statement is not described before it is
/// sent, for that would take a Sync: its parameters have the types that their C++ types stand for
/// (strings the one that the server infers), and a row type that does not fit is found when the
/// answer is there. A `tusk::statement` knows its types. COPY cannot be pipelined.
///
/// Requests are sent when 64 KiB have gathered, by `sync()`, and when an answer is waited for; what
/// comes meanwhile is kept with the handles. The timeout of `pipeline()`'s options counts for each
/// wait anew. Protocol documentation: "Pipelining" in "Extended Query".
class pipeline {
 public:
  pipeline(std::shared_ptr<detail::session_core> core, std::uint64_t id) noexcept
      : core_(std::move(core)), id_(id) {}
  pipeline(pipeline&&) noexcept = default;
  pipeline& operator=(pipeline&& other) noexcept;
  /// Never throws. What was asked after the last Sync is rolled back: it was not finished.
  ~pipeline() { abandon(); }

  /// Queues a statement whose rows are wanted; types as for `executor::query`.
  template <class... Row, class... P>
  [[nodiscard]] pending<result<detail::row_for_t<Row...>>> query(statement_ref what,
                                                                 const P&... values) {
    using row_type = detail::row_for_t<Row...>;
    return pending<result<row_type>>(
        enqueue(what, detail::make_parameters(values...), &detail::row_traits<row_type>::shape));
  }
  /// Queues a statement for its effect; the handle may be dropped.
  template <class... P>
  pending<completion> execute(statement_ref what, const P&... values) {
    return pending<completion>(enqueue(what, detail::make_parameters(values...), nullptr));
  }

  /// Ends the group with a Sync and sends everything; does not wait.
  pending<void> sync();
  /// Sends everything, and asks for the answers so far without ending the group; does not wait.
  void flush();
  /// Ends the last group, if it has anything in it, waits for all answers, and closes the pipeline.
  /// Throws the first error that no handle has thrown.
  void finish();

 private:
  detail::slot_pointer enqueue(statement_ref what, std::span<const detail::parameter> values,
                               const detail::row_shape* shape);
  [[nodiscard]] detail::session_core& core() const;
  void abandon() noexcept;

  std::shared_ptr<detail::session_core> core_;
  std::uint64_t id_;
};

}  // namespace tusk
