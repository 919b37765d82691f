#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "session/cancel_gate.hpp"
#include "session/connect_plan.hpp"
#include "session/connection.hpp"
#include "session/cursor_state.hpp"
#include "session/exclusive_use.hpp"
#include "session/late_end.hpp"
#include "session/observation.hpp"
#include "session/pipeline_state.hpp"
#include "session/quoting.hpp"
#include "session/scopes.hpp"
#include "session/statement_cache.hpp"
#include "session/statement_mark.hpp"
#include "session/type_knowledge.hpp"
#include "session/type_registry.hpp"
#include "tusk/conninfo.hpp"
#include "tusk/copy_in.hpp"
#include "tusk/copy_out.hpp"
#include "tusk/result.hpp"
#include "tusk/session.hpp"

namespace tusk::detail {

struct batch_state;
struct commit_answer;
enum class copy_direction : std::uint8_t;
struct copy_facts;
struct copy_in_state;
struct copy_options_read;
struct copy_reading;
class insert_piece;
class insert_text;
struct row_pull;
struct transaction_mark;

/// One call of the user's: what is to be run, where and how.
struct call {
  const call_options& options;
  statement_ref what;
  std::span<const parameter> values{};
  std::uint64_t scope =
      0;  ///< the transaction or savepoint that it is called on; 0 for the session
  statement_kind kind = statement_kind::statement;  ///< for whoever observes it
};

/// What came of a script.
struct script_run {
  std::vector<std::shared_ptr<const row_store>> results{};
  std::optional<error_details> failed{};
};

/// A statement that was sent: what it is, and what its rows will look like.
struct in_flight {
  prepared_statement* of = nullptr;
  std::shared_ptr<prepared_statement> kept{};  ///< owns `of` when no cache does
  const row_shape* shape = nullptr;            ///< null when rows are not wanted
  /// Null until the server has described them.
  std::shared_ptr<const column_set> columns{};
};

/// What stands behind a session, its transactions, streams and pipelines: one connection, its
/// prepared statements, and the flow of every call.
class session_core {
 public:
  /// `to` has its defaults; `home` is where default files are looked for, empty for none.
  session_core(conninfo to, const session_options& options, const std::string& home);

  /// A new connection with the same parameters.
  void reset();
  void change_password(std::string_view role, const secret& new_password);

  std::shared_ptr<const row_store> run(const call& asked, const row_shape& shape);
  completion run_for_effect(const call& asked);
  /// Throws only where nothing was sent.
  script_run run_script(const call& asked);

  /// Starts a statement whose rows `next_batch` hands out.
  void open_stream(const call& asked, const row_shape& shape);
  /// The open stream's columns.
  [[nodiscard]] const std::shared_ptr<const column_set>& stream_columns() const noexcept {
    return stream_->sent.columns;
  }
  /// The next rows; none at the end, and then `done` is filled in and the session is free again.
  engine::row_batch next_batch(completion& done);
  void leave_stream() noexcept;

  /// Prepares a statement that no cache keeps.
  std::shared_ptr<prepared_statement> prepare_for_caller(const call& asked);
  /// The caller does not need it any more.
  void release(prepared_statement& what) noexcept;

  // cursors.cpp and cursor_fetches.cpp
  std::shared_ptr<cursor_state> open_cursor(const call& asked, const cursor_options& wanted,
                                            const row_shape& shape);
  std::shared_ptr<const row_store> fetch(cursor_state& from, const cursor_step& step);
  /// How many rows the fetch would have brought.
  std::uint64_t move(cursor_state& what, const cursor_step& step);
  void leave_cursor(const cursor_state& what) noexcept;

  // batches.cpp and inserts.cpp
  batch_result run_batch(const call& asked, const row_pull& rows);
  std::shared_ptr<const row_store> run_insert(const call_options& options, std::uint64_t scope,
                                              const insert_into& where, const row_pull& rows,
                                              const row_shape* shape);

