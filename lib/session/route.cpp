#include "session/route.hpp"

#include <array>
#include <utility>

#include "engine/encryption_request.hpp"
#include "tusk/proto/writer.hpp"

namespace tusk::detail {

namespace {

opened failed(opening how, std::string why) {
  opened made;
  made.how = how;
  made.why = std::move(why);
  return made;
}

opened timed_out(const net::deadline& until, std::string_view what) {
  return failed(opening::timed_out, std::string(what) + " " + until.within());
}

// What a transfer that went wrong means for the attempt.
opened failed_transfer(const net::exchanged& done, const net::deadline& until) {
  if (done.ended == net::outcome::timed_out) return timed_out(until, "the server did not answer");
  if (done.ended == net::outcome::failed)
    return failed(opening::unreachable, "the connection failed: " + done.error.message());
  return failed(opening::unreachable, "the server closed the connection");
}

// Which parameter of the user's it is that plain text does not satisfy.
std::string wish_for_tls(const connect_plan& plan) {
  if (plan.tls == encryption::allow || plan.tls == encryption::prefer)
    return "sslcertmode=require needs it";
  return "sslmode=" + plan.to.sslmode.value_or("require") + " asks for it";
}

opened connect_socket(const route& way, const net::deadline& until) {
  opened made;
  net::socket line;
  if (way.address) {
    const net::exchanged done = net::socket::connect(*way.address, way.plan->tcp, until, line);
    if (done.ended == net::outcome::timed_out) return timed_out(until, "no connection");
    if (done.ended != net::outcome::progress)
      return failed(opening::unreachable, done.error.message());
  } else {
    const int descriptor = way.connector(way.server);
    if (descriptor < 0)
      return failed(opening::unreachable, "the program's own connector gave no connection");
    line = net::socket::adopt(descriptor);
  }
  made.line = net::transport(std::move(line));
  return made;
}

// SSLRequest and its answer ("SSL Session Encryption").
engine::encryption_request::answer ask_for_tls(opened& made, const net::deadline& until) {
  using answer = engine::encryption_request::answer;
  engine::encryption_request request;
  std::array<std::byte, 16> packet;
  proto::writer out(packet);
  if (request.begin(out)) return answer::failed;
  bytes_view left = out.written();
  std::array<std::byte, 64> received;
  std::size_t count = 0;
  for (;;) {
    const net::exchanged done = made.line.exchange(left, std::span(received).subspan(count), until);
    left = left.subspan(done.sent);
    count += done.received;
    if (done.ended != net::outcome::progress) {
      made = failed_transfer(done, until);
      return answer::failed;
    }
    const answer said = request.take(std::span(received).first(count));
    if (said == answer::need_more) continue;
    if (said == answer::failed) {
      // Somebody in between must not get the connection in plain text by spoiling the answer.
      const bool lies = request.why().kind == engine::failure_kind::protocol;
      made = failed(lies ? opening::no_postgresql : opening::no_tls, request.why().message);
    }
    return said;
  }
}

void start_tls(const route& way, opened& made, const net::deadline& until) {
  net::tls_settings settings = way.plan->tls_settings;
  settings.host = way.server.name();
  const std::optional<net::tls_failure> failure = made.line.start_tls(settings, until);
  if (!failure) {
    made.encrypted = true;
    return;
  }
  opening how = opening::no_tls;
  if (failure->what == net::tls_fault::timed_out) how = opening::timed_out;
  // Where plain text would do, a server that dies of the handshake is one without TLS, as in libpq.
  if (failure->what == net::tls_fault::network && !way.may_be_plain) how = opening::unreachable;
  if (failure->what == net::tls_fault::settings) how = opening::bad_settings;
  made = failed(how, failure->message);
}

}  // namespace

std::string route::text() const {
  if (address) return address->text();
  return server.name() + ":" + std::to_string(server.port);
}

opened open(const route& way, const net::deadline& until) {
  using answer = engine::encryption_request::answer;
  if (way.protected_by == protection::none &&
      way.plan->tls_settings.mode == net::client_certificate::require) {
    return failed(opening::bad_settings,
                  "sslcertmode=require, but this connection has no TLS, and only with it can a "
                  "server ask for a client certificate");
  }
  opened made = connect_socket(way, until);
  if (made.how != opening::open) return made;
  if (!way.plan->required_peer.empty()) {
    if (auto why = made.line.plain().refuse_peer(way.plan->required_peer))
      return failed(opening::wrong_peer, std::move(*why));
  }
  if (way.protected_by == protection::none) return made;
  if (way.protected_by == protection::negotiated) {
    const answer said = ask_for_tls(made, until);
    if (said == answer::failed) return made;
    if (said == answer::plain) {
      if (way.may_be_plain) return made;
      return failed(opening::no_tls, "the server has no TLS, and " + wish_for_tls(*way.plan));
    }
  }
  start_tls(way, made, until);
  return made;
}

}  // namespace tusk::detail
