// The fault proxy between bare sockets: what it says that it does to a connection, it does.
#include "support/fault_proxy.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <filesystem>

#include "support/catch.hpp"
#include "support/fault_sockets.hpp"

namespace tusk::test {
namespace {

/// One end of a connection through the proxy.
class end_point {
 public:
  explicit end_point(int descriptor) : descriptor_(descriptor) {
    const timeval patience{60, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }
  ~end_point() { close(); }
  end_point(const end_point&) = delete;
  end_point& operator=(const end_point&) = delete;

  void close() {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
  }
  void say(std::string_view text) {
    REQUIRE(::send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL) ==
            static_cast<ssize_t>(text.size()));
  }
  /// What comes next, of this length; shorter, and with a word, when the connection ends before.
  std::string hear(std::size_t size) {
    std::string all(size, '\0');
    std::size_t have = 0;
    while (have < size) {
      const ssize_t got = ::recv(descriptor_, all.data() + have, size - have, 0);
      if (got <= 0) {
        const int why = errno;
        return all.substr(0, have) + (got == 0 ? "<end>" : why == ECONNRESET ? "<reset>" : "<?>");
      }
      have += static_cast<std::size_t>(got);
    }
    return all;
  }
  [[nodiscard]] bool hears_nothing(int milliseconds) const {
    pollfd watched{descriptor_, POLLIN, 0};
    return ::poll(&watched, 1, milliseconds) == 0;
  }

 private:
  int descriptor_;
};

/// A listening socket, a proxy before it, and both ends of the next connection.
struct scene {
  scene()
      : listener(listening(tcp_address("127.0.0.1", 0))), proxy({"127.0.0.1", port_of(listener)}) {}
  ~scene() { ::close(listener); }
  scene(const scene&) = delete;
  scene& operator=(const scene&) = delete;