  // copies_in.cpp
  /// A COPY FROM STDIN; of a table by name, else `asked` has its text.
  std::shared_ptr<copy_in_state> open_copy_in(const call& asked, const copy_into* where);
  /// Makes ready for typed rows. Throws where the COPY is over.
  void begin_copy_rows(copy_in_state& of);
  /// Sends what has gathered, and sees whether the server has anything to say.
  void push_copy(copy_in_state& of);
  /// Gives the number of rows that the server has taken in.
  std::uint64_t finish_copy(copy_in_state& of);
  /// An empty reason stands for the exception that is being handled, if there is one.
  void leave_copy(copy_in_state& of, std::string_view why) noexcept;

  // copies_out.cpp
  /// Starts a COPY TO STDOUT whose data `next_batch` hands out.
  copy_facts open_copy_out(const call& asked);
  std::unique_ptr<copy_reading> open_copy_rows(const call& asked, const row_shape& shape);

  // pipelines.cpp. A pipeline is known by the number that opening it gave.
  std::uint64_t open_pipeline(const call_options& options, std::uint64_t scope);
  slot_pointer enqueue(std::uint64_t id, const statement_ref& what,
                       std::span<const parameter> values, const row_shape* shape);
  slot_pointer sync_pipeline(std::uint64_t id);
  void flush_pipeline(std::uint64_t id);
  void finish_pipeline(std::uint64_t id);
  void abandon_pipeline(std::uint64_t id) noexcept;
  /// Waits until the request has been answered.
  void await(const pipeline_slot& slot);

  // transactions.cpp. A transaction or savepoint is known by the number that opening it gave.
  std::uint64_t begin(const transaction_options& options);
  std::uint64_t set_savepoint(std::uint64_t inside);
  void end_savepoint(std::uint64_t scope, scope_end how);
  void roll_back(std::uint64_t scope);
  /// For destructors: undone, or the connection is given up.
  void abandon_transaction(std::uint64_t scope) noexcept;
  void abandon_savepoint(std::uint64_t scope) noexcept;
  [[nodiscard]] bool is_open(std::uint64_t scope) const noexcept;
  // commit.cpp and two_phase.cpp
  void commit(std::uint64_t scope);
  void prepare_commit(std::uint64_t scope, std::string_view id);
  void end_prepared(std::string_view sql, std::string_view id);
  [[nodiscard]] const std::optional<std::chrono::milliseconds>& default_timeout() const noexcept {
    return options_.timeout;
  }

  [[nodiscard]] session_status status() const noexcept;
  void close() noexcept;
  void trace(std::shared_ptr<wire_trace> to);

  // session_messages.cpp
  [[nodiscard]] bool check();
  void on_notice(callback<void(const notice&)> told);
  void on_parameter_change(callback<void(std::string_view, std::string_view)> told);
  void on_statement(callback<void(const statement_event&)> told, bool observe_parameters);

  // scope_tie.cpp: what ends with a transaction or savepoint on the server.
  /// Throws `programming_error` outside a transaction block; `what` begins the sentence.
  void require_transaction_for(std::string_view what) const;
  /// To the innermost scope; until `untie`.
  void tie(scope_tie& what);
  void untie(const scope_tie& what) noexcept { scopes_.ties().remove(what); }
  /// What is tied sends what it holds back, unless the call that is to follow is refused or the
  /// transaction has failed.
  void send_unsent(const call& asked);
  /// Empty while the server has it still, as far as the session knows.
  [[nodiscard]] std::string why_untied(const scope_tie& what) const;
  [[nodiscard]] bool is_tied(const scope_tie& what) const noexcept;
  /// The large object is gone, and what was open on it.
  void unlinked(oid object) noexcept { scopes_.ties().unlinked(object); }
  [[nodiscard]] const session_options& options() const noexcept { return options_; }

