#include "trace_relay.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <span>
#include <system_error>
#include <utility>

#include "tusk/proto/frontend.hpp"
#include "tusk/proto/notice.hpp"

namespace cli {

namespace {

constexpr std::size_t piece = 65536;
// What PostgreSQL takes as a first packet at the most.
constexpr std::uint32_t longest_first_packet = 10'000;

tusk::bytes_view bytes_of(std::string_view text) noexcept {
  return std::as_bytes(std::span(text.data(), text.size()));
}

// Nothing of this is read: the trace has seen it where it came from.
bool is_request_for_encryption(tusk::bytes_view body) noexcept {
  tusk::proto::first_packet packet;
  if (tusk::proto::decode_first_packet(body, packet)) return false;
  return std::holds_alternative<tusk::proto::ssl_request>(packet) ||
         std::holds_alternative<tusk::proto::gssenc_request>(packet);
}

std::string error_response(std::string_view message) {
  using tusk::proto::error_field;
  const std::array<error_field, 4> fields{
      {{'S', "FATAL"}, {'V', "FATAL"}, {'C', "08006"}, {'M', message}}};
  std::string text(message.size() + 64, '\0');
  tusk::proto::writer out(std::as_writable_bytes(std::span(text)));
  if (encode(out, tusk::proto::error_response{.fields = fields})) return {};
  text.resize(out.size());
  return text;
}

}  // namespace

relay::relay(descriptor client, const upstream& to, tusk::wire_trace trace)
    : client_(std::move(client)), to_(to), trace_(std::move(trace)) {}

pollfd relay::client_side() const noexcept {
  const bool reads =
      phase_ == phase::negotiating || (phase_ == phase::relaying && requests_.waiting.empty());
  const int events =
      (reads && !requests_.ended ? POLLIN : 0) | (answers_.waiting.empty() ? 0 : POLLOUT);
  return {events == 0 ? -1 : client_.number(), static_cast<short>(events), 0};
}

pollfd relay::server_side() const noexcept {
  int events = 0;
  if (phase_ == phase::connecting) events = POLLOUT;
  if (phase_ == phase::relaying) {
    events = (answers_.waiting.empty() && !answers_.ended ? POLLIN : 0) |
             (requests_.waiting.empty() ? 0 : POLLOUT);
  }
  return {events == 0 ? -1 : server_.number(), static_cast<short>(events), 0};
}

void relay::go_on(short client_events, short server_events) {
  if (phase_ == phase::connecting && server_events != 0) settle_connect();
  if ((client_events & ~POLLOUT) != 0) read_client();
  if (phase_ == phase::relaying && (server_events & ~POLLOUT) != 0) read_server();
  // A client that has gone takes its connection with it. A server that has gone may have said why.
  if (!write(answers_, client_)) {
    phase_ = phase::over;
  } else if (phase_ == phase::relaying && !write(requests_, server_)) {
    requests_.waiting.clear();
    requests_.ended = requests_.passed_on = true;
  }
  if (phase_ == phase::refusing && answers_.passed_on) phase_ = phase::over;
  if (requests_.passed_on && answers_.passed_on) phase_ = phase::over;
}

// What has come is both kept in `into` and given as `what`. False when the connection has failed.
bool relay::read(const descriptor& from, flow& into, std::string_view& what) {
  const std::size_t before = into.waiting.size();
  into.waiting.resize(before + piece);
  const ssize_t count = ::recv(from.number(), into.waiting.data() + before, piece, 0);
  const int why = errno;
  into.waiting.resize(before + static_cast<std::size_t>(count > 0 ? count : 0));
  what = std::string_view(into.waiting).substr(before);
  if (count == 0) into.ended = true;
  return count >= 0 || why == EAGAIN || why == EWOULDBLOCK || why == EINTR;
}

void relay::read_client() {
  std::string_view what;
  if (!read(client_, requests_, what)) {
    phase_ = phase::over;
    return;
  }
  trace_.from_frontend(bytes_of(what));
  if (phase_ == phase::negotiating) negotiate();
}

void relay::read_server() {
  std::string_view what;
  if (!read(server_, answers_, what)) answers_.ended = true;
  trace_.from_backend(bytes_of(what));
}

// Requests for encryption are answered here, so that what follows can be read. ("SSL Session
// Encryption", "GSSAPI Session Encryption")
void relay::negotiate() {
  for (;;) {
    const auto found =
        tusk::proto::next_untyped_frame(bytes_of(requests_.waiting), longest_first_packet);
    const bool whole = found.state == tusk::proto::framing::complete;
    if (whole && is_request_for_encryption(found.message.body)) {
      requests_.waiting.erase(0, found.needed);
      answers_.waiting += 'N';
      trace_.from_backend(bytes_of("N"));
    } else if (found.state == tusk::proto::framing::incomplete && !requests_.ended) {
      return;
    } else {
      break;
    }
  }
  // One that only looked whether somebody listens needs no server.
  if (requests_.waiting.empty())
    phase_ = phase::over;
  else
    begin_to_connect();
}

void relay::begin_to_connect() {
  int why = 0;
  while (next_address_ < to_.addresses.size()) {
    server_ = begin_connect(to_.addresses[next_address_++]);
    if (server_.is_open()) {
      phase_ = phase::connecting;
      return;
    }
    why = errno;
  }
  refuse(why);
}

void relay::settle_connect() {
  const int why = connect_error(server_);
  if (why == 0)
    phase_ = phase::relaying;
  else if (next_address_ < to_.addresses.size())
    begin_to_connect();
  else
    refuse(why);
}

void relay::refuse(int why) {
  const std::string said = error_response("tusk trace cannot connect to " + to_.name + ": " +
                                          std::generic_category().message(why));
  trace_.from_backend(bytes_of(said));
  answers_.waiting += said;
  answers_.ended = true;
  phase_ = phase::refusing;
}

// False when `to` takes nothing any more.
bool relay::write(flow& from, const descriptor& to) {
  std::string& waiting = from.waiting;
  while (!waiting.empty()) {
    const ssize_t sent = ::send(to.number(), waiting.data(), waiting.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return errno == EAGAIN || errno == EWOULDBLOCK;
    waiting.erase(0, static_cast<std::size_t>(sent));
  }
  if (from.ended && !from.passed_on) {
    ::shutdown(to.number(), SHUT_WR);
    from.passed_on = true;
  }
  return true;
}

}  // namespace cli
