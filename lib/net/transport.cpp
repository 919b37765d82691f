#include "net/transport.hpp"

#include "net/tls_channel.hpp"

namespace tusk::net {

transport::transport() noexcept = default;
transport::transport(socket line) noexcept : socket_(std::move(line)) {}
transport::~transport() = default;
transport::transport(transport&& other) noexcept = default;
transport& transport::operator=(transport&& other) noexcept = default;

std::optional<tls_failure> transport::start_tls(const tls_settings& settings,
                                                const deadline& until) {
  return net::start_tls(socket_, settings, until, tls_);
}

const tls_facts* transport::tls() const noexcept {
  return tls_ ? &tls_->facts() : nullptr;
}

channel_binding transport::binding() const {
  if (tls_) return tls_->binding();
  return {{}, "the connection is not encrypted by TLS"};
}

exchanged transport::exchange_over_tls(bytes_view out, std::span<std::byte> in,
                                       const deadline& until, awaited what) {
  return tls_->exchange(socket_, out, in, until, what);
}

// What the socket has passed on to TLS, poll(2) does not see: so TLS is asked before each wait.
exchanged transport::listen(std::span<std::byte> in, const deadline& until, wake_event* by) {
  if (by == nullptr && !until.passed()) return exchange({}, in, until);
  for (bool ask = tls_ != nullptr || by == nullptr || until.passed();; ask = true) {
    if (ask) {
      const exchanged got = exchange({}, in, {}, awaited::nothing);
      if (got.received != 0 || got.ended != outcome::progress) return got;
    }
    if (by == nullptr) return {0, 0, outcome::timed_out, {}};
    const exchanged waited = socket_.wait_for_input(until, *by);
    if (waited.ended != outcome::progress) return waited;
  }
}

void transport::farewell(bytes_view last_words) noexcept {
  // A forked child shares the keys: a record of its own would break its parent's stream.
  if (tls_ && is_open() && !is_inherited()) {
    tls_->say_goodbye(socket_, last_words);
    last_words = {};
  }
  socket_.farewell(last_words);
  tls_.reset();
}

void transport::close() noexcept {
  socket_.close();
  tls_.reset();
}

}  // namespace tusk::net
