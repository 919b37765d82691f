#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "session/scope_end.hpp"
#include "tusk/types/oids.hpp"

namespace tusk::detail {

/// What has ended something that was tied.
enum class tie_end : std::uint8_t {
  none,
  scope,      ///< its transaction or savepoint, as `scope_tie::how` says
  statement,  ///< a ROLLBACK that was run as a statement, perhaps
  unlink,     ///< its object was unlinked
};

/// What becomes of bytes that were written to something that is tied, and not sent yet.
enum class unsent_bytes : std::uint8_t {
  send,
  drop,  ///< what they were written behind was rolled back; what was read ahead goes, too
};

/// Something on the server, known there by a number that the server gives out again, that ends with
/// the transaction or savepoint it was made in: a large object's descriptor. A released savepoint
/// leaves it to the one around it.
struct scope_tie {
  std::uint64_t scope = 0;        ///< the innermost one when it was made; 0 where tusk began none
  std::uint64_t transaction = 0;  ///< the core's count of transactions then
  std::uint64_t connection = 0;   ///< the core's count of connections then
  oid object = 0;                 ///< what it is open on
  tie_end ended = tie_end::none;
  std::uint64_t ended_with = 0;  ///< the scope that has ended it: its own, or one around that
  scope_end how = scope_end::committed;
  bool of_savepoint = false;
  /// Of what may hold bytes back. It throws nothing when it drops them.
  std::function<void(unsent_bytes)> settle{};
};

/// Why it has ended, as the second half of a sentence; empty while nothing is known to have.
[[nodiscard]] std::string why_cut(const scope_tie& what);

/// All ties of a session. Those who hold one say when they let it go.
class tie_list {
 public:
  void add(scope_tie& what) { ties_.push_back(&what); }
  void remove(const scope_tie& what) noexcept;
  [[nodiscard]] bool empty() const noexcept { return ties_.empty(); }

  /// The scopes of these numbers, outermost first, have ended inside of `outer` (0 for none).
  void scopes_ended(const std::uint64_t* first, std::size_t count, std::uint64_t outer,
                    scope_end how) noexcept;
  /// Something else is known of how the scope ended, by now.
  void retell(std::uint64_t scope, scope_end how) noexcept;
  /// The server has answered ROLLBACK to a statement that is not tusk's own: of a transaction, or
  /// to any savepoint in it, for nobody tells which.
  void rolled_back_by_statement() noexcept;
  void unlinked(oid object) noexcept;
  /// What still lives sends what it holds back. Throws the first one's error.
  void send_unsent() const;
  void drop_unsent() const noexcept;

  /// While one lives, what is rolled back is rolled back by tusk, which knows to where.
  class own_rollback {
   public:
    explicit own_rollback(tie_list& of) noexcept : of_(of) { of_.own_ = true; }
    ~own_rollback() { of_.own_ = false; }
    own_rollback(const own_rollback&) = delete;
    own_rollback& operator=(const own_rollback&) = delete;

   private:
    tie_list& of_;
  };

 private:
  std::vector<scope_tie*> ties_;
  bool own_ = false;
};

}  // namespace tusk::detail
