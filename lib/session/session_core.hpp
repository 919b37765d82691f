#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "session/connect_plan.hpp"
#include "session/connection.hpp"
#include "session/statement_cache.hpp"
#include "tusk/conninfo.hpp"
#include "tusk/result.hpp"
#include "tusk/session.hpp"

namespace tusk::detail {

/// What stands behind a session and its streams: one connection, its prepared statements, and the
/// flow of every call.
class session_core {
 public:
  /// `to` has its defaults; `home` is where default files are looked for, empty for none.
  session_core(conninfo to, const session_options& options, const std::string& home);

  /// A new connection with the same parameters.
  void reset();
  void change_password(std::string_view role, const secret& new_password);

  std::shared_ptr<const row_store> run(const call_options& options, std::string_view sql,
                                       std::span<const parameter> values, const row_shape& shape);
  completion run_for_effect(const call_options& options, std::string_view sql,
                            std::span<const parameter> values);
  std::vector<std::shared_ptr<const row_store>> run_script(const call_options& options,
                                                           std::string_view sql);

  /// Starts a statement whose rows `next_batch` hands out; gives their columns.
  std::shared_ptr<const column_set> open_stream(const call_options& options, std::string_view sql,
                                                std::span<const parameter> values,
                                                const row_shape& shape);
  /// The next rows; none at the end, and then `done` is filled in and the session is free again.
  engine::row_batch next_batch(completion& done);
  void leave_stream() noexcept;

  [[nodiscard]] session_status status() const noexcept;
  void close() noexcept;
  void trace(std::shared_ptr<wire_trace> to);

  [[nodiscard]] connection& line() noexcept { return *line_; }

 private:
  struct stream_state {
    std::string sql;
    net::deadline until;
    bool in_transaction = false;
    engine::row_batch first{};  ///< rows that came while it was opened
    completion done{};
    std::optional<error_details> failed{};
  };

  [[nodiscard]] engine::conversation& talk() noexcept { return line_->talk(); }
  void require_ready(std::string_view sql, std::size_t parameters = 0) const;
  [[nodiscard]] net::deadline deadline_for(const call_options& options) const;

  template <class Body>
  auto guarded(std::string_view sql, Body&& body);
  template <class Attempt>
  auto with_healing(std::string_view sql, Attempt&& attempt);
  [[noreturn]] void recover(const error& failed, std::string_view sql);

  template <class Check>
  statement& prepared(std::string_view sql, const net::deadline& until, Check&& check);
  statement& prepare(std::string_view sql, const net::deadline& until);
  void send(statement& what, std::span<const parameter> values, const column_choice& choice);
  void write_closes();
  void write_bind(const statement& what, std::span<const parameter> values,
                  std::span<const format> codes);
  void check_written(const engine::conversation::checkpoint& before, std::string_view sql);

  [[nodiscard]] engine::row_batch read_batch(stream_state& state);
  template <class Take>
  void read_answers(std::string_view sql, const net::deadline& until, Take&& take);
  [[nodiscard]] bool take_refusal(const engine::event& said, std::optional<error_details>& failed);
  [[noreturn]] void fail_statement(error_details failed, std::string_view sql) const;

  session_options options_;
  std::shared_ptr<const connect_plan> plan_;
  std::unique_ptr<connection> line_;
  statement_cache cache_;
  std::optional<stream_state> stream_;
  bool closed_ = false;
  bool bind_refused_ = false;  ///< the last error came before the portal was there
};

}  // namespace tusk::detail
