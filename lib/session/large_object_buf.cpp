#include <algorithm>
#include <cstring>
#include <utility>

#include "session/large_object_state.hpp"
#include "tusk/large_object_stream.hpp"

// There is one buffer. It is empty, or the get area, which lies before the object's place on the
// server, or the put area, which will lie behind it.
namespace tusk {

namespace {

const std::streambuf::pos_type nowhere(std::streambuf::off_type(-1));

bool is_within(std::int64_t place) noexcept {
  return place >= 0 && place <= static_cast<std::int64_t>(large_object::max_size);
}

}  // namespace

// An object whose transaction is over is not open, and takes nothing.
large_object_buf::~large_object_buf() {
  try {
    if (object_.is_open()) send();
  } catch (...) {  // the owner did not ask
  }
}

// What a stream catches it does not show, so the first error is kept for those who look. A call of
// several pieces may have failed behind the first, and a savepoint's rollback moves nothing back.
template <class Body>
auto large_object_buf::noting(Body&& body) {
  try {
    return body();
  } catch (...) {
    if (failure_ == nullptr) failure_ = std::current_exception();
    forget_buffer();
    throw;
  }
}

void large_object_buf::forget_buffer() noexcept {
  setg(nullptr, nullptr, nullptr);
  setp(nullptr, nullptr);
  at_is_known_ = false;
}

large_object_buf::large_object_buf(large_object object, std::size_t buffer_size)
    : object_(std::move(object)),
      buffer_(std::max<std::size_t>(buffer_size, 1)),
      at_(object_.tell()) {
  object_.state_->tie.settle = [this](detail::unsent_bytes how) {
    if (how == detail::unsent_bytes::drop) return forget_buffer();
    if (object_.is_open()) noting([&] { send(); });
  };
}

void large_object_buf::find_place() {
  if (at_is_known_) return;
  at_ = object_.tell();
  at_is_known_ = true;
}

std::uint64_t large_object_buf::place() const noexcept {
  return at_ - static_cast<std::uint64_t>(egptr() - gptr()) +
         static_cast<std::uint64_t>(pptr() - pbase());
}

// What could not be sent is given up: to send it again would write it somewhere else.
void large_object_buf::send() {
  const auto count = static_cast<std::size_t>(pptr() - pbase());
  const char* const from = pbase();
  setp(nullptr, nullptr);
  if (count != 0) put(from, count);
}

void large_object_buf::put(const char* from, std::size_t count) {
  object_.write(std::string_view(from, count));
  at_ += count;
}

// Goes back to where the reader is.
void large_object_buf::drop_read() {
  const bool ahead = gptr() != egptr();
  const std::uint64_t here = place();
  setg(nullptr, nullptr, nullptr);
  if (ahead) at_ = object_.seek(static_cast<std::int64_t>(here));
}

std::size_t large_object_buf::fetch(char* into, std::size_t count) {
  const std::size_t got = object_.read(std::as_writable_bytes(std::span(into, count)));
  at_ += got;
  return got;
}

large_object_buf::int_type large_object_buf::underflow() {
  return noting([&] {
    if (gptr() != egptr()) return traits_type::to_int_type(*gptr());
    find_place();
    send();
    const std::size_t got = fetch(buffer_.data(), buffer_.size());
    setg(buffer_.data(), buffer_.data(), buffer_.data() + got);
    return got == 0 ? traits_type::eof() : traits_type::to_int_type(*gptr());
  });
}

large_object_buf::int_type large_object_buf::overflow(int_type c) {
  return noting([&] {
    find_place();
    drop_read();
    send();
    setp(buffer_.data(), buffer_.data() + buffer_.size());
    if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
    *pptr() = traits_type::to_char_type(c);
    pbump(1);
    return c;
  });
}

// Before the beginning of the get area. A byte that is not the one there is refused: to put it back
// would be to write it.
large_object_buf::int_type large_object_buf::pbackfail(int_type c) {
  return noting([&]() -> int_type {
    find_place();
    send();
    const std::uint64_t here = place();
    if (here == 0) return traits_type::eof();
    if (gptr() == eback()) {
      setg(nullptr, nullptr, nullptr);
      at_ = object_.seek(static_cast<std::int64_t>(here - 1));
      if (traits_type::eq_int_type(underflow(), traits_type::eof())) return traits_type::eof();
    } else {
      gbump(-1);
    }
    const int_type before = traits_type::to_int_type(*gptr());
    if (traits_type::eq_int_type(c, traits_type::eof()) || traits_type::eq_int_type(c, before))
      return before;
    gbump(1);
    return traits_type::eof();
  });
}

std::streamsize large_object_buf::xsgetn(char* into, std::streamsize count) {
  if (count <= 0) return 0;
  return noting([&]() -> std::streamsize {
    const std::streamsize ready = std::clamp<std::streamsize>(egptr() - gptr(), 0, count);
    if (ready > 0) {
      std::memcpy(into, gptr(), static_cast<std::size_t>(ready));
      setg(eback(), gptr() + ready, egptr());
    }
    const auto rest = static_cast<std::size_t>(count - ready);
    if (rest == 0) return ready;
    if (rest < buffer_.size()) {
      if (traits_type::eq_int_type(underflow(), traits_type::eof())) return ready;
      const std::streamsize more =
          std::min<std::streamsize>(egptr() - gptr(), static_cast<std::streamsize>(rest));
      std::memcpy(into + ready, gptr(), static_cast<std::size_t>(more));
      setg(eback(), gptr() + more, egptr());
      return ready + more;
    }
    // Much goes straight to where it is wanted.
    find_place();
    send();
    setg(nullptr, nullptr, nullptr);
    return ready + static_cast<std::streamsize>(fetch(into + ready, rest));
  });
}

std::streamsize large_object_buf::xsputn(const char* from, std::streamsize count) {
  return noting([&]() -> std::streamsize {
    const auto size = static_cast<std::size_t>(std::max<std::streamsize>(count, 0));
    if (size == 0) return 0;
    if (size > static_cast<std::size_t>(epptr() - pptr())) {
      find_place();
      drop_read();
      send();
      if (size >= buffer_.size()) {
        put(from, size);
        return count;
      }
      setp(buffer_.data(), buffer_.data() + buffer_.size());
    }
    std::memcpy(pptr(), from, size);
    pbump(static_cast<int>(size));
    return count;
  });
}

// To a place that the get area holds, or ends at, it goes without asking the server.
large_object_buf::pos_type large_object_buf::go_to(off_type wanted) {
  if (!is_within(wanted)) return nowhere;
  find_place();
  send();
  const auto target = static_cast<std::uint64_t>(wanted);
  const auto behind = at_ - static_cast<std::uint64_t>(egptr() - eback());
  if (target >= behind && target <= at_) {
    setg(eback(), eback() + static_cast<std::ptrdiff_t>(target - behind), egptr());
    return wanted;
  }
  setg(nullptr, nullptr, nullptr);
  at_ = object_.seek(wanted);
  return wanted;
}

large_object_buf::pos_type large_object_buf::seekoff(off_type offset, std::ios_base::seekdir from,
                                                     std::ios_base::openmode) {
  return noting([&]() -> pos_type {
    std::uint64_t base = 0;
    if (from == std::ios_base::cur) {
      find_place();
      base = place();
      if (offset == 0) return static_cast<off_type>(base);
    } else if (from == std::ios_base::end) {
      send();
      base = object_.size();
    }
    // Neither is above 2^42, unless the offset is refused anyway.
    constexpr auto most = static_cast<off_type>(large_object::max_size);
    if (offset < -most || offset > most) return nowhere;
    return go_to(static_cast<off_type>(base) + offset);
  });
}

large_object_buf::pos_type large_object_buf::seekpos(pos_type place, std::ios_base::openmode) {
  return noting([&] { return go_to(off_type(place)); });
}

int large_object_buf::sync() {
  return noting([&] {
    send();
    drop_read();
    return 0;
  });
}

void large_object_buf::close() {
  sync();
  noting([&] { object_.close(); });
}

large_object large_object_buf::release() {
  sync();
  if (object_.state_ != nullptr) object_.state_->tie.settle = nullptr;
  return std::move(object_);
}

large_object_stream::large_object_stream(large_object object)
    : std::iostream(nullptr), buffer_(std::move(object)) {
  init(&buffer_);
}

}  // namespace tusk
