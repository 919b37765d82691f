#pragma once

#include <cstdint>

#include "client.hpp"

/// The workload `notify`: one session notifies, and another of the same process waits.
namespace bench {

/// By the verbs `notify` and `wait_notification`.
std::uint64_t notify(std::uint64_t n, meter& cost);

/// As `notify`, with a `waker` that could end the wait.
std::uint64_t notify_wakeable(std::uint64_t n, meter& cost);

/// The same by `listener`, which sees to the connection besides.
std::uint64_t notify_listener(std::uint64_t n, meter& cost);

}  // namespace bench
