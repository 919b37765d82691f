#include <utility>

#include "session/connection.hpp"

namespace tusk::detail {

void connection::trace(std::shared_ptr<wire_trace> to) {
  trace_ = std::move(to);
  if (!trace_) return;
  trace_->restart(trace_start::message);
  // What has come and was not looked at yet, such as the first half of a notice.
  show({}, talk_.unread());
}

// In the middle of an exchange nothing may be thrown, or what was sent would be sent again.
void connection::show(bytes_view sent, bytes_view received) noexcept {
  try {
    trace_->from_frontend(sent);
    trace_->from_backend(received);
  } catch (...) {
    trace_.reset();
  }
}

}  // namespace tusk::detail
