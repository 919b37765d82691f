#include "tusk/wire_trace.hpp"

#include <algorithm>
#include <utility>

#include "session/wire_trace_state.hpp"

namespace tusk {

namespace {

// The longest message that is shown. What is kept of a message that is not whole is bounded by it.
constexpr std::uint32_t longest_shown = std::uint32_t{64} << 20;
// What PostgreSQL takes as a first packet at the most (MAX_STARTUP_PACKET_LENGTH).
constexpr std::uint32_t longest_first_packet = 10'000;
// Memory that is kept between messages.
constexpr std::size_t most_kept = std::size_t{1} << 20;

using proto::sender;

}  // namespace

void wire_trace::state::one_way::forget() noexcept {
  if (!kept.empty()) auth::wipe(kept.data(), kept.size());
  kept.clear();
  if (kept.capacity() > most_kept) kept = {};
}

void wire_trace::state::restart(trace_start where) {
  for (one_way& way : ways_) {
    way.forget();
    way.to_skip = 0;
  }
  first_packet_ = where == trace_start::first_packet;
  ended_ = false;
  awaited_ = answer::none;
  asked_.reset();
}

void wire_trace::state::take(sender from, bytes_view bytes) {
  one_way& way = ways_[static_cast<std::size_t>(from)];
  while (!ended_ && !bytes.empty()) {
    if (way.to_skip != 0) {
      const std::uint64_t skipped = std::min<std::uint64_t>(way.to_skip, bytes.size());
      way.to_skip -= skipped;
      bytes = bytes.subspan(static_cast<std::size_t>(skipped));
    } else if (!way.kept.empty()) {
      bytes = complete(from, bytes);
    } else if (const std::size_t taken = take_one(from, bytes)) {
      bytes = bytes.subspan(taken);
    } else {
      way.kept.insert(way.kept.end(), bytes.begin(), bytes.end());
      bytes = {};
    }
  }
  if (!ended_) return;
  for (one_way& each : ways_)
    each.forget();
}

// Adds to the beginning that is kept what is missing of its header, or of the message.
bytes_view wire_trace::state::complete(sender from, bytes_view bytes) {
  one_way& way = ways_[static_cast<std::size_t>(from)];
  const std::size_t missing = find(from, way.kept).needed - way.kept.size();
  const std::size_t count = std::min(missing, bytes.size());
  way.kept.insert(way.kept.end(), bytes.begin(),
                  bytes.begin() + static_cast<std::ptrdiff_t>(count));
  if (count == missing && take_one(from, way.kept) != 0) way.forget();
  return bytes.subspan(count);
}

proto::frame_result wire_trace::state::find(sender from, bytes_view in) const noexcept {
  if (from == sender::frontend && first_packet_)
    return proto::next_untyped_frame(in, longest_first_packet);
  return proto::next_frame(in, longest_shown);
}

// Prints the message at the front, and gives its size; 0 when it is not whole.
std::size_t wire_trace::state::take_one(sender from, bytes_view in) {
  if (from == sender::backend && awaited_ != answer::none) {
    if (const std::size_t taken = take_answer(static_cast<char>(in[0]))) return taken;
  }
  const bool untyped = from == sender::frontend && first_packet_;
  // The record type of a TLS handshake, which no length of a first packet begins with.
  if (untyped && in[0] == std::byte{0x16}) {
    end(from, "TLS, which cannot be shown");
    return in.size();
  }
  const proto::frame_result found = find(from, in);
  switch (found.state) {
    case proto::framing::incomplete: return 0;
    case proto::framing::complete: break;
    case proto::framing::too_long:
      if (!untyped) return skip_message(from, found, in.size());
      [[fallthrough]];
    case proto::framing::bad_length:
      end(from, "malformed: a message's length is out of range");
      return in.size();
  }
  if (untyped)
    take_first_packet(found.message);
  else if (from == sender::frontend)
    take_frontend(found.message);
  else
    take_backend(found.message);
  return found.needed;
}

std::size_t wire_trace::state::skip_message(sender from, const proto::frame_result& found,
                                            std::size_t there) {
  const std::string_view name = proto::name_of(from, found.message.type);
  line_.begin(letter(from), static_cast<std::uint32_t>(found.needed - 1));
  line_.add(name.empty() ? "Unknown message" : name);
  line_.add("\t(over 64 MiB: not shown)");
  print();
  const std::size_t taken = std::min(found.needed, there);
  ways_[static_cast<std::size_t>(from)].to_skip = found.needed - taken;
  return taken;
}

// "SSL Session Encryption" and "GSSAPI Session Encryption".
std::size_t wire_trace::state::take_answer(char said) {
  const bool ssl = awaited_ == answer::ssl;
  awaited_ = answer::none;
  const char yes = ssl ? 'S' : 'G';
  // An ErrorResponse stands in place of the answer.
  if (said == 'E') return 0;
  if (said != 'N' && said != yes) {
    end(sender::backend,
        ssl ? "malformed: no answer to SSLRequest" : "malformed: no answer to GSSENCRequest");
    return 1;
  }
  line_.begin('B', 1);
  line_.add(ssl ? "SSLResponse\t" : "GSSENCResponse\t");
  line_.byte(said);
  print();
  if (said == yes)
    end(sender::backend, ssl ? "TLS, which cannot be shown" : "GSSAPI, which cannot be shown");
  return 1;
}

void wire_trace::state::end(sender from, std::string_view why) {
  ended_ = true;
  line_.begin_remark(letter(from));
  line_.add("-\t");
  line_.add(why);
  line_.add("; the trace ends here");
  print();
}

wire_trace::wire_trace(callback<void(std::string_view line)> to, const wire_trace_options& options)
    : state_(std::make_unique<state>(std::move(to), options)) {}
wire_trace::wire_trace(wire_trace&&) noexcept = default;
wire_trace& wire_trace::operator=(wire_trace&&) noexcept = default;
wire_trace::~wire_trace() = default;

void wire_trace::from_frontend(bytes_view bytes) {
  state_->take(sender::frontend, bytes);
}

void wire_trace::from_backend(bytes_view bytes) {
  state_->take(sender::backend, bytes);
}

void wire_trace::restart(trace_start where) {
  state_->restart(where);
}

bool wire_trace::ended() const noexcept {
  return state_->ended();
}

}  // namespace tusk
