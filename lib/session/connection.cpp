#include "session/connection.hpp"

#include <algorithm>
#include <utility>

#include "session/server_error.hpp"
#include "tusk/sqlstate.hpp"

namespace tusk::detail {

namespace {

engine::conversation::limits limits_of(const session_options& options) {
  engine::conversation::limits limits;
  limits.message = std::clamp<std::uint32_t>(options.max_message_bytes, 1U << 16, INT32_MAX);
  return limits;
}

// Of a batch that has been checked: type, length, count of columns, length of the first value.
std::string first_value(const engine::row_batch& rows) {
  proto::reader in({rows.data + 5, rows.size - 5});
  const std::uint16_t columns = in.u16();
  const std::int32_t size = columns == 0 ? 0 : in.i32();
  const bytes_view value = in.bytes(static_cast<std::size_t>(std::max(size, 0)));
  return {reinterpret_cast<const char*>(value.data()), value.size()};
}

// Messages that `take_asynchronous` looks at.
constexpr bool concerns_all(char type) noexcept {
  return type == 'N' || type == 'A' || type == 'S' || type == 'E';
}

tls_info info_of(const net::tls_facts& facts) {
  return {.version = facts.version,
          .cipher = facts.cipher,
          .cipher_bits = facts.bits,
          .alpn = facts.alpn,
          .server = {.subject = facts.subject,
                     .issuer = facts.issuer,
                     .not_before = facts.not_before,
                     .not_after = facts.not_after,
                     .der = facts.certificate},
          .verified = facts.verified,
          .client_certificate = facts.client_certificate_sent};
}

}  // namespace

connection::connection(route way, net::transport line, engine::startup_options startup,
                       const session_options& options, const net::deadline& until)
    : listening(options),
      way_(std::move(way)),
      peer_(way_.text()),
      line_(std::move(line)),
      talk_(std::move(startup), limits_of(options)),
      max_queued_(options.max_queued_messages),
      drain_timeout_(options.drain_timeout),
      trace_(options.trace) {
  if (trace_) trace_->restart();
  parameters_.reserve(16);
  if (const net::tls_facts* facts = line_.tls()) {
    tls_ = info_of(*facts);
    if (!facts->warning.empty()) take_notice({{.message = facts->warning, .severity = "WARNING"}});
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
      // The server's error does not say which token it wants; what it said before does.
      if (talk_.method() == authentication_method::oauthbearer)
        refusal.message += ": " + talk_.failure().message;
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
      case engine::step::input:
        if (talk_.idle() && talk_.unsent() == 0) [[unlikely]]
          fail_waiting();
        exchange(until);
        break;
      case engine::step::broken: fail();
    }
  }
}

// Whoever waits for what nobody has asked for waits for ever.
void connection::fail_waiting() {
  give_up("an answer was waited for, and nothing had been asked");
  raise({.kind = error_kind::protocol, .message = given_up_, .session_usable = false});
}

const engine::event* connection::poll_event() {
  for (;;) {
    switch (talk_.next(event_)) {
      case engine::step::event:
        if (!concerns_all(event_.type) || !take_asynchronous(event_)) return &event_;
        break;
      case engine::step::input: return nullptr;
      case engine::step::broken: fail();
    }
  }
}

// Carries out the engine's demand, once.
void connection::exchange(const net::deadline& until, net::awaited what) {
  if (leave_to_parent() || !line_.is_open()) fail_broken();
  const engine::demand wanted = talk_.wants();
  const std::span<std::byte> room = wanted.receive ? talk_.space() : std::span<std::byte>{};
  const net::exchanged done = line_.exchange(wanted.send, room, until, what);
  // Before what is secret of it is overwritten.
  if (trace_) [[unlikely]]
    show(wanted.send.first(done.sent), room.first(done.received));
  talk_.sent(done.sent);
  bytes_sent_ += done.sent;
  talk_.received(done.received);
  bytes_received_ += done.received;
  switch (done.ended) {
    case net::outcome::progress:
    case net::outcome::woken: return;
    case net::outcome::closed:
    case net::outcome::failed: end_exchange(done); return;
    case net::outcome::timed_out:
      raise({.kind = error_kind::timeout,
             .message = "the server did not answer " + until.within(),
             .session_usable = false});
  }
}

// The connection has ended.
void connection::end_exchange(const net::exchanged& done) {
  if (done.ended == net::outcome::closed) talk_.closed("the server closed the connection");
  if (done.ended == net::outcome::failed)
    talk_.closed("the connection failed: " + done.error.message());
}

// The conversation is over: says so, with the server's own reason when it gave one.
void connection::fail() {
  const engine::failure& why = talk_.failure();
  line_.close();
  // A server that crashes or is stopped at once takes leave with a WARNING.
  const bool warned = warning_of_end_ && warned_at_ == bytes_consumed();
  if (!last_words_ && warned && why.kind == engine::failure_kind::closed)
    last_words_ = warning_of_end_;
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

std::string connection::ask(std::string_view sql, const net::deadline& until) {
  std::string answer;
  std::optional<error_details> failed;
  talk_.simple_query(sql);
  for (;;) {
    const engine::event& said = wait(until);
    if (said.type == 'Z') break;
    if (said.type == 'E')
      failed = read_error_fields(std::get<proto::error_response>(said.message).fields);
    if (said.type == 'D' && answer.empty()) answer = first_value(said.rows);
  }
  if (failed) raise(std::move(*failed));
  return answer;
}

void connection::keep_messages_of(connection& before) {
  const auto prepend = [](auto& queue, auto& earlier) {
    queue.insert(queue.begin(), std::make_move_iterator(earlier.begin()),
                 std::make_move_iterator(earlier.end()));
  };
  prepend(notices, before.notices);
  prepend(notifications, before.notifications);
  dropped += before.dropped;
  dropped_notifications += before.dropped_notifications;
  // Who listens anew wants to be told as before.
  listening.handlers = std::move(before.listening.handlers);
}

bool connection::leave_to_parent() noexcept {
  if (!is_inherited()) [[likely]]
    return false;
  give_up(
      "it was opened by the process that forked this one, which goes on using it: "
      "open another one here");
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
  if (send_cancel(until) == cancel_end::uncertain) {
    give_up("whether a statement was cancelled could not be found out in time");
    return drained::broken;
  }
  return drain(until);
}

std::shared_ptr<const cancel_target> connection::cancelled_by() const {
  return std::make_shared<const cancel_target>(cancel_target{way_, process_id_, cancel_key_});
}

cancel_end connection::send_cancel(const net::deadline& until) noexcept {
  if (cancel_key_.empty()) return cancel_end::not_sent;  // a pooler may give no key
  try {
    cancel_request request(*cancelled_by(), until);
    return request.is_open() ? request.finish(until) : cancel_end::not_sent;
  } catch (...) {
    return cancel_end::not_sent;  // memory, or whatever a callback of the caller's throws
  }
}

void connection::give_up(std::string_view why, std::string_view more) noexcept {
  line_.close();
  if (!given_up_.empty()) return;
  try {
    given_up_.append(why).append(more);
  } catch (const std::bad_alloc&) {
    // Then it is given up without a reason.
  }
}

bool connection::broken() const noexcept {
  return !line_.is_open() || talk_.phase() == engine::phase::broken;
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
    if (trace_) show(talk_.wants().send, {});
    line_.farewell(talk_.wants().send);
  }
  line_.close();
}

}  // namespace tusk::detail
