#pragma once

#include <cstdint>

#include "client.hpp"

/// The workload `notify` by libpq: one connection notifies, and another of the same process waits
/// with poll(2), as libpq's manual does it.
namespace bench {

/// NOTIFY as text, by PQexec.
std::uint64_t notify_simple(std::uint64_t n, meter& cost);

/// pg_notify as a prepared statement.
std::uint64_t notify_prepared(std::uint64_t n, meter& cost);

}  // namespace bench
