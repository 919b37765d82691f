#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "arguments.hpp"
#include "output.hpp"
#include "tusk/tusk.hpp"

namespace cli {

/// A row's values as the server's own text; NULL is nothing.
using text_row = std::vector<std::optional<std::string>>;

/// Writes one statement's rows in some format.
class printer {
 public:
  printer() = default;
  printer(const printer&) = delete;
  printer& operator=(const printer&) = delete;
  virtual ~printer() = default;

  /// Once, before the rows.
  virtual void begin(const std::vector<tusk::column>& columns) = 0;
  virtual void row(const text_row& values) = 0;
  /// Once, when all rows have come.
  virtual void end() = 0;
  /// Instead of these three, for a statement that returns no rows.
  virtual void command(std::string_view tag) = 0;
};

[[nodiscard]] std::unique_ptr<printer> make_table_printer(output& to);
[[nodiscard]] std::unique_ptr<printer> make_csv_printer(output& to);
[[nodiscard]] std::unique_ptr<printer> make_json_printer(output& to);

}  // namespace cli