  [[nodiscard]] int client() const { return connected(tcp_address("127.0.0.1", proxy.port())); }
  [[nodiscard]] int server() const {
    pollfd watched{listener, POLLIN, 0};
    REQUIRE(::poll(&watched, 1, 60'000) == 1);
    return ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
  }

  int listener;
  fault_proxy proxy;
};

}  // namespace

TEST_CASE("A proxy without plans passes everything, ends too, and counts it", "[fault]") {
  scene all;
  end_point client(all.client());
  end_point server(all.server());
  client.say("hello");
  CHECK(server.hear(5) == "hello");
  const std::string much(1'000'000, 'x');
  for (int i = 0; i < 5; ++i) {
    server.say(much);
    CHECK(client.hear(much.size()) == much);
  }
  CHECK(all.proxy.passed(0).to_server == 5);
  CHECK(all.proxy.passed(0).to_client == 5'000'000);
  all.proxy.mark(0);
  client.say("bye");
  client.close();
  CHECK(server.hear(100) == "bye<end>");
  CHECK(all.proxy.passed(0).to_server == 3);
  CHECK_FALSE(all.proxy.happened(0));
  CHECK(all.proxy.connections() == 1);
}

TEST_CASE("A connection is cut at the byte that was planned, from the mark on", "[fault]") {
  scene all;
  std::size_t number = 0;
  for (const fault_kind what : {fault_kind::reset, fault_kind::close, fault_kind::half_close}) {
    const std::string end = what == fault_kind::reset ? "<reset>" : "<end>";
    for (const direction way : {direction::to_server, direction::to_client}) {
      CAPTURE(name_of(what), name_of(way));
      end_point client(all.client());
      end_point server(all.server());
      end_point& from = way == direction::to_server ? client : server;
      end_point& to = way == direction::to_server ? server : client;
      from.say("before");
      CHECK(to.hear(6) == "before");
      all.proxy.mark(number);
      all.proxy.plan(number, {.what = what, .way = way, .after = 3});
      from.say("123");
      CHECK(to.hear(3) == "123");
      CHECK_FALSE(all.proxy.happened(number));
      from.say("4567");
      // A reset may overtake nothing here, for all three bytes have been read.
      CHECK(to.hear(1) == end);
      CHECK(all.proxy.happened(number));
      if (what == fault_kind::half_close) {
        to.say("still");
        CHECK(from.hear(5) == "still");
      } else {
        CHECK(from.hear(1) == end);
      }
      ++number;
    }
  }
}

TEST_CASE("A stalled direction passes no more, the other goes on", "[fault]") {
  scene all;
  all.proxy.plan(0, {.what = fault_kind::stall, .way = direction::to_client, .after = 2});
  end_point client(all.client());
  end_point server(all.server());
  server.say("abc");
  CHECK(client.hear(2) == "ab");
  client.say("go on");
  CHECK(server.hear(5) == "go on");
  CHECK(client.hears_nothing(50));
  client.close();
  CHECK(server.hear(1).front() == '<');
}

TEST_CASE("An end is held back as a byte is, by a stall and by a delay", "[fault]") {
  scene all;
  all.proxy.plan(0, {.what = fault_kind::stall, .after = 1});
  all.proxy.plan(1,
                 {.what = fault_kind::delay, .after = 1, .pause = std::chrono::milliseconds(50)});
  for (int number = 0; number < 2; ++number) {
    end_point client(all.client());
    end_point server(all.server());
    server.say("x");
    CHECK(client.hear(1) == "x");
    const auto begun = std::chrono::steady_clock::now();
    server.close();
    if (number == 0) {
      CHECK(client.hears_nothing(50));
    } else {
      CHECK(client.hear(1) == "<end>");
      CHECK(std::chrono::steady_clock::now() - begun >= std::chrono::milliseconds(50));
    }
    CHECK(all.proxy.happened(static_cast<std::size_t>(number)));
  }
}

TEST_CASE("A delay holds up what comes behind it", "[fault]") {
  scene all;
  const auto begun = std::chrono::steady_clock::now();
  const std::chrono::milliseconds pause(100);
  all.proxy.plan(0, {.what = fault_kind::delay, .after = 3, .pause = pause});
  end_point client(all.client());
  end_point server(all.server());
  server.say("abcdef");
  CHECK(client.hear(6) == "abcdef");
  CHECK(std::chrono::steady_clock::now() - begun >= pause);
}

TEST_CASE("A trickle comes in pieces, each of them on its own", "[fault]") {
  scene all;
  const std::chrono::milliseconds pause(20);
  all.proxy.plan(0, {.what = fault_kind::trickle, .after = 2, .piece = 3, .pause = pause});
  end_point client(all.client());
  end_point server(all.server());
  const auto begun = std::chrono::steady_clock::now();
  server.say("ab123456789");
  CHECK(client.hear(11) == "ab123456789");
  CHECK(std::chrono::steady_clock::now() - begun >= 2 * pause);
  all.proxy.mark(0);
  server.say("at once");
  CHECK(client.hear(7) == "at once");
}

TEST_CASE("A corrupt byte is another, and only that one", "[fault]") {
  scene all;
  all.proxy.plan(
      0, {.what = fault_kind::corrupt, .way = direction::to_server, .after = 1, .mask = 'b' ^ '!'});
  end_point client(all.client());
  end_point server(all.server());
  client.say("abcb");
  CHECK(server.hear(4) == "a!cb");
}

TEST_CASE("Each connection has its own plan, and what is to be done then is done first",
          "[fault]") {
  scene all;
  std::atomic<int> called = 0;
  all.proxy.plan(
      1, {.what = fault_kind::close, .way = direction::to_server, .then = [&called] { ++called; }});
  end_point first_client(all.client());
  end_point first(all.server());
  end_point second_client(all.client());
  end_point second(all.server());
  first_client.say("x");
  second_client.say("x");
  CHECK(first.hear(1) == "x");
  CHECK(second.hear(1) == "<end>");
  CHECK(called == 1);
  CHECK_FALSE(all.proxy.happened(0));
  CHECK(all.proxy.happened(1));
}

TEST_CASE("A proxy stands on a Unix socket, too, and hangs up where nobody is", "[fault]") {
  std::string folder = std::filesystem::temp_directory_path() / "proxy-XXXXXX";
  REQUIRE(::mkdtemp(folder.data()) != nullptr);
  const std::string path = folder + "/.s.PGSQL.5433";
  {
    fault_proxy outer({"127.0.0.1", 1});
    fault_proxy inner(folder, 5433, {"127.0.0.1", outer.port()});
    end_point client(connected(unix_address(path)));
    CHECK(client.hear(1) == "<end>");
    CHECK(inner.connections() == 1);
  }
  CHECK_FALSE(std::filesystem::exists(path));
  CHECK(std::filesystem::remove(folder));
}

}  // namespace tusk::test
