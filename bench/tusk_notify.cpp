#include "tusk_notify.hpp"

#include <string>
#include <variant>

#include "tusk/tusk.hpp"
#include "workloads.hpp"

namespace bench {

namespace {

// Notifies each payload, and hears it by `wait`, which gives the notification.
template <class Wait>
std::uint64_t each_notification(std::uint64_t n, meter& cost, Wait wait) {
  tusk::session mouth(data_source(route::unix_socket));
  std::uint64_t sum = 0;
  cost.start();
  for (std::uint64_t i = 0; i < n; ++i) {
    mouth.notify(notify_channel, notify_payload(i));
    sum += text_digest(wait().payload);
  }
  cost.stop();
  return sum;
}

}  // namespace

std::uint64_t notify(std::uint64_t n, meter& cost) {
  tusk::session ear(data_source(route::unix_socket));
  ear.listen(notify_channel);
  return each_notification(n, cost, [&ear] { return ear.wait_notification().value(); });
}

std::uint64_t notify_wakeable(std::uint64_t n, meter& cost) {
  tusk::session ear(data_source(route::unix_socket));
  ear.listen(notify_channel);
  const tusk::waker stop = ear.waker();
  return each_notification(n, cost, [&ear] { return ear.wait_notification().value(); });
}

std::uint64_t notify_listener(std::uint64_t n, meter& cost) {
  tusk::listener ear(data_source(route::unix_socket), {.channels = {notify_channel}});
  return each_notification(n, cost,
                           [&ear] { return std::get<tusk::notification>(ear.wait().value()); });
}

}  // namespace bench
