#include <algorithm>
#include <utility>

#include "session/client_encoding.hpp"
#include "session/connection.hpp"
#include "session/server_error.hpp"

// What a server says beside its answers: notices, notifications, parameters, and last words.
namespace tusk::detail {

namespace {

// Servers report some fifteen parameters; more than this only one that means harm.
constexpr std::size_t most_parameters = 1000;

std::string_view by_name(const std::pair<std::string, std::string>& parameter) noexcept {
  return parameter.first;
}

template <class T>
void push_bounded(std::deque<T>& queue, T item, std::size_t most, std::uint64_t& dropped) {
  queue.push_back(std::move(item));
  for (; queue.size() > most; ++dropped)
    queue.pop_front();
}

// Operator intervention: crash_shutdown, and admin_shutdown of one that stops at once.
bool tells_of_end(sqlstate_code code) noexcept {
  return code.text() == "57P02" || code.text() == "57P01";
}

}  // namespace

// The one point where messages that answer nothing leave the stream.
bool connection::take_asynchronous(const engine::event& event) {
  switch (event.type) {
    case 'N':
      take_notice({read_error_fields(std::get<proto::notice_response>(event.message).fields)});
      return true;
    case 'A':
      take_notification(std::get<proto::notification_response>(event.message), nullptr);
      return true;
    case 'S': take_parameter(std::get<proto::parameter_status>(event.message)); return true;
    case 'E': {
      error_details said = read_error_fields(std::get<proto::error_response>(event.message).fields);
      if (event.request == 0 || ends_session(said)) last_words_ = std::move(said);
      return event.request == 0;
    }
    default: return false;
  }
}

void connection::take_notice(notice said) {
  if (tells_of_end(said.fields.code)) [[unlikely]] {
    warning_of_end_ = said.fields;
    warned_at_ = bytes_consumed();
  }
  if (listening.on_notice) {
    listening.tell(listening.on_notice, said);
  } else {
    push_bounded(notices, std::move(said), max_queued_, dropped);
  }
}

// To its handler, to who waits for it, or into the queue.
void connection::take_notification(const proto::notification_response& said,
                                   std::optional<notification>* waiting) {
  notification heard{said.process_id, std::string(said.channel), std::string(said.payload)};
  if (!listening.handlers.empty()) {
    if (const notification_handler told = listening.handler_of(heard.channel)) {
      listening.tell(told, heard);
      return;
    }
  }
  if (waiting != nullptr) {
    *waiting = std::move(heard);
    return;
  }
  const std::uint64_t before = dropped;
  push_bounded(notifications, std::move(heard), max_queued_, dropped);
  dropped_notifications += dropped - before;
}

bool connection::take_unasked(std::optional<notification>& came) {
  switch (talk_.next(event_)) {
    case engine::step::event: break;
    case engine::step::input: return false;
    case engine::step::broken: fail();
  }
  if (event_.type == 'A') {
    take_notification(std::get<proto::notification_response>(event_.message), &came);
    return true;
  }
  // Nothing was asked, so nothing can be an answer: the engine has seen to that.
  static_cast<void>(take_asynchronous(event_));
  if (last_words_) {
    talk_.closed("the server has taken its leave");
    fail();
  }
  return true;
}

bool connection::listen(const net::deadline& until, net::wake_event* by) {
  if (!line_.is_open()) fail_broken();  // a function that was told something has closed it
  const std::span<std::byte> room = talk_.space();
  const net::exchanged done = line_.listen(room, until, by);
  take_received(room, done);  // what came before the end is looked at first
  return done.ended != net::outcome::timed_out && done.ended != net::outcome::woken;
}

void connection::take_parameter(const proto::parameter_status& said) {
  ++parameter_changes_;
  if (const auto known = std::ranges::find(parameters_, said.name, by_name);
      known != parameters_.end()) {
    if (known->second == said.value) return;
    known->second = said.value;
  } else if (parameters_.size() < most_parameters) {
    parameters_.emplace_back(said.name, said.value);
  } else {
    ++dropped;
    return;
  }
  if (said.name == "client_encoding") foreign_encoding_ = !is_utf8(said.value);
  if (established_ && listening.on_parameter_change)
    listening.tell(listening.on_parameter_change, said.name, said.value);
}

std::string_view connection::parameter(std::string_view name) const noexcept {
  const auto found = std::ranges::find(parameters_, name, by_name);
  return found == parameters_.end() ? std::string_view() : std::string_view(found->second);
}

// What has come while nothing was sent.
void connection::take_received(std::span<std::byte> room, const net::exchanged& done) {
  if (trace_) [[unlikely]]
    show({}, room.first(done.received));
  talk_.received(done.received);
  bytes_received_ += done.received;
  end_exchange(done);
}

net::exchanged connection::receive_now() {
  const std::span<std::byte> room = talk_.space();
  const net::exchanged done = line_.exchange({}, room, {}, net::awaited::nothing);
  take_received(room, done);
  return done;
}

void connection::peek() {
  if (leave_to_parent() || !line_.is_open()) fail_broken();
  static_cast<void>(receive_now());
}

// What has come, and no more.
void connection::take_in() {
  for (;;) {
    // Before the connection's end is seen. Nothing was asked, so nothing can be an answer.
    static_cast<void>(poll_event());
    const net::exchanged done = receive_now();
    if (done.ended != net::outcome::progress) static_cast<void>(poll_event());  // throws why
    if (done.received == 0) return;
  }
}

bool connection::check() noexcept {
  if (broken() || leave_to_parent()) return false;
  try {
    take_in();
    // The server has said why it is leaving, whether or not it has gone.
    if (last_words_) give_up(last_words_->message);
  } catch (const error&) {
    // The connection has ended, and knows why.
  } catch (const std::exception& e) {
    give_up("what the server had said could not be read: ", e.what());
  }
  return !broken();
}

}  // namespace tusk::detail