  [[nodiscard]] connection& line() noexcept { return *line_; }
  /// How the server reads quotes now; views until the session's next call.
  [[nodiscard]] literal_rules quoting_rules() const noexcept;

  // type_knowledge.cpp
  [[nodiscard]] const type_registry& types() const noexcept { return types_; }
  [[nodiscard]] date_order dates() const noexcept { return upkeep_.dates; }
  void learn_types(std::vector<oid> wanted, const net::deadline& until);
  /// The type of that name, as SQL spells it, or with that OID; looked up anew.
  std::shared_ptr<const type_info> look_up(std::string_view name);
  std::shared_ptr<const type_info> look_up(oid type);

  // notifications.cpp
  /// A handler that is given is told from now on; null leaves it as it is.
  void listen(const call_options& options, std::uint64_t scope, std::string_view channel,
              const notification_handler* told);
  void unlisten(const call_options& options, std::uint64_t scope, std::string_view channel);
  void notify(const call_options& options, std::uint64_t scope, std::string_view channel,
              std::string_view payload);
  void unlisten_all(const call_options& options, std::uint64_t scope);
  std::optional<notification> wait_notification(std::optional<std::chrono::milliseconds> timeout);
  /// What wakes the wait.
  std::shared_ptr<net::wake_event> wakes();

  // cancelling.cpp
  /// What cancellers of this session go through.
  std::shared_ptr<cancel_gate> cancels();
  /// For statement_mark.
  void begin_running();
  void end_running() noexcept;

 private:
  struct stream_state {
    std::string sql;
    net::deadline until;
    in_flight sent;
    bool in_transaction = false;
    bool copying = false;       ///< the data of a COPY, and no rows
    engine::row_batch first{};  ///< rows that came while it was opened
    completion done{};
    std::optional<error_details> failed{};
    statement_mark running{};
  };

  [[nodiscard]] engine::conversation& talk() noexcept { return line_->talk(); }
  void require_ready(const call& asked) const;
  void require_fitting(const call& asked) const;
  [[nodiscard]] std::string why_scope_ended(std::uint64_t scope) const;
  [[nodiscard]] net::deadline deadline_for(const call_options& options) const;
  [[nodiscard]] statement_mode mode_of(const call& asked) const noexcept;
  [[nodiscard]] statement_cache& cache_for(statement_mode mode) noexcept {
    return mode == statement_mode::prepared ? described_ : declared_;
  }

  // session_messages.cpp: what is due at the beginning and at the end of each call.
  void begin_call(const call& asked) {
    line_->listening.rethrow();  // kept since something ended that could not throw
    if (encoding_is_refused()) [[unlikely]]
      refuse_encoding();
    if (line_->listening.on_statement) [[unlikely]]
      observe(asked);
  }
  void end_call() {
    if (stream_ || copy_) return;  // it ends later
    if (encoding_is_refused()) [[unlikely]]
      refuse_encoding();
    end_observation();
    line_->listening.rethrow();
  }
  /// Goes on with the exception that is being handled.
  [[noreturn]] void fail_call();
  void observe(const call& asked);
  void observe_pipelined(pipeline_slot& slot, std::string_view sql,
                         std::span<const parameter> values, std::uint64_t sent) noexcept;
  void end_observation() noexcept {
    if (watch_ == nullptr) return;
    watch_->end(nullptr);
    watch_.reset();
  }
  [[nodiscard]] bool encoding_is_refused() const noexcept {
    return line_->foreign_encoding() && !options_.follow_client_encoding;
  }
  [[noreturn]] void refuse_encoding();
  void require_no_listener() const;
  /// A new connection is there: throws what its listeners have thrown.
  void begin_connection();

  template <class Body>
  auto conduct(const call& asked, Body&& body);
  template <class Body>
  auto guarded(std::string_view sql, const net::deadline& until, Body&& body);
  template <class Attempt>
  auto with_healing(const call& asked, const net::deadline& until, Attempt&& attempt);
  [[noreturn]] void recover(const error& failed, std::string_view sql, const net::deadline& until);

