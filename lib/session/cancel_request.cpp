#include "session/cancel_request.hpp"

#include <span>
#include <utility>

#include "tusk/proto/frontend.hpp"
#include "tusk/proto/writer.hpp"

namespace tusk::detail {

cancel_request::cancel_request(const cancel_target& to, const net::deadline& until) {
  proto::writer out(packet_);
  const bytes_view key = std::as_bytes(std::span(to.key));
  if (proto::encode(out, proto::cancel_request{to.process_id, key})) {
    why_ = "the server's cancel key is not one that the protocol knows";
    return;
  }
  size_ = out.written().size();
  opened apart = open(to.way, until);
  why_ = std::move(apart.why);
  if (apart.how == opening::open) line_ = std::move(apart.line);
}

cancel_end cancel_request::finish(const net::deadline& until) {
  for (;;) {
    const bytes_view left = bytes_view(packet_).first(size_).subspan(sent_);
    std::array<std::byte, 64> ignored;
    const net::exchanged done = line_.exchange(left, ignored, until);
    sent_ += done.sent;
    if (done.ended == net::outcome::progress) continue;
    const bool late = done.ended == net::outcome::timed_out;
    // The server takes no part of a request for one, and it goes with this connection.
    if (sent_ < size_) {
      why_ = late ? "the server did not take the request " + until.within()
                  : "the server closed the connection before the request was sent";
      return cancel_end::not_sent;
    }
    return late ? cancel_end::uncertain : cancel_end::passed_on;
  }
}

}  // namespace tusk::detail
