#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "session/scope_tie.hpp"
#include "session/session_core.hpp"
#include "tusk/callback.hpp"
#include "tusk/executor.hpp"
#include "tusk/large_object.hpp"

namespace tusk::detail {

/// A large object's descriptor on the server. It runs its statements as the session does: the
/// savepoint that it was opened in may have been released since.
struct large_object_state final : executor {
  large_object_state(std::shared_ptr<session_core> core, large_object_mode opened_for,
                     const call_options& how);
  ~large_object_state();
  large_object_state(const large_object_state&) = delete;
  large_object_state& operator=(const large_object_state&) = delete;

  /// From here on it ends with the transaction.
  void opened(oid object, std::int32_t number);
  [[nodiscard]] std::string why_gone() const { return core_->why_untied(tie); }
  /// The same without the words.
  [[nodiscard]] bool is_live() const noexcept { return core_->is_tied(tie); }
  /// Whether a round trip to close it is possible, and worth it.
  [[nodiscard]] bool can_close() const noexcept;
  /// Whether several requests can be under way.
  [[nodiscard]] bool can_pipeline() const noexcept;
  /// From now on for each call.
  void hurry() noexcept { each.timeout = core_->options().drain_timeout; }

  oid id = 0;
  std::int32_t descriptor = -1;
  large_object_mode mode;
  call_options each;
  std::size_t piece = 0;  ///< bytes of one request
  scope_tie tie{};
  bool tied = false;
};

/// Reads up to `wanted` bytes, fewer only at the end, and gives how many.
std::uint64_t read_pieces(large_object_state& from, std::uint64_t wanted,
                          const callback<void(bytes_view)>& sink);

/// Writes pieces until there is an empty one.
void write_pieces(large_object_state& to, const callback<bytes_view()>& next);

}  // namespace tusk::detail
