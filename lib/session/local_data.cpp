#include "session/local_data.hpp"

#include <unistd.h>

#include <cerrno>
#include <istream>
#include <ostream>
#include <system_error>

#include "session/misuse.hpp"

namespace tusk::detail {

namespace {

constexpr const char* no_good = ": it was never opened, or has failed before";

// Without what the caller has the stream throw: the error says more.
void set_quietly(std::ios& stream, std::ios::iostate state) noexcept {
  try {
    stream.setstate(state);
  } catch (const std::ios_base::failure&) {  // it is set all the same
  }
}

// What `body` asks of the stream's buffer; a stream whose buffer has thrown is bad.
template <class Body>
auto ask_buffer(std::ios& stream, const std::string& failure, Body&& body) {
  try {
    return body(*stream.rdbuf());
  } catch (const std::ios_base::failure& failed) {
    set_quietly(stream, std::ios::badbit);
    fail_local(failure + ": " + failed.what());
  } catch (...) {
    set_quietly(stream, std::ios::badbit);
    throw;
  }
}

// Throws where the buffer says no, too; `refusal` is what that means.
template <class Body>
void demand(std::ostream& stream, const std::string& failure, const char* refusal, Body&& body) {
  if (!stream.good()) fail_local(failure + no_good);
  if (ask_buffer(stream, failure, body)) return;
  set_quietly(stream, std::ios::badbit);
  fail_local(failure + refusal);
}

}  // namespace

void fail_with_errno(const std::string& what) {
  fail_local(what + ": " + std::system_category().message(errno));
}

std::size_t stream_source::operator()(std::span<std::byte> into) {
  if (from_.eof() && !from_.bad()) return 0;
  if (!from_.good() || !std::istream::sentry(from_, true)) fail_local(failure_ + no_good);
  const auto wanted = static_cast<std::streamsize>(into.size());
  const std::streamsize count = ask_buffer(from_, failure_, [&](std::streambuf& buffer) {
    return buffer.sgetn(reinterpret_cast<char*>(into.data()), wanted);
  });
  // A terminal would have to be ended twice if it were asked again.
  if (count < wanted) set_quietly(from_, std::ios::eofbit);
  return static_cast<std::size_t>(count);
}

void stream_sink::operator()(bytes_view part) {
  if (to_.tie() != nullptr) to_.tie()->flush();
  demand(to_, failure_, ": it takes no more", [part](std::streambuf& buffer) {
    const auto size = static_cast<std::streamsize>(part.size());
    return buffer.sputn(reinterpret_cast<const char*>(part.data()), size) == size;
  });
}

void stream_sink::flush() {
  demand(to_, failure_, ": it does not take what it has held back",
         [](std::streambuf& buffer) { return buffer.pubsync() != -1; });
}

std::size_t descriptor_source::operator()(std::span<std::byte> into) {
  for (;;) {
    const ssize_t count = ::read(from_, into.data(), into.size());
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR) fail_with_errno(failure_);
  }
}

void descriptor_sink::operator()(bytes_view part) {
  while (!part.empty()) {
    const ssize_t count = ::write(to_, part.data(), part.size());
    if (count >= 0) {
      part = part.subspan(static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      fail_with_errno(failure_);
    }
  }
}

}  // namespace tusk::detail