  // sending.cpp
  in_flight send(const call& asked, const row_shape* shape, const net::deadline& until);
  in_flight send_described(const call& asked, const row_shape* shape, const net::deadline& until);
  in_flight send_declared(const call& asked, const row_shape* shape, bool unnamed);
  in_flight send_as_text(const call& asked, const row_shape* shape);
  template <class Check>
  prepared_statement& prepared(const call& asked, const net::deadline& until, Check&& check);
  void prepare(prepared_statement& fresh, const net::deadline& until);
  [[nodiscard]] std::shared_ptr<prepared_statement> declared(std::string_view sql,
                                                             std::span<const parameter> values,
                                                             bool unnamed);
  void write_closes();
  void closes_are_written() noexcept {
    evicted_.clear();
    left_portals_.clear();
  }
  void write_bind(prepared_statement& what, std::span<const parameter> values,
                  std::span<const format> codes, std::string_view portal = {});
  void write_undescribed(prepared_statement& what, std::span<const parameter> values,
                         const row_shape* shape, bool parse, std::string_view portal = {});
  void check_written(const engine::conversation::checkpoint& before, std::string_view sql);
  [[nodiscard]] bool is_current(const prepared_statement& what) const noexcept {
    return what.epoch == epoch_;
  }
  [[nodiscard]] std::string next_name();

  // cursors.cpp
  void open_portal(const call& asked, cursor_state& fresh, const row_shape& shape,
                   const net::deadline& until);
  in_flight bind_described_portal(const call& asked, const std::string& name,
                                  const row_shape& shape, const net::deadline& until);
  in_flight bind_declared_portal(const call& asked, const std::string& name,
                                 const row_shape& shape);
  void declare_cursor(const call& asked, cursor_state& fresh, const row_shape& shape,
                      const net::deadline& until);
  void declare_with_parameters(const call& asked, cursor_state& fresh, const row_shape& shape,
                               const std::string& head, const net::deadline& until);
  void declare_as_text(const call& asked, cursor_state& fresh, const row_shape& shape,
                       const std::string& head, const net::deadline& until);
  void read_opening(const call& asked, const cursor_state& fresh, in_flight& sent,
                    const net::deadline& until, std::vector<column>* columns);

  // cursor_fetches.cpp
  [[nodiscard]] bool is_over(const cursor_state& what) const noexcept;
  void require_open(const cursor_state& what, const cursor_step& step) const;
  std::shared_ptr<const row_store> follow(cursor_state& what, const cursor_step& step,
                                          const std::string& statement);
  void send_step(const cursor_state& what, const cursor_step& step, const std::string& statement);
  void read_step(const cursor_state& what, row_store& into, const net::deadline& until);
  void close_left_as_text(const net::deadline& until);

  // batches.cpp
  void require_batch(const call& asked) const;
  void run_batch_once(const call& first, const row_pull& rows, batch_state& state,
                      const net::deadline& until);
  template <class Write>
  void in_one_group(batch_state& state, const net::deadline& until, Write&& write);
  void write_batch(batch_state& state, const row_pull& rows, std::span<const parameter> row,
                   const net::deadline& until);
  void write_element(batch_state& state, std::span<const parameter> row);
  void write_first_element(batch_state& state, std::span<const parameter> row,
                           const net::deadline& until);
  void push_group(batch_state& state, const net::deadline& until);
  void end_group(batch_state& state, const net::deadline& until);
  void take_in_group(batch_state& state, const engine::event& said);
  static void name_element(const batch_state& state, error_details& failed);
  void spoil_group(const batch_state& state, const engine::conversation::checkpoint& before);

  // inserts.cpp
  void insert_pieces(const call& first, const insert_text& text, const row_pull& rows,
                     const row_shape* shape, batch_state& state, const net::deadline& until);
  void write_piece(const insert_text& text, insert_piece& piece, batch_state& state);

