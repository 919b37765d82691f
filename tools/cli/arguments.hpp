#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

/// The command line is wrong: the text says what, and what to do.
class usage_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

enum class output_format : std::uint8_t { table, csv, json };

/// What `tusk query` was asked for.
struct query_arguments {
  bool help = false;
  output_format format = output_format::table;
  std::optional<std::chrono::milliseconds> timeout;
  std::optional<std::string> null_token;  ///< a parameter equal to it is NULL
  std::string dsn;
  std::string sql;
  std::vector<std::string> parameters;
};

/// Reads what follows `tusk query`. Options may stand anywhere before `--`; what begins with `-`
/// and a digit is a value. Throws usage_error.
[[nodiscard]] query_arguments parse_query(std::span<const char* const> arguments);

}  // namespace cli
