#include "libpq_notify.hpp"

#include <poll.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "libpq_connection.hpp"
#include "workloads.hpp"

namespace bench {

namespace {

struct release_notify {
  void operator()(PGnotify* said) const noexcept { PQfreemem(said); }
};
using notify_pointer = std::unique_ptr<PGnotify, release_notify>;

notify_pointer wait(const connection& ear) {
  for (;;) {
    if (notify_pointer said{PQnotifies(ear.get())}) return said;
    pollfd watched{PQsocket(ear.get()), POLLIN, 0};
    if (::poll(&watched, 1, -1) < 0) throw std::runtime_error("poll failed");
    if (PQconsumeInput(ear.get()) != 1) throw std::runtime_error(PQerrorMessage(ear.get()));
  }
}

// Has `say` notify each payload, and hears it.
template <class Say>
std::uint64_t each_notification(std::uint64_t n, meter& cost, Say say) {
  const connection mouth = connect();
  const connection ear = connect();
  prepare(mouth, sql::notify);
  (void)checked(ear, PQexec(ear.get(), (std::string("listen ") + notify_channel).c_str()));
  std::uint64_t sum = 0;
  cost.start();
  for (std::uint64_t i = 0; i < n; ++i) {
    say(mouth, notify_payload(i));
    sum += text_digest(wait(ear)->extra);
  }
  cost.stop();
  return sum;
}

}  // namespace

std::uint64_t notify_simple(std::uint64_t n, meter& cost) {
  return each_notification(n, cost, [](const connection& mouth, const std::string& payload) {
    const std::string text = std::string("notify ") + notify_channel + ", '" + payload + "'";
    (void)checked(mouth, PQexec(mouth.get(), text.c_str()));
  });
}

std::uint64_t notify_prepared(std::uint64_t n, meter& cost) {
  return each_notification(n, cost, [](const connection& mouth, const std::string& payload) {
    const char* const values[] = {notify_channel, payload.c_str()};
    (void)checked(mouth,
                  PQexecPrepared(mouth.get(), "s", 2, values, nullptr, nullptr, /*binary*/ 1));
  });
}

}  // namespace bench