  // copy_openings.cpp
  copy_options_read require_copy(std::string_view sql, copy_direction direction,
                                 bool extended) const;
  void require_rows_of(const copy_facts& facts, std::string_view sql) const;
  std::vector<std::string> columns_copied(const call& asked, std::string_view table,
                                          const net::deadline& until);
  std::vector<column> describe_copied(const std::string& select, std::string_view sql,
                                      bool extended, const net::deadline& until);
  std::vector<column> described_in_group(const std::string& select, std::string_view sql,
                                         const net::deadline& until);
  void begin_copy(const std::string& select, std::string_view sql, bool extended,
                  std::vector<column>* described, const net::deadline& until);
  void send_copy(std::string_view sql, bool extended);
  completion end_copy_group(bool extended, std::string_view sql, const net::deadline& until,
                            std::optional<error_details> failed);

  // copies_in.cpp
  void prepare_copy(const call& asked, const copy_into& where, copy_in_state& fresh);
  void begin_copy_in(copy_in_state& fresh);
  void await_copy_in(copy_in_state& fresh);
  void open_copy_data(copy_in_state& of) noexcept;
  void close_copy_data(copy_in_state& of);
  void send_copied(copy_in_state& of);
  template <class Body>
  void while_copying(copy_in_state& of, Body&& body);
  void stop_feeding(copy_in_state& of, std::string_view why);
  void end_copy(copy_in_state& of) noexcept;

  // copies_out.cpp
  [[nodiscard]] std::unique_ptr<copy_reading> read_copied(std::string_view sql,
                                                          const copy_facts& facts,
                                                          std::vector<column> described,
                                                          const row_shape& shape);
  copy_options_read require_copy(const call& asked) const;
  std::string select_of(const call& asked, const copy_options_read& said,
                        const net::deadline& until);
  copy_facts begin_copy_out(const call& asked, const copy_options_read& said,
                            std::string_view select, std::vector<column>* described,
                            const net::deadline& until);
  void await_copy_out(std::string_view sql, const net::deadline& until, copy_facts& facts);

  // scripts.cpp
  void read_script(std::string_view sql, const net::deadline& until,
                   std::vector<std::shared_ptr<const row_store>>& results);
  [[nodiscard]] std::optional<script_place> place_in_script(const error_details& failed,
                                                            std::string_view sql,
                                                            std::size_t done) const;

  // type_knowledge.cpp
  [[nodiscard]] type_knowledge knowledge(const net::deadline& until) noexcept {
    return {*this, &until};
  }
  /// While answers are still to come.
  [[nodiscard]] type_knowledge knowledge() noexcept { return {*this, nullptr}; }
  std::shared_ptr<const type_info> look_up_anew(oid type, const net::deadline& until);
  std::vector<catalog_row> ask_catalogs(const std::vector<oid>& types, const net::deadline& until);
  std::shared_ptr<const row_store> ask_aside(std::string sql, const row_shape& shape,
                                             const net::deadline& until);
  /// The same by the simple protocol.
  std::shared_ptr<const row_store> ask_aside_as_text(std::string_view sql, const row_shape& shape,
                                                     const net::deadline& until);
  std::shared_ptr<const row_store> read_aside(in_flight sent, const net::deadline& until);

  // statement_upkeep.cpp
  void settle_statements();
  void forget_statements();
  void distrust_statements();
  void note_tag(std::string_view tag) noexcept;
  void note_begin() noexcept;

  [[nodiscard]] engine::row_batch read_batch(stream_state& state);
  template <class Take>
  void read_answers(std::string_view sql, const net::deadline& until, in_flight& sent, Take&& take);
  void take_columns(const engine::event& said, in_flight& sent,
                    std::optional<error_details>& failed);
  [[nodiscard]] bool take_refusal(const engine::event& said, in_flight& sent,
                                  std::optional<error_details>& failed);
  [[noreturn]] void fail_statement(error_details failed, std::string_view sql) const;

