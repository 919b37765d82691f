#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "session/quoting.hpp"
#include "tusk/batch.hpp"
#include "tusk/proto/format.hpp"
#include "tusk/types/oids.hpp"

namespace tusk::detail {

struct prepared_statement;

/// The text of an INSERT of any number of rows.
class insert_text {
 public:
  /// Throws `programming_error` for a name that cannot be quoted.
  insert_text(const insert_into& where, std::size_t width, const literal_rules& rules);

  [[nodiscard]] std::string statement(std::size_t rows) const;

 private:
  std::string head_;
  std::string tail_;
  std::size_t width_;
};

/// The values of one INSERT's rows, encoded as Bind wants them: what the range gives lives only
/// until its next element, and how many will come nobody knows.
class insert_piece {
 public:
  /// Encodes one row; throws what a codec throws.
  void add(std::span<const parameter> row, const prepared_statement& as);
  [[nodiscard]] bool is_full() const noexcept;
  /// Of the unnamed statement and the unnamed portal.
  void write_bind(proto::writer& out) const;
  void clear() noexcept;

  std::size_t rows = 0;
  std::size_t parsed_rows = 0;    ///< of the statement that was parsed last
  std::vector<format> columns{};  ///< what is wanted for the rows returned, as Bind wants it

 private:
  static std::span<std::byte> grow(void* owner, std::size_t used, std::size_t wanted) noexcept;

  std::vector<std::byte> room_ = std::vector<std::byte>(std::size_t{8} << 10);
  std::size_t used_ = 0;
  std::vector<format> codes_{};
};

}  // namespace tusk::detail
