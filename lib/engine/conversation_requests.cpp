#include <array>

#include "engine/conversation.hpp"
#include "tusk/proto/frontend.hpp"

// What a conversation asks; what it hears is in conversation.cpp.
namespace tusk::engine {

std::uint64_t conversation::append(request_kind kind, const proto::error& encoded) {
  if (encoded && !fault_) fault_ = encoded;
  ++last_id_;
  if (kind == request_kind::sync) skipping_ = false;
  if (!skipping_) queue_.push_back({.id = last_id_, .kind = kind});
  return last_id_;
}

std::uint64_t conversation::simple_query(std::string_view sql) {
  return append(request_kind::simple_query, proto::encode(writer(), proto::query{sql}));
}

std::uint64_t conversation::parse(std::string_view name, std::string_view sql,
                                  std::span<const std::uint32_t> types) {
  return append(
      request_kind::parse,
      proto::encode(writer(), proto::parse{name, sql, proto::list<std::uint32_t>(types)}));
}

std::uint64_t conversation::describe(proto::target kind, std::string_view name) {
  return append(kind == proto::target::statement ? request_kind::describe_statement
                                                 : request_kind::describe_portal,
                proto::encode(writer(), proto::describe{kind, name}));
}

std::uint64_t conversation::execute(std::string_view portal, std::int32_t max_rows) {
  return append(request_kind::execute, proto::encode(writer(), proto::execute{portal, max_rows}));
}

namespace {

// Execute without a row limit, and Sync: the same bytes each time.
struct fixed_requests {
  static constexpr std::size_t execute_size = 10;
  std::array<std::byte, 15> bytes{};

  fixed_requests() {
    proto::writer out(bytes);
    static_cast<void>(proto::encode(out, proto::execute{}));
    static_cast<void>(proto::encode(out, proto::sync{}));
  }
};
const fixed_requests& fixed() {
  static const fixed_requests made;
  return made;
}

}  // namespace

void conversation::execute_portal() {
  writer().bytes(bytes_view(fixed().bytes).first(fixed_requests::execute_size));
  append(request_kind::execute, writer().status());
}

void conversation::run_portal() {
  writer().bytes(fixed().bytes);
  append(request_kind::execute, writer().status());
  append(request_kind::sync, {});
}

std::uint64_t conversation::close(proto::target kind, std::string_view name) {
  return append(request_kind::close, proto::encode(writer(), proto::close{kind, name}));
}

std::uint64_t conversation::sync() {
  return append(request_kind::sync, proto::encode(writer(), proto::sync{}));
}

void conversation::flush() {
  if (const proto::error failed = proto::encode(writer(), proto::flush{}); failed && !fault_)
    fault_ = failed;
}

std::uint64_t conversation::bound(std::uint32_t columns) {
  append(request_kind::bind, writer().status());
  if (!skipping_) queue_.back().columns = columns;
  return last_id_;
}

std::size_t conversation::begin_copy_data() noexcept {
  writer().u8(static_cast<std::uint8_t>(proto::copy_data::type));
  return writer().open_length();
}

void conversation::end_copy_data(std::size_t begun) noexcept {
  writer().close_length(begun);
  if (const proto::error& failed = writer().status(); failed && !fault_) fault_ = failed;
}

void conversation::finish_copy() {
  if (!queue_.empty() && queue_.front().stage == stage::copying_in)
    queue_.front().stage = stage::copied_in;
  if (const proto::error failed = proto::encode(writer(), proto::copy_done{}); failed && !fault_)
    fault_ = failed;
}

// "COPY Operations": the Sync that was sent with Execute is ignored when it comes during the copy,
// so another one is due. A server that fails before it reads any data answers both, though. Which
// of the two happened shows when a Close is answered, for ReadyForQuery comes before it once or
// twice.
void conversation::refuse_copy(std::string_view why) {
  fault_ = proto::encode(writer(), proto::copy_fail{why});
  if (fault_ || queue_.empty() || queue_.front().kind != request_kind::execute) return;
  for (request& each : queue_) {
    if (each.kind != request_kind::sync) continue;
    each.kind = request_kind::resync;
    static_cast<void>(proto::encode(writer(), proto::sync{}));
    static_cast<void>(proto::encode(writer(), proto::close{proto::target::portal, {}}));
    fault_ = proto::encode(writer(), proto::sync{});
    return;
  }
}

void conversation::terminate() {
  fault_ = proto::encode(writer(), proto::terminate{});
}

conversation::checkpoint conversation::mark() const noexcept {
  return {output_.pending().size(), queue_.size(), skipping_};
}

void conversation::take_back(const checkpoint& to) {
  output_.truncate(to.bytes);
  queue_.resize(to.requests);
  skipping_ = to.skipping;
  fault_ = {};
}

}  // namespace tusk::engine
