#pragma once

#include <cstdint>

#include "client.hpp"

/// The workloads of many or large rows by tusk: by `query`, which keeps them, and by `stream`.
namespace bench {

std::uint64_t rows_wide(std::uint64_t n, meter& cost);
std::uint64_t rows_wide_stream(std::uint64_t n, meter& cost);

std::uint64_t rows_text(std::uint64_t n, meter& cost);
std::uint64_t rows_text_stream(std::uint64_t n, meter& cost);
std::uint64_t rows_text_tls(std::uint64_t n, meter& cost);
std::uint64_t rows_text_tls_stream(std::uint64_t n, meter& cost);

std::uint64_t bytea_large(std::uint64_t n, meter& cost);
std::uint64_t bytea_large_stream(std::uint64_t n, meter& cost);

}  // namespace bench
