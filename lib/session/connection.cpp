#include "session/connection.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "session/server_error.hpp"
#include "tusk/proto/frontend.hpp"
#include "tusk/sqlstate.hpp"

namespace tusk::detail {

namespace {

engine::conversation::limits limits_of(const session_options& options) {
  engine::conversation::limits limits;
  limits.message = std::clamp<std::uint32_t>(options.max_message_bytes, 1U << 16, INT32_MAX);
  return limits;
}

// Servers report some fifteen parameters; more than this only one that means harm.
constexpr std::size_t most_parameters = 1000;

// Messages that `take_asynchronous` looks at.
constexpr bool concerns_all(char type) noexcept {
  return type == 'N' || type == 'A' || type == 'S' || type == 'E';
}

template <class T>
void push_bounded(std::deque<T>& queue, T item, std::size_t most, std::uint64_t& dropped) {
  queue.push_back(std::move(item));
  for (; queue.size() > most; ++dropped)
    queue.pop_front();
}

}  // namespace

connection::connection(net::address to, engine::startup_options startup,
                       const session_options& options, const net::deadline& until)
    : peer_(std::move(to)),
      talk_(std::move(startup), limits_of(options)),
      max_queued_(options.max_queued_messages),
      drain_timeout_(options.drain_timeout) {
  const net::exchanged done = net::socket::connect(peer_, until, socket_);
  if (done.ended == net::outcome::timed_out) {
    raise({.kind = error_kind::timeout,
           .message = "no connection " + until.within(),
           .session_usable = false});
  }
  if (done.ended != net::outcome::progress) {
    raise({.kind = error_kind::connect, .message = done.error.message(), .session_usable = false});
  }
  start(until);
  established_ = true;
}

void connection::start(const net::deadline& until) {
  for (;;) {
    const engine::event& said = wait(until);
    if (said.type == 'E') {
      error_details refusal =
          read_error_fields(std::get<proto::error_response>(said.message).fields);
      refusal.session_usable = false;
      refusal.kind = error_kind::connect;
      raise(std::move(refusal));
    }
    if (const auto* key = std::get_if<proto::backend_key_data>(&said.message)) {
      process_id_ = key->process_id;
      cancel_key_.assign(reinterpret_cast<const char*>(key->secret_key.data()),
                         key->secret_key.size());
    }
    if (said.type == 'Z') return;
  }
}

const engine::event& connection::wait(const net::deadline& until) {
  for (;;) {
    switch (talk_.next(event_)) {
      case engine::step::event:
        if (!concerns_all(event_.type) || !take_asynchronous(event_)) return event_;
        break;
      case engine::step::input: exchange(until); break;
      case engine::step::broken: fail();
    }
  }
}

// Carries out the engine's demand, once.
void connection::exchange(const net::deadline& until) {
  if (!socket_.is_open()) fail_broken();
  const engine::demand wanted = talk_.wants();
  const net::exchanged done =
      socket_.exchange(wanted.send, wanted.receive ? talk_.space() : std::span<std::byte>{}, until);
  talk_.sent(done.sent);
  talk_.received(done.received);
  switch (done.ended) {
    case net::outcome::progress: return;
    case net::outcome::closed: talk_.closed("the server closed the connection"); return;
    case net::outcome::failed:
      talk_.closed("the connection failed: " + done.error.message());
      return;
    case net::outcome::timed_out:
      raise({.kind = error_kind::timeout,
             .message = "the server did not answer " + until.within(),
             .session_usable = false});
  }
}

// The one point where messages that answer nothing leave the stream.
bool connection::take_asynchronous(const engine::event& event) {
  switch (event.type) {
    case 'N': {
      notice said{read_error_fields(std::get<proto::notice_response>(event.message).fields)};
      push_bounded(notices, std::move(said), max_queued_, dropped);
      return true;
    }
    case 'A': {
      const auto& said = std::get<proto::notification_response>(event.message);
      push_bounded(notifications,
                   {said.process_id, std::string(said.channel), std::string(said.payload)},
                   max_queued_, dropped);
      return true;
    }
    case 'S': {
      const auto& said = std::get<proto::parameter_status>(event.message);
      const bool is_new = parameters_.find(said.name) == parameters_.end();
      if (is_new && parameters_.size() >= most_parameters) {
        ++dropped;
      } else {
        parameters_.insert_or_assign(std::string(said.name), std::string(said.value));
      }
      return true;
    }
    case 'E': {
      error_details said = read_error_fields(std::get<proto::error_response>(event.message).fields);
      if (event.request == 0 || ends_session(said)) last_words_ = std::move(said);
      return event.request == 0;
    }
    default: return false;
  }
}

// The conversation is over: says so, with the server's own reason when it gave one.
void connection::fail() {
  const engine::failure& why = talk_.failure();
  socket_.close();
  if (last_words_ && established_) {
    error_details lost = *last_words_;
    given_up_ = lost.message;  // later calls say it, too
    lost.kind = error_kind::connection_lost;
    lost.session_usable = lost.transaction_usable = false;
    raise(std::move(lost));
  }
  error_kind kind = error_kind::connect;
  sqlstate_code code;
  if (why.kind == engine::failure_kind::authentication) {
    code = sqlstate::invalid_authorization_specification;
  }
  if (why.kind == engine::failure_kind::protocol) kind = error_kind::protocol;
  if (why.kind == engine::failure_kind::closed && established_) kind = error_kind::connection_lost;
  raise({.kind = kind,
         .message = why.message,
         .code = code,
         .session_usable = false,
         .transaction_usable = false});
}

bool connection::leave_to_parent() noexcept {
  if (!socket_.is_inherited()) return false;
  give_up("it belongs to the process that forked this one");
  return true;
}

drained connection::drain(const net::deadline& until) noexcept {
  if (leave_to_parent()) return drained::broken;
  drained how = drained::finished;
  try {
    while (!talk_.idle()) {
      const engine::event& said = wait(until);
      if (said.type == 'G') talk_.refuse_copy("the statement was given up");
      if (said.type == 'E') how = drained::failed;
    }
    return how;
  } catch (const std::exception& e) {
    give_up("the rest of a statement's answer could not be read: ", e.what());
    return drained::broken;
  }
}

drained connection::cancel_and_drain() noexcept {
  if (leave_to_parent()) return drained::broken;
  const auto until = net::deadline::after(drain_timeout_);
  if (send_cancel(until) == cancelling::uncertain) {
    give_up("whether a statement was cancelled could not be found out in time");
    return drained::broken;
  }
  return drain(until);
}

// "Canceling Requests in Progress": a connection of its own, to the same address. The server
// closes it without an answer.
connection::cancelling connection::send_cancel(const net::deadline& until) noexcept {
  if (cancel_key_.empty()) return cancelling::not_sent;  // a pooler may give no key
  std::array<std::byte, 272> packet;
  proto::writer out(packet);
  const bytes_view key = std::as_bytes(std::span(cancel_key_));
  if (proto::encode(out, proto::cancel_request{process_id_, key})) return cancelling::not_sent;
  net::socket line;
  if (net::socket::connect(peer_, until, line).ended != net::outcome::progress) {
    return cancelling::not_sent;
  }
  bytes_view left = out.written();
  for (;;) {
    std::array<std::byte, 64> ignored;
    const net::exchanged done = line.exchange(left, ignored, until);
    left = left.subspan(done.sent);
    // Only when the server has closed this connection it is certain that the cancel cannot hit a
    // later statement.
    if (done.ended == net::outcome::timed_out) return cancelling::uncertain;
    if (done.ended != net::outcome::progress) return cancelling::passed_on;
  }
}

void connection::give_up(std::string_view why, std::string_view more) noexcept {
  socket_.close();
  if (!given_up_.empty()) return;
  try {
    given_up_.append(why).append(more);
  } catch (const std::bad_alloc&) {
    // Then it is given up without a reason.
  }
}

bool connection::broken() const noexcept {
  return !socket_.is_open() || talk_.phase() == engine::phase::broken;
}

void connection::fail_broken(std::string_view sql) const {
  const std::string& why = given_up_.empty() ? talk_.failure().message : given_up_;
  raise({.kind = error_kind::connection_lost,
         .message = "the session is broken: " + why,
         .code = last_words_ ? last_words_->code : sqlstate_code(),
         .statement = std::string(sql),
         .session_usable = false,
         .transaction_usable = false,
         .safe_to_retry = true});
}

void connection::farewell() noexcept {
  if (!broken() && talk_.idle()) {
    talk_.terminate();
    socket_.farewell(talk_.wants().send);
  }
  socket_.close();
}

std::string_view connection::parameter(std::string_view name) const noexcept {
  const auto found = parameters_.find(name);
  return found == parameters_.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace tusk::detail
