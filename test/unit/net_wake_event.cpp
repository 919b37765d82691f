// A wait that others may end: what wakes it, what does not, and how often.
#include "net/wake_event.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "net/transport.hpp"
#include "support/catch.hpp"

namespace tusk::net {

namespace {

using std::chrono::milliseconds;

/// A connected pair: ours, and the descriptor at the other end.
struct pair {
  pair() {
    int ends[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    line = transport(socket::adopt(ends[0]));
    other = ends[1];
  }
  ~pair() { ::close(other); }
  pair(const pair&) = delete;
  pair& operator=(const pair&) = delete;

  exchanged listen(wake_event* by, const deadline& until = {}) {
    return line.listen(room, until, by);
  }
  transport line;
  int other = -1;
  std::byte room[16];
};

}  // namespace

TEST_CASE("A wake is taken once, however many there were before, and counts anew after", "[net]") {
  wake_event event;
  CHECK_FALSE(event.take());
  for (int i = 0; i < 200'000; ++i)  // more than a pipe holds
    event.wake();
  CHECK(event.take());
  CHECK_FALSE(event.take());
  event.wake();
  CHECK(event.take());
}

TEST_CASE("Its descriptors are closed on exec, and never block", "[net]") {
  wake_event event;
  CHECK((::fcntl(event.descriptor(), F_GETFD) & FD_CLOEXEC) != 0);
  CHECK((::fcntl(event.descriptor(), F_GETFL) & O_NONBLOCK) != 0);
  event.drain();
}

TEST_CASE("A wait ends by input, by a wake, by its time, by the other's end", "[net]") {
  pair ends;
  wake_event event;
  CHECK(ends.listen(&event, deadline::after(milliseconds(1))).ended == outcome::timed_out);
  CHECK(ends.listen(nullptr, deadline::after(milliseconds(1))).ended == outcome::timed_out);
  REQUIRE(::send(ends.other, "abc", 3, 0) == 3);
  CHECK(ends.listen(&event).received == 3);
  std::thread later([&] {
    std::this_thread::sleep_for(milliseconds(20));
    event.wake();
  });
  CHECK(ends.listen(&event).ended == outcome::woken);
  later.join();
  REQUIRE(::shutdown(ends.other, SHUT_WR) == 0);
  CHECK(ends.listen(&event).ended == outcome::closed);
}

TEST_CASE("A time that has passed leaves what has come already to be read", "[net]") {
  pair ends;
  wake_event event;
  const deadline passed = deadline::after(milliseconds(0));
  CHECK(ends.listen(&event, passed).ended == outcome::timed_out);
  CHECK(ends.listen(nullptr, passed).ended == outcome::timed_out);
  REQUIRE(::send(ends.other, "ab", 2, 0) == 2);
  CHECK(ends.listen(&event, passed).received == 2);
  REQUIRE(::send(ends.other, "ab", 2, 0) == 2);
  CHECK(ends.listen(nullptr, passed).received == 2);
}

TEST_CASE("A wake goes before input; a byte that it left in the pipe wakes nobody again", "[net]") {
  pair ends;
  wake_event event;
  event.wake();
  REQUIRE(::send(ends.other, "ab", 2, 0) == 2);
  CHECK(ends.listen(&event).ended == outcome::woken);
  CHECK(ends.listen(&event).received == 2);
  event.wake();
  CHECK(event.take());  // the byte is still there
  CHECK(ends.listen(&event, deadline::after(milliseconds(20))).ended == outcome::timed_out);
}

TEST_CASE("A forked process wakes nobody", "[net]") {
  pair ends;
  wake_event event;
  const ::pid_t child = ::fork();
  if (child == 0) {
    event.wake();
    ::_exit(event.take() ? 1 : 0);
  }
  int status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  CHECK_FALSE(event.take());
  CHECK(ends.listen(&event, deadline::after(milliseconds(20))).ended == outcome::timed_out);
}

}  // namespace tusk::net
