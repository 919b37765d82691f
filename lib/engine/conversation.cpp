#include "engine/conversation.hpp"

#include <algorithm>
#include <array>

namespace tusk::engine {

namespace {

// libpq's bounds: what may be long, and how long anything else may be before the stream must be
// taken for garbage. ParameterDescription is among the long ones, for 65,535 parameters fill 256
// KiB.
constexpr std::string_view long_types = "TDdVENAt";
constexpr std::uint32_t longest_short_message = 30'000;
constexpr std::uint32_t longest_authentication_message = 2'000;

// Notices, notifications and parameter changes may come between any two messages.
constexpr bool is_asynchronous(char type) noexcept {
  return type == 'N' || type == 'A' || type == 'S';
}

// What an error does not skip.
constexpr bool ends_group(request_kind kind) noexcept {
  return kind == request_kind::sync || kind == request_kind::resync;
}

constexpr auto is_long = [] {
  std::array<bool, 128> table{};
  for (const char type : long_types)
    table[static_cast<unsigned char>(type)] = true;
  return table;
}();

// The hot loop: the whole and sound DataRows at the start of `in`, at most a batch of them.
row_batch whole_rows(bytes_view in, std::uint32_t columns, std::uint32_t longest) noexcept {
  // The shortest DataRow: a length of 6, which counts itself and a count of no columns.
  constexpr std::size_t shortest = 6;
  const std::byte* at = in.data();
  const std::byte* const end = at + in.size();
  std::uint32_t rows = 0;
  while (rows < conversation::batch_rows && end - at > static_cast<std::ptrdiff_t>(shortest) &&
         *at == std::byte{'D'}) {
    const std::size_t length = proto::load_big_endian<std::uint32_t>(at + 1);
    const std::size_t most = std::min<std::size_t>(longest, static_cast<std::size_t>(end - at) - 1);
    if (length - shortest > most - shortest) break;  // below the shortest it wraps around
    if (proto::check_data_row({at + 5, length - 4}, columns)) break;
    at += 1 + length;
    ++rows;
  }
  return {in.data(), static_cast<std::size_t>(at - in.data()), rows};
}

// Likewise the CopyData, whose contents are anything.
row_batch whole_copy_data(bytes_view in, std::uint32_t longest) noexcept {
  constexpr std::size_t shortest = 4;
  const std::byte* at = in.data();
  const std::byte* const end = at + in.size();
  std::uint32_t parts = 0;
  while (parts < conversation::batch_rows && end - at > static_cast<std::ptrdiff_t>(shortest) &&
         *at == std::byte{'d'}) {
    const std::size_t length = proto::load_big_endian<std::uint32_t>(at + 1);
    const std::size_t most = std::min<std::size_t>(longest, static_cast<std::size_t>(end - at) - 1);
    if (length - shortest > most - shortest) break;  // below the shortest it wraps around
    at += 1 + length;
    ++parts;
  }
  return {in.data(), static_cast<std::size_t>(at - in.data()), parts};
}

std::string printable(char type) {
  constexpr char digits[] = "0123456789abcdef";
  const auto code = static_cast<unsigned char>(type);
  std::string text = {'0', 'x', digits[code >> 4], digits[code & 15]};
  if (code > 0x20 && code < 0x7f) text += std::string(" ('") + type + "')";
  return text;
}

std::string label(char type) {
  const std::string_view name = proto::name_of(proto::sender::backend, type);
  return name.empty() ? "a message of type " + printable(type) : std::string(name);
}

}  // namespace

std::string_view name_of(phase value) noexcept {
  switch (value) {
    case phase::authenticating: return "authenticating";
    case phase::settling: return "settling";
    case phase::running: return "running";
    case phase::broken: return "broken";
  }
  return "?";
}

conversation::conversation(startup_options options, limits bounds)
    : limits_(bounds), protocol_version_(options.protocol_version) {
  startup_.emplace(std::move(options));
  failure_ = startup_->begin(output_.writer());
  if (failure_) {
    phase_ = phase::broken;
    leave_startup();
    return;
  }
  append(request_kind::startup, {});
}

demand conversation::wants() const noexcept {
  if (phase_ == phase::broken) return {};
  return {output_.pending(), !queue_.empty()};
}

void conversation::closed(std::string_view why) {
  if (phase_ == phase::broken) return;
  const std::size_t left = input_.pending().size();
  std::string message(why);
  if (left != 0)
    message += " in the middle of a message, of which " + std::to_string(left) + " bytes had come";
  fail(failure_kind::closed, std::move(message));
}

// Consecutive rows leave as one event, checked but not decoded.
step conversation::take_rows(event& out) {
  const request asked = queue_.empty() ? request{} : queue_.front();
  const bool gives_rows =
      asked.kind == request_kind::execute || asked.kind == request_kind::simple_query;
  if (!columns_ || !gives_rows || asked.stage != stage::begun) {
    return fail(failure_kind::protocol,
                "the server sends a DataRow that no statement of ours asked for");
  }
  const bytes_view in = input_.pending();
  out.rows = whole_rows(in, *columns_, limits_.message);
  if (out.rows.rows == 0) return refuse_row(in);
  input_.consume(out.rows.size);
  received_ += out.rows.rows;
  out.type = 'D';
  out.request = asked.id;
  return step::event;
}

// The data of a COPY TO STDOUT. Anywhere else, and when not even one message is whole, the general
// way finds out what is wrong.
bool conversation::take_copy_data(bytes_view in, event& out) {
  if (queue_.empty() || queue_.front().stage != stage::copying_out) return false;
  out.rows = whole_copy_data(in, limits_.message);
  if (out.rows.rows == 0) return false;
  input_.consume(out.rows.size);
  received_ += out.rows.rows;
  out.type = 'd';
  out.request = queue_.front().id;
  return true;
}

// The first message is a DataRow that is not whole yet, or never will be right.
step conversation::refuse_row(bytes_view in) {
  const proto::frame_result found = proto::next_frame(in, limits_.message);
  if (found.state != proto::framing::complete) return fail_framing(found);
  ++received_;
  return fail_decoding('D', proto::check_data_row(found.message.body, *columns_));
}

step conversation::next(event& out) {
  if (phase_ == phase::broken) return step::broken;
  const bytes_view in = input_.pending();
  if (in.empty()) return step::input;
  const char type = static_cast<char>(in.front());
  if (phase_ == phase::running) [[likely]] {
    if (type == 'D') return take_rows(out);
    if (type == 'd' && take_copy_data(in, out)) return step::event;
    if (take_common(in, out)) return step::event;
  }
  if (phase_ == phase::authenticating &&
      std::string_view("RvEN").find(type) == std::string_view::npos) {
    return fail(failure_kind::protocol,
                "the peer does not speak PostgreSQL's protocol: an authentication request was "
                "expected, and " +
                    printable(type) + " came");
  }
  const proto::frame_result found = proto::next_frame(in, longest(type));
  if (found.state != proto::framing::complete) return fail_framing(found);
  input_.consume(found.message.size());
  ++received_;
  return take_message(found.message, out);
}

// The ends of nearly every answer, BindComplete, CommandComplete and ReadyForQuery, in fewer steps
// than the general way, to which it leaves everything that is not exactly as expected.
bool conversation::take_common(bytes_view in, event& out) noexcept {
  if (queue_.empty() || in.size() < 5) return false;
  request& front = queue_.front();
  const std::size_t size = std::size_t{1} + proto::load_big_endian<std::uint32_t>(in.data() + 1);
  if (size < 5 || size > in.size() || size > longest_short_message) return false;
  const bytes_view body = in.subspan(5, size - 5);
  const auto type = static_cast<char>(in.front());
  if (type == '2' && front.kind == request_kind::bind && body.empty()) {
    out.message.emplace<proto::bind_complete>();
    columns_ = front.columns;
  } else if (type == 'C' && front.kind == request_kind::execute && front.stage == stage::begun) {
    if (proto::decode(body, out.message.emplace<proto::command_complete>())) return false;
  } else if (type == 'Z' && front.kind == request_kind::sync) {
    auto& ready = out.message.emplace<proto::ready_for_query>();
    if (proto::decode(body, ready)) return false;
    transaction_ = ready.status;
    columns_.reset();
  } else {
    return false;
  }
  out.type = type;
  out.request = front.id;
  queue_.pop_front();
  input_.consume(size);
  if (type == 'Z') input_.settle();
  ++received_;
  return true;
}

step conversation::take_message(const proto::frame& frame, event& out) {
  out.type = frame.type;
  out.request = 0;
  if (const proto::error error = proto::decode_backend(frame, out.message)) {
    return fail_decoding(frame.type, error);
  }
  if (is_asynchronous(frame.type)) return step::event;
  if (frame.type == 'E') return take_error(out);
  if (phase_ == phase::authenticating) return take_authentication(out);
  return take_answer(out);
}

step conversation::take_authentication(event& out) {
  struct failure failed = startup_->take(out.message, output_.writer());
  method_ = startup_->method();
  protocol_version_ = startup_->protocol_version();
  if (failed) return fail(failed.kind, std::move(failed.message));
  if (startup_->authenticated()) {
    phase_ = phase::settling;
    leave_startup();
  }
  return next(out);
}

// Authentication has ended, in either way: its secrets go.
void conversation::leave_startup() noexcept {
  startup_.reset();
  if (phase_ == phase::broken) output_.drop();
  output_.end_secrets();
}

step conversation::take_error(event& out) {
  if (queue_.empty()) return step::event;  // the server explains why it is about to leave
  out.request = queue_.front().id;
  if (phase_ != phase::running) {
    std::string why = startup_ ? startup_->token_refusal() : std::string();
    if (why.empty()) why = "the server refused the connection";
    fail(failure_kind::authentication, std::move(why));
    return step::event;
  }
  if (queue_.front().kind == request_kind::simple_query ||
      queue_.front().kind == request_kind::sync) {
    queue_.front().stage = stage::failed;  // its ReadyForQuery still comes
    return step::event;
  }
  // "Extended Query": after an error the server discards everything up to the next Sync.
  while (!queue_.empty() && !ends_group(queue_.front().kind))
    queue_.pop_front();
  skipping_ = queue_.empty();
  return step::event;
}

step conversation::take_answer(event& out) {
  if (queue_.empty()) [[unlikely]] {
    return fail(failure_kind::protocol,
                "the server sends " + label(out.type) + ", and nothing was asked of it");
  }
  request& front = queue_.front();
  const reply meaning = reply_to(front, out.type);
  if (meaning == reply::refused) [[unlikely]] {
    return fail(failure_kind::protocol, "the server sends " + label(out.type) + " in answer to " +
                                            std::string(name_of(front.kind)));
  }
  if (bad_cancel_key(out)) [[unlikely]] {
    return fail(failure_kind::protocol,
                "the server sends a cancel key of a length that protocol 3.0 does not have");
  }
  if (take_resync(out.type, front)) {
    if (out.type == 'Z' && ++front.answers > 2) {
      return fail(failure_kind::protocol, "the server is ready more often than it was asked to be");
    }
    return next(out);
  }
  out.request = front.id;
  note(out, front);
  if (meaning == reply::complete) queue_.pop_front();
  return step::event;
}

// "BackendKeyData": protocol 3.2 made the key's length variable.
bool conversation::bad_cancel_key(const event& out) const noexcept {
  return out.type == 'K' && protocol_version_ < proto::protocol_3_2 &&
         std::get<proto::backend_key_data>(out.message).secret_key.size() != 4;
}

// What a message says about those that follow.
void conversation::note(const event& out, request& front) {
  switch (out.type) {
    case 't': front.stage = stage::described; break;
    case 'G': front.stage = stage::copying_in; break;
    case 'H': front.stage = stage::copying_out; break;
    case 'c': front.stage = stage::begun; break;
    case '2': columns_ = front.columns; break;
    case 'T':
      if (front.kind != request_kind::describe_statement) {
        columns_ = static_cast<std::uint32_t>(
            std::get<proto::row_description>(out.message).columns.size());
      }
      break;
    case 'C':
      front.stage = stage::begun;
      if (front.kind == request_kind::simple_query) columns_.reset();
      break;
    case 'Z':
      columns_.reset();
      transaction_ = std::get<proto::ready_for_query>(out.message).status;
      phase_ = phase::running;
      input_.settle();
      break;
    default: break;
  }
}

std::uint32_t conversation::longest(char type) const noexcept {
  if (phase_ == phase::authenticating && type != 'E' && type != 'N') {
    return std::min(longest_authentication_message, limits_.message);
  }
  const auto code = static_cast<unsigned char>(type);
  const bool may_be_long = phase_ == phase::running && code < 128 && is_long[code];
  return may_be_long ? limits_.message : std::min(longest_short_message, limits_.message);
}

step conversation::fail(failure_kind kind, std::string message) {
  phase_ = phase::broken;
  failure_ = {kind, std::move(message)};
  if (startup_) leave_startup();
  return step::broken;
}

// Not whole yet, or never to be.
step conversation::fail_framing(const proto::frame_result& found) {
  if (found.state == proto::framing::incomplete) {
    input_.expect(found.needed);
    return step::input;
  }
  const char type = static_cast<char>(input_.pending().front());
  std::string message = phase_ == phase::authenticating
                            ? "the peer does not speak PostgreSQL's protocol: "
                            : "the server's messages have lost their frame: ";
  message += label(type) +
             (found.state == proto::framing::bad_length
                  ? " with an impossible length"
                  : " announces " + std::to_string(found.needed) + " bytes, more than is taken");
  return fail(failure_kind::protocol,
              message + " (message " + std::to_string(received_ + 1) + " of this connection)");
}

step conversation::fail_decoding(char type, const proto::error& error) {
  return fail(failure_kind::protocol, "malformed " + label(type) + " from the server: " +
                                          std::string(proto::explain(error.what)) + " at byte " +
                                          std::to_string(error.offset) + " of its body (message " +
                                          std::to_string(received_) + " of this connection)");
}

// True for what is left out: the answers before the last one.
bool conversation::take_resync(char type, request& front) {
  if (front.kind != request_kind::resync || front.stage == stage::described) return false;
  if (type == '3') front.stage = stage::described;
  return true;
}

}  // namespace tusk::engine
