#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tusk/types/copy_format.hpp"

namespace cli {

enum class progress_mode : std::uint8_t {
  automatic,  ///< on a terminal, one line that is rewritten
  always,     ///< where there is no terminal, a line now and then
  never,
};

/// What `tusk copy-in` and `tusk copy-out` have in common.
struct copy_arguments {
  bool help = false;
  std::string dsn{};
  std::string schema{};
  std::string table{};
  std::vector<std::string> columns{};
  tusk::copy_format format = tusk::copy_format::text;
  tusk::copy_style style{};
  std::string options{};   ///< SQL for COPY's parentheses
  std::string file = "-";  ///< `-` is standard input or output
  std::optional<std::chrono::milliseconds> timeout{};
  progress_mode progress = progress_mode::automatic;
};

/// When a batch is full. One row more than `bytes` can hold is a batch nevertheless.
struct batch_limits {
  std::uint64_t rows = UINT64_MAX;
  std::size_t bytes = std::size_t{4} << 20;
};

struct copy_in_arguments : copy_arguments {
  unsigned jobs = 0;  ///< sessions that load batches; 0: one COPY for everything
  batch_limits batch{};
};

struct copy_out_arguments : copy_arguments {
  std::string query{};  ///< in place of a table
};

/// Read what follows the command's name. Throw usage_error.
[[nodiscard]] copy_in_arguments parse_copy_in(std::span<const char* const> all);
[[nodiscard]] copy_out_arguments parse_copy_out(std::span<const char* const> all);

/// The value of `--batch`: rows, or bytes when it has a unit of B, kB, MB or GB, which are
/// PostgreSQL's, of 1024 each. Throws usage_error.
[[nodiscard]] batch_limits parse_batch(std::string_view text);

}  // namespace cli
