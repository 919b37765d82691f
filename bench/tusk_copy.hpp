#pragma once

#include <cstdint>

#include "client.hpp"

/// The workloads of COPY by tusk.
namespace bench {

/// Row by row, each encoded for the columns' types.
std::uint64_t tusk_copy_in_binary(std::uint64_t n, meter& cost);
std::uint64_t tusk_copy_in_text(std::uint64_t n, meter& cost);
/// The same of a range of structs.
std::uint64_t tusk_copy_in_binary_range(std::uint64_t n, meter& cost);
std::uint64_t tusk_copy_in_text_range(std::uint64_t n, meter& cost);

std::uint64_t tusk_copy_out(std::uint64_t n, meter& cost);

/// Typed rows out of either format.
std::uint64_t tusk_copy_out_typed(std::uint64_t n, meter& cost);
std::uint64_t tusk_copy_out_typed_text(std::uint64_t n, meter& cost);

}  // namespace bench