  // cancelling.cpp
  void note_cancelled(error_details& failed) const noexcept;
  void require_not_cancelled(std::string_view sql) const;

  // pipelines.cpp
  [[nodiscard]] pipeline_state& require_pipeline(std::uint64_t id, std::string_view sql = {});
  void write_request(pipeline_state& state, const statement_ref& what,
                     std::span<const parameter> values, pipeline_slot& slot);
  prepared_statement& pipelined_statement(pipeline_state& state, const statement_ref& what,
                                          std::span<const parameter> values, pipeline_slot& slot);
  void send_pipelined(pipeline_state& state);
  template <class Body>
  void while_pipelining(pipeline_state& state, Body&& body);
  void end_unfinished_group(pipeline_state& state);
  void sync_failing();

  // pipeline_answers.cpp
  void take_pipelined(pipeline_state& state, const engine::event& said);
  void fail_pipelined(pipeline_state& state, error_details failed);
  [[noreturn]] void refuse_pipelined_copy();

  // transactions.cpp
  /// `carried_out` is called when the server has said so: what the caller's handlers throw comes
  /// out behind that.
  void run_plainly(const call& asked, std::string_view sql,
                   const callback<void()>& carried_out = {});
  bool undo_quietly(std::string_view sql) noexcept;

  // notifications.cpp
  std::optional<notification> await_notification(const net::deadline& until);

  // commit.cpp
  void learn_timeline(const call& asked);
  [[nodiscard]] std::string with_literal(std::string_view sql, std::string_view value) const;
  void finish_transaction(const call& asked, std::string_view tag, const transaction_mark& mark,
                          const net::deadline& until);
  void read_commit(const net::deadline& until, commit_answer& answer);
  void settle_doubt(const call& asked, const transaction_mark& mark, const commit_answer& answer);

  session_options options_;
  std::shared_ptr<const connect_plan> plan_;
  std::unique_ptr<connection> line_;
  type_registry types_;
  statement_cache described_;
  statement_cache declared_;
  std::vector<std::string> evicted_;  ///< names that are to be closed on the server
  std::vector<left_portal> left_portals_;
  std::uint64_t transactions_ = 0;  ///< grows when a transaction block begins or ends
  std::uint64_t connections_ = 0;   ///< grows with each reset
  std::uint64_t names_ = 0;
  std::uint64_t epoch_ = 1;  ///< grows when all statements are to be prepared anew
  struct {
    std::uint64_t seen_changes = 0;  ///< of the server's parameters
    std::string search_path{};
    std::string client_encoding{};
    date_order dates = date_order::unknown;
    bool forget = false;
    bool distrust = false;
    bool altered = false;  ///< the open transaction has changed what statements look like
  } upkeep_;
  std::unique_ptr<observation> watch_{};  ///< of the call that runs, or of the open stream
  exclusive_use use_;
  std::shared_ptr<cancel_gate> cancels_;    ///< none until somebody wants a canceller
  std::shared_ptr<net::wake_event> wakes_;  ///< none until somebody wants a waker
  int running_ = 0;                         ///< marks that there are
  std::optional<stream_state> stream_;
  std::shared_ptr<copy_in_state> copy_;
  std::unique_ptr<pipeline_state> pipeline_;
  std::uint64_t pipelines_ = 0;
  scope_list scopes_;
  struct {
    bool know_outcome = false;
    std::optional<std::chrono::milliseconds> timeout{};
  } transaction_;         ///< how the open one is to end
  std::string timeline_;  ///< of the server, once somebody wanted to know
  bool closed_ = false;
  bool bind_refused_ = false;  ///< the last error came before the portal was there
  /// Of what is under way. Who changes it for an exchange puts it back behind that; after an error
  /// `recover` does.
  late_end if_late_ = late_end::carried_out;
};

}  // namespace tusk::detail
