// Pipelines of very many statements through the smallest socket buffers that the system gives: both
// sides would wait for ever if one of them wrote without reading.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "integration/server.hpp"
#include "support/catch.hpp"
#include "support/peak_memory.hpp"

namespace {

using namespace tusk::test;

/// A connection over loopback whose buffers hold little, but a whole segment: with the smallest
/// that there are, TCP may need a timer for each of them.
int connect_tightly(const tusk::endpoint& to) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return -1;
  const int small = 64 << 10;
  ::setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
  ::setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(to.port);
  ::inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
    return descriptor;
  ::close(descriptor);
  return -1;
}

tusk::session connect_tightly(const std::string& sslmode) {
  tusk::session_options options;
  options.connector = [](const tusk::endpoint& to) { return connect_tightly(to); };
  return tusk::session("host=localhost user=u_trust dbname=postgres port=" +
                           variable("TUSK_TEST_PORT") + " sslmode=" + sslmode,
                       options);
}

}  // namespace

TEST_CASE("1,000,000 statements are queued before any answer is looked at, through small buffers") {
  auto db = connect_tightly("disable");
  constexpr int count = 1'000'000;
  auto p = db.pipeline();
  std::vector<tusk::pending<tusk::result<int>>> kept;
  for (int i = 0; i < count; ++i) {
    auto one = p.query<int>("select $1::int", i);
    if (i % 100'000 == 0) kept.push_back(std::move(one));
  }
  p.finish();
  for (std::size_t i = 0; i < kept.size(); ++i)
    CHECK(kept[i].get().front() == static_cast<int>(i) * 100'000);
  CHECK(db.status() == tusk::session_status::open);
}

TEST_CASE("rows of many kilobytes each come back while more is sent, also under TLS") {
  for (const char* const sslmode : {"disable", "require"}) {
    CAPTURE(sslmode);
    auto db = connect_tightly(sslmode);
    const std::string large(20'000, 'x');
    auto p = db.pipeline();
    std::vector<tusk::pending<tusk::result<std::string>>> kept;
    for (int i = 0; i < 500; ++i)
      kept.push_back(p.query<std::string>("select $1::text || $2::int", large, i));
    p.finish();
    for (std::size_t i = 0; i < kept.size(); ++i)
      CHECK(kept[i].get().front() == large + std::to_string(i));
  }
}

TEST_CASE("results that are taken as they come leave no memory behind") {
  auto db = connect();
  auto p = db.pipeline();
  std::optional<long> settled;
  std::int64_t sum = 0;
  for (int round = 0; round < 200; ++round) {
    std::vector<tusk::pending<tusk::result<int>>> some;
    for (int i = 0; i < 1000; ++i)
      some.push_back(p.query<int>("select $1::int", i));
    p.sync();
    for (auto& each : some)
      sum += each.get().front();
    if (round == 20) settled = peak_memory();
  }
  p.finish();
  CHECK(sum == 200 * 499'500LL);
  const auto after = peak_memory();
  if (settled && after) CHECK(*after - *settled < 16 * 1024);
}
