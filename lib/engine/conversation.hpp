#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string_view>

#include "engine/event.hpp"
#include "engine/failure.hpp"
#include "engine/input.hpp"
#include "engine/output.hpp"
#include "engine/request.hpp"
#include "engine/startup.hpp"
#include "tusk/proto/extended.hpp"
#include "tusk/proto/frame.hpp"

namespace tusk::engine {

/// Where a conversation stands.
enum class phase : std::uint8_t {
  authenticating,  ///< the startup packet is written; the server has not yet let us in
  settling,        ///< let in; parameters and the cancel key come, then ReadyForQuery
  running,         ///< requests and answers
  broken,          ///< `failure()` says why; nothing more will come
};

[[nodiscard]] std::string_view name_of(phase value) noexcept;

/// What the engine wants of the network: both at once, for a peer that waits to be read while we
/// wait to write stands still for ever.
struct demand {
  bytes_view send;       ///< bytes to be sent, empty when there are none
  bool receive = false;  ///< whether something is expected of the server
};

/// What `next` found.
enum class step : std::uint8_t {
  event,   ///< the event is filled in
  input,   ///< more bytes are needed, or nothing is awaited
  broken,  ///< `failure()` says why
};

/// One connection's side of the protocol: bytes in, events and bytes out. It knows no socket, no
/// clock and no thread.
class conversation {
 public:
  /// Bounds on what is taken from the server.
  struct limits {
    /// The longest message, in bytes of its length field. The protocol's own bound unless set.
    std::uint32_t message = 0x7fffffff;
  };
  /// The most rows, or CopyData, in one batch.
  static constexpr std::uint32_t batch_rows = 128;

  explicit conversation(startup_options options) : conversation(std::move(options), limits{}) {}
  conversation(startup_options options, limits bounds);

  // The network's side.
  [[nodiscard]] demand wants() const noexcept;
  void sent(std::size_t count) noexcept { output_.sent(count); }
  [[nodiscard]] std::span<std::byte> space() { return input_.space(); }
  void received(std::size_t count) noexcept { input_.received(count); }
  /// What was received and not yet consumed by `next`.
  [[nodiscard]] bytes_view unread() const noexcept { return input_.pending(); }
  /// The connection ended, in an orderly way or not; `why` completes the sentence.
  void closed(std::string_view why);

  /// How many bytes of requests have not been sent; also when the conversation is broken.
  [[nodiscard]] std::size_t unsent() const noexcept { return output_.pending().size(); }

  // The session's side: what the server said.
  [[nodiscard]] step next(event& out);
  [[nodiscard]] const struct failure& failure() const noexcept { return failure_; }
  [[nodiscard]] enum phase phase() const noexcept { return phase_; }
  /// The version that both sides speak: final once the server has let us in.
  [[nodiscard]] std::uint32_t protocol_version() const noexcept { return protocol_version_; }
  /// The authentication method that the server asked for last.
  [[nodiscard]] authentication_method method() const noexcept { return method_; }
  [[nodiscard]] bool idle() const noexcept { return queue_.empty(); }
  /// The status of the last ReadyForQuery.
  [[nodiscard]] proto::transaction_status transaction() const noexcept { return transaction_; }
  /// Whether a request failed whose Sync has not been asked for yet: the server skips everything up
  /// to it.
  [[nodiscard]] bool skipping() const noexcept { return skipping_; }
  /// Whether a statement's rows may come: BindComplete or RowDescription has, since the last
  /// ReadyForQuery.
  [[nodiscard]] bool portal_open() const noexcept { return columns_.has_value(); }
  /// The block that the last event's rows lie in.
  [[nodiscard]] const block& rows_block() const noexcept { return input_.current(); }

  // The session's side: what to ask. Each returns the request's number. When the encoder refuses
  // (a NUL in a string, a message too long), `fault()` says so and the caller takes it back.
  std::uint64_t simple_query(std::string_view sql);
  std::uint64_t parse(std::string_view name, std::string_view sql,
                      std::span<const std::uint32_t> types);
  std::uint64_t describe(proto::target kind, std::string_view name);
  std::uint64_t execute(std::string_view portal, std::int32_t max_rows);
  std::uint64_t close(proto::target kind, std::string_view name);
  std::uint64_t sync();
  /// Asks for the answers so far, without a Sync. Nothing answers it.
  void flush();
  /// Execute of the unnamed portal without a row limit.
  void execute_portal();
  /// The same, then Sync.
  void run_portal();
  /// A Bind has been written into `writer()` by the caller; its portal's rows have `columns`.
  std::uint64_t bound(std::uint32_t columns);
  [[nodiscard]] proto::writer& writer() noexcept { return output_.writer(); }
  /// A CopyData that the caller writes into `writer()`, up to `end_copy_data`, which is given what
  /// this returns. Nothing may be sent in between.
  [[nodiscard]] std::size_t begin_copy_data() noexcept;
  void end_copy_data(std::size_t begun) noexcept;
  /// The data of a COPY FROM STDIN is complete.
  void finish_copy();
  /// Ends a COPY FROM STDIN that nobody will feed, or feed to its end.
  void refuse_copy(std::string_view why);
  void terminate();

  /// Takes back every request appended since `mark()`; none of it may have been sent.
  struct checkpoint {
    std::size_t bytes = 0;
    std::size_t requests = 0;
    bool skipping = false;
  };
  [[nodiscard]] checkpoint mark() const noexcept;
  void take_back(const checkpoint& to);
  [[nodiscard]] const proto::error& fault() const noexcept { return fault_; }

 private:
  step take_rows(event& out);
  step refuse_row(bytes_view in);
  bool take_copy_data(bytes_view in, event& out);
  bool take_common(bytes_view in, event& out) noexcept;
  step take_message(const proto::frame& frame, event& out);
  step take_authentication(event& out);
  step take_answer(event& out);
  step take_error(event& out);
  [[nodiscard]] bool bad_cancel_key(const event& out) const noexcept;
  void leave_startup() noexcept;
  static bool take_resync(char type, request& front);
  void note(const event& out, request& front);
  step fail(failure_kind kind, std::string message);
  step fail_framing(const proto::frame_result& found);
  step fail_decoding(char type, const proto::error& error);
  [[nodiscard]] std::uint32_t longest(char type) const noexcept;
  std::uint64_t append(request_kind kind, const proto::error& encoded);

  input input_;
  output output_;
  std::optional<startup> startup_;
  std::deque<request> queue_;
  std::uint64_t last_id_ = 0;
  std::uint64_t received_ = 0;  // messages consumed, for messages about the stream
  limits limits_;
  enum phase phase_ = phase::authenticating;
  authentication_method method_ = authentication_method::none;
  std::uint32_t protocol_version_;
  proto::transaction_status transaction_ = proto::transaction_status::idle;
  std::optional<std::uint32_t> columns_;  // of the rows that may come now
  bool skipping_ = false;
  struct failure failure_;
  proto::error fault_;
};

}  // namespace tusk::engine
