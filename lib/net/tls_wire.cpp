#include "net/tls_wire.hpp"

#include <algorithm>
#include <cstring>
#include <new>

namespace tusk::net {

namespace {
constexpr std::size_t input_size = 65'536;
}  // namespace

tls_wire::tls_wire() : input_(std::make_unique_for_overwrite<std::byte[]>(input_size)) {}

BIO_METHOD* tls_wire::method() noexcept {
  // Made once and kept: BIOs on it may be alive until the very end.
  static BIO_METHOD* const made = [] {
    BIO_METHOD* fresh = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "tusk socket");
    if (fresh == nullptr) return fresh;
    BIO_meth_set_write_ex(fresh, write_callback);
    BIO_meth_set_read_ex(fresh, read_callback);
    BIO_meth_set_ctrl(fresh, control_callback);
    return fresh;
  }();
  return made;
}

BIO* tls_wire::make_bio() noexcept {
  BIO_METHOD* const how = method();
  BIO* const bio = how == nullptr ? nullptr : BIO_new(how);
  if (bio == nullptr) return nullptr;
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  return bio;
}

bool tls_wire::write(bytes_view bytes) noexcept {
  exchanged ignored;
  if (!has_output() && line_->send_some(bytes, ignored)) return true;
  // After an error nothing is sent any more, but what the server said before can still be read.
  if (line_->write_error()) return true;
  try {
    output_.insert(output_.end(), bytes.begin(), bytes.end());
    return true;
  } catch (const std::bad_alloc&) {
    ended_ = {0, 0, outcome::failed, std::make_error_code(std::errc::not_enough_memory)};
    return false;
  }
}

bool tls_wire::flush() noexcept {
  if (!has_output()) return true;
  bytes_view left = bytes_view(output_).subspan(output_sent_);
  exchanged done;
  const bool all = line_->send_some(left, done) || line_->write_error();
  output_sent_ += done.sent;
  if (all) {
    output_.clear();
    output_sent_ = 0;
  }
  return all;
}

// Called with an empty buffer. False when there is nothing to read, for now or for ever.
bool tls_wire::fill() noexcept {
  if (ended_.ended != outcome::progress || reading_ == reading::buffered) return false;
  // A peer that waits for the rest of our bytes says nothing: no waiting then.
  const bool waiting = reading_ == reading::waiting && !has_output();
  const exchanged got = line_->receive({input_.get(), input_size}, waiting);
  if (got.received == 0) {
    ended_ = got;
    return false;
  }
  // One look at the socket a turn: the caller watches the deadline in between, and records without
  // data for it (tickets, fresh keys) could otherwise come for ever.
  if (!waiting) reading_ = reading::buffered;
  begin_ = 0;
  end_ = got.received;
  return true;
}

int tls_wire::write_callback(BIO* bio, const char* data, std::size_t size, std::size_t* written) {
  auto& self = *static_cast<tls_wire*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  if (!self.write({reinterpret_cast<const std::byte*>(data), size})) return 0;
  *written = size;
  return 1;
}

int tls_wire::read_callback(BIO* bio, char* data, std::size_t size, std::size_t* read) {
  auto& self = *static_cast<tls_wire*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  if (!self.has_input() && !self.fill()) {
    if (self.ended_.ended == outcome::progress) BIO_set_retry_read(bio);
    return 0;
  }
  *read = std::min(size, self.end_ - self.begin_);
  std::memcpy(data, self.input_.get() + self.begin_, *read);
  self.begin_ += *read;
  return 1;
}

long tls_wire::control_callback(BIO* bio, int command, long /*number*/, void* /*pointer*/) {
  const auto& self = *static_cast<const tls_wire*>(BIO_get_data(bio));
  switch (command) {
    case BIO_CTRL_FLUSH: return 1;  // whatever can be sent is sent at once
    case BIO_CTRL_EOF: return self.ended_.ended == outcome::closed && !self.has_input() ? 1 : 0;
    default: return 0;
  }
}

}  // namespace tusk::net
