// The encrypted stream: both ways at once, through small buffers, to its end.
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>

#include "support/catch.hpp"
#include "support/tls_peer.hpp"

namespace tusk::test {
namespace {

std::string pattern(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i)
    text[i] = static_cast<char>(i * 31 + i / 251);
  return text;
}

bytes_view bytes(const std::string& text) {
  return as_bytes(std::span(text));
}

// Sends all of `out` and reads until `size` bytes are there or the exchange ends.
struct transfer {
  std::string received;
  std::size_t sent = 0;
  net::exchanged last;
};
transfer run(net::transport& line, const std::string& out, std::size_t size,
             const net::deadline& until, std::size_t block = 65'536) {
  transfer all;
  std::vector<std::byte> in(block);
  while (all.received.size() < size || all.sent < out.size()) {
    const bool reading = all.received.size() < size;
    all.last = line.exchange(bytes(out).subspan(all.sent), std::span(in).first(reading ? block : 0),
                             until);
    all.sent += all.last.sent;
    all.received.append(reinterpret_cast<const char*>(in.data()), all.last.received);
    if (all.last.ended != net::outcome::progress) break;
  }
  return all;
}

net::transport started(tls_peer& server) {
  net::transport line = server.client();
  REQUIRE(line.start_tls({}, soon()) == std::nullopt);
  return line;
}

}  // namespace

TEST_CASE("Two peers that write 10 MB to each other at once do not stand still", "[net][tls]") {
  const std::string text = pattern(10'000'000);
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    for (const bool with_deadline : {true, false}) {
      std::atomic<bool> same = false;
      // The server writes all before it reads anything.
      tls_peer server({.max_version = version, .send_buffer = 4096}, [&](tls_peer_stream& stream) {
        stream.write(text);
        same = stream.read(text.size()) == text;
      });
      net::transport line = started(server);
      const transfer all = run(line, text, text.size(), with_deadline ? soon() : net::deadline{});
      server.finish();
      CHECK(all.last.ended == net::outcome::progress);
      CHECK(all.received == text);
      CHECK(all.sent == text.size());
      CHECK(same);
    }
  }
}

TEST_CASE("What was decrypted is never waited for", "[net][tls]") {
  const std::string text = pattern(16'000);
  tls_peer server(tls_peer_options{}, [&](tls_peer_stream& stream) {
    stream.write(text);
    stream.read(1);  // and no more comes
  });
  net::transport line = started(server);
  // One record, taken in pieces: what is left must come out although the socket is empty.
  for (const bool with_deadline : {true, false}) {
    const auto until = with_deadline ? soon() : net::deadline{};
    const std::size_t half = text.size() / 2;
    CHECK(run(line, "", half, until, 100).received == text.substr(with_deadline ? 0 : half, half));
  }
  line.farewell(bytes("x"));
}

TEST_CASE("One exchange takes as many records as were received", "[net][tls]") {
  std::atomic<bool> written = false;
  tls_peer server(tls_peer_options{}, [&](tls_peer_stream& stream) {
    for (int i = 0; i < 100; ++i)
      stream.write("0123456789");
    written = true;
    stream.read(1);
  });
  net::transport line = started(server);
  while (!written)
    ::usleep(1000);
  std::byte in[4096];
  CHECK(line.exchange({}, in, soon()).received == 1000);
}

TEST_CASE("Records of all sizes arrive whole, and fresh keys do not disturb them", "[net][tls]") {
  const std::string text = pattern(200'000);
  tls_peer server(tls_peer_options{}, [&](tls_peer_stream& stream) {
    std::size_t at = 0;
    for (std::size_t size = 1; at < text.size(); size = size * 3 + 1) {
      stream.write(text.substr(at, std::min<std::size_t>(size, 30'000)));
      at += std::min<std::size_t>(size, 30'000);
      stream.update_key();
    }
    stream.write(stream.read(text.size()));
  });
  net::transport line = started(server);
  CHECK(run(line, "", text.size(), {}).received == text);
  CHECK(run(line, text, text.size(), {}).received == text);
}

TEST_CASE("The stream ends at close_notify, and what is behind it does not count", "[net][tls]") {
  tls_peer server(tls_peer_options{}, [](tls_peer_stream& stream) {
    stream.write("last");
    stream.close_notify();
    static_cast<void>(::send(stream.descriptor(), "\x17\x03\x03\0\5evil!", 10, MSG_NOSIGNAL));
  });
  net::transport line = started(server);
  const transfer all = run(line, "", 100, soon());
  CHECK(all.received == "last");
  CHECK(all.last.ended == net::outcome::closed);
  std::byte in[10];
  CHECK(line.exchange({}, in, soon()).ended == net::outcome::closed);
}

TEST_CASE("A forged record ends the stream with a reason, after what came before it",
          "[net][tls]") {
  tls_peer server(tls_peer_options{}, [](tls_peer_stream& stream) {
    stream.write("good");
    const std::string forged = std::string("\x17\x03\x03\0\x20", 5) + std::string(32, 'x');
    static_cast<void>(::send(stream.descriptor(), forged.data(), forged.size(), MSG_NOSIGNAL));
    stream.read(1);
  });
  net::transport line = started(server);
  const transfer all = run(line, "", 100, soon());
  CHECK(all.received == "good");
  CHECK(all.last.ended == net::outcome::failed);
  CHECK(all.last.error.message().starts_with("TLS: "));
}

TEST_CASE("A server that just goes is seen as closed, and its last words are read first",
          "[net][tls]") {
  tls_peer server(tls_peer_options{}, [](tls_peer_stream& stream) { stream.write("FATAL"); });
  net::transport line = started(server);
  server.finish();
  const std::string much = pattern(5'000'000);
  const transfer all = run(line, much, 100, soon());
  CHECK(all.received == "FATAL");
  CHECK(all.last.ended != net::outcome::progress);
}

TEST_CASE("A deadline ends a wait for a server that says nothing", "[net][tls]") {
  tls_peer server(tls_peer_options{}, [](tls_peer_stream& stream) { stream.read(1); });
  net::transport line = started(server);
  std::byte in[10];
  const auto until = net::deadline::after(std::chrono::milliseconds(30));
  CHECK(line.exchange({}, in, until).ended == net::outcome::timed_out);
}

TEST_CASE("The last words arrive, and then an orderly end", "[net][tls]") {
  std::string read;
  bool orderly = false;
  tls_peer server(tls_peer_options{}, [&](tls_peer_stream& stream) {
    read = stream.read(100);
    orderly = (SSL_get_shutdown(stream.ssl()) & SSL_RECEIVED_SHUTDOWN) != 0;
  });
  net::transport line = started(server);
  line.farewell(bytes("goodbye"));
  CHECK_FALSE(line.is_open());
  CHECK(line.tls() == nullptr);
  server.finish();
  CHECK(read == "goodbye");
  CHECK(orderly);
}

}  // namespace tusk::test
