#pragma once

#include <cstdint>
#include <string_view>

namespace tusk::engine {

/// What has been sent and awaits its answer ("Message Flow").
enum class request_kind : std::uint8_t {
  startup,
  simple_query,
  parse,
  bind,
  describe_statement,
  describe_portal,
  execute,
  close,
  sync,
  resync,  ///< a Sync behind a refused COPY, of which nobody knows how often it is answered
};

[[nodiscard]] std::string_view name_of(request_kind kind) noexcept;

/// What a message means for the request at the front of the queue.
enum class reply : std::uint8_t {
  refused,   ///< it may not come here
  partial,   ///< one of several answers; more follow
  complete,  ///< the last one: the next request's answers follow
};

/// What the answers so far say about those that may follow.
enum class stage : std::uint8_t {
  begun,
  described,    ///< Describe (statement): its ParameterDescription has come; resync: CloseComplete
  copying_in,   ///< the server takes data, and only an error ends it
  copied_in,    ///< it has been told that the data is complete: the statement's end comes next
  copying_out,  ///< CopyData comes, until CopyDone
  failed,       ///< Query: after its error only ReadyForQuery comes
};

/// One request in the queue.
struct request {
  std::uint64_t id = 0;
  request_kind kind = request_kind::sync;
  /// For `bind`: how many columns the portal's rows have.
  std::uint32_t columns = 0;
  /// For `resync`: how many ReadyForQuery have come.
  std::uint32_t answers = 0;
  enum stage stage = stage::begun;
};

/// The table of "Message Flow": what `type` means when `asked` is at the front, after what has
/// answered it already. Rows, errors and the asynchronous messages are the engine's own business
/// and not in it.
[[nodiscard]] reply reply_to(const request& asked, char type) noexcept;

}  // namespace tusk::engine
