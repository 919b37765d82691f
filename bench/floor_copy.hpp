#pragma once

#include <cstdint>

#include "client.hpp"

/// The workloads of COPY by the floor: bytes that were made before, and messages that are stepped
/// over.
namespace bench {

std::uint64_t floor_copy_in_binary(std::uint64_t n, meter& cost);
std::uint64_t floor_copy_in_text(std::uint64_t n, meter& cost);
std::uint64_t floor_copy_out(std::uint64_t n, meter& cost);
std::uint64_t floor_copy_out_typed(std::uint64_t n, meter& cost);

}  // namespace bench
