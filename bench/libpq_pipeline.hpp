#pragma once

#include <cstdint>

#include "client.hpp"

/// The workloads that libpq does in pipeline mode, with prepared statements and binary values.
namespace bench {

/// Batches of `pipeline_batch` selects, each with a Sync of its own.
std::uint64_t pipeline(std::uint64_t n, meter& cost);

/// n INSERTs and one Sync.
std::uint64_t insert_batch(std::uint64_t n, meter& cost);

}  // namespace bench
