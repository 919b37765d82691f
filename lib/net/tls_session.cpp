#include "net/tls_session.hpp"

#include <openssl/err.h>

#include <algorithm>

namespace tusk::net {

namespace {
constexpr std::size_t record = SSL3_RT_MAX_PLAIN_LENGTH;
}  // namespace

bool tls_supported() noexcept {
  return true;
}

// Encrypts and sends without waiting. False when the socket is full; then one record at the most is
// kept, and nothing more is encrypted before that has left.
bool tls_session::send_some(socket& line, bytes_view& out, exchanged& done) noexcept {
  if (!wire_.flush()) return false;
  while (!out.empty() && !line.write_error() && ended_.ended == outcome::progress) {
    std::size_t count = 0;
    if (SSL_write_ex(ssl_.get(), out.data(), std::min(out.size(), record), &count) != 1) {
      ended_ = why_ended();
      break;
    }
    done.sent += count;
    out = out.subspan(count);
    if (wire_.has_output()) return false;
  }
  return true;
}

// Whether OpenSSL failed for want of input alone. SSL_want_read by itself also says so after
// errors.
bool tls_session::wants_input() const noexcept {
  return wire_.ended().ended == outcome::progress && ERR_peek_error() == 0 &&
         SSL_want_read(ssl_.get());
}

// Decrypts as many records as are here; waits only if the wire is allowed to, for the first.
exchanged tls_session::receive(std::span<std::byte> in) noexcept {
  exchanged done;
  while (done.received < in.size() && ended_.ended == outcome::progress) {
    std::size_t count = 0;
    const auto to = in.subspan(done.received);
    if (SSL_read_ex(ssl_.get(), to.data(), to.size(), &count) == 1) {
      done.received += count;
      wire_.allow(tls_wire::reading::buffered);
      if (!wire_.has_input()) break;
    } else if (wants_input()) {
      break;
    } else {
      ended_ = why_ended();
    }
  }
  return done.received != 0 ? done : ended_;
}

// Why OpenSSL neither reads nor writes any more.
exchanged tls_session::why_ended() noexcept {
  const exchanged& wire = wire_.ended();
  if (wire.ended != outcome::progress) return wire;
  // close_notify: whatever is behind it is not part of the conversation (RFC 8446, section 6.1).
  if ((SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0 && ERR_peek_error() == 0)
    return {0, 0, outcome::closed, {}};
  return {0, 0, outcome::failed, openssl_error()};
}

exchanged tls_session::exchange(socket& line, bytes_view out, std::span<std::byte> in,
                                const deadline& until, awaited what) {
  using reading = tls_wire::reading;
  wire_.use(line);
  // Left behind by others on this thread, it would be taken for ours.
  if (ERR_peek_error() != 0) ERR_clear_error();
  if (what == awaited::nothing) {
    wire_.allow(reading::available);
    return receive(in);
  }
  exchanged done;
  const auto end = [&done](const exchanged& with) {
    return exchanged{done.sent, with.received, with.ended, with.error};
  };
  for (bool looked = false;; looked = true) {
    const bool all_sent = send_some(line, out, done);
    if (all_sent && in.empty()) {
      if (line.write_error()) return end({0, 0, outcome::failed, line.write_error()});
      return end(ended_);
    }
    if (all_sent && what == awaited::room && !line.write_error()) return end(ended_);
    if (!in.empty()) {
      // At first only what was received or decrypted already: that must never be waited for.
      const bool waiting = all_sent && !until.is_set();
      wire_.allow(waiting ? reading::waiting : looked ? reading::available : reading::buffered);
      const exchanged got = receive(in);
      if (got.received != 0 || got.ended != outcome::progress) return end(got);
    }
    // Reading may have written, too: TLS 1.3's answer to a KeyUpdate.
    const exchanged waited = line.wait(!all_sent || wire_.has_output(), !in.empty(), until);
    if (waited.ended != outcome::progress) return end(waited);
  }
}

void tls_session::say_goodbye(socket& line, bytes_view last_words) noexcept {
  wire_.use(line);
  wire_.allow(tls_wire::reading::buffered);
  exchanged done;
  if (!send_some(line, last_words, done) || !last_words.empty()) return;
  if (ended_.ended == outcome::progress && !line.write_error())
    static_cast<void>(SSL_shutdown(ssl_.get()));
  ERR_clear_error();
}

}  // namespace tusk::net
