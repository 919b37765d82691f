#pragma once

#include <cstdint>

#include "client.hpp"

/// The workloads of COPY by libpq, which hands bytes on; values are written and read by hand.
namespace bench {

/// Encodes `n` rows into a buffer of 64 KiB and sends it whenever it is full.
std::uint64_t copy_in_binary(std::uint64_t n, meter& cost);
/// Doubles by C's `snprintf`.
std::uint64_t copy_in_text_by_printf(std::uint64_t n, meter& cost);
/// Doubles by C++'s `std::to_chars`.
std::uint64_t copy_in_text_by_to_chars(std::uint64_t n, meter& cost);

/// Looks at lines as they come.
std::uint64_t copy_out(std::uint64_t n, meter& cost);

/// Decodes and sums the rows' values.
std::uint64_t copy_out_typed_binary(std::uint64_t n, meter& cost);
std::uint64_t copy_out_typed_text(std::uint64_t n, meter& cost);

}  // namespace bench
