#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "tusk/row_iterator.hpp"
#include "tusk/stream.hpp"
#include "tusk/types/copy_format.hpp"

namespace tusk {

/// What `copy_out` and `copy_rows` read. Names are quoted, so they are taken as they stand, upper
/// case included; `query` and `options` are SQL and become part of the statement as they are.
struct copy_from {
  std::string schema{};  ///< empty: by the search path
  std::string table{};
  std::vector<std::string> columns{};  ///< empty: all but generated ones, in the table's order
  /// In place of the three before: a SELECT, VALUES, or INSERT, UPDATE or DELETE with RETURNING.
  std::string query{};
  std::string options{};  ///< more of what stands in COPY's parentheses, such as `force_quote *`
  copy_format format = copy_format::binary;
  copy_style style{};
};

/// A COPY TO STDOUT that is under way: its data as it comes, in memory that does not grow.
///
///     auto out = db.copy_out({.table = "accounts", .format = tusk::copy_format::csv});
///     out.write_to(file);
///
/// The session does nothing else until the end was read, or this is destroyed. Leaving it early
/// outside a transaction cancels the statement; inside one the rest is read and dropped, for a
/// cancel would abort the transaction. Data that has been handed out before an error is data all
/// the same: only the end of the data says that it is complete.
class copy_out {
 public:
  copy_out(detail::row_source source, copy_format format, std::size_t columns) noexcept
      : source_(std::move(source)), format_(format), columns_(columns) {}

  /// The next part of the data, valid until the next call; nothing at the end. PostgreSQL sends a
  /// part for each row, but where a part ends means nothing. Throws what ends it early.
  [[nodiscard]] std::optional<bytes_view> next() {
    if (!source_.advance()) return std::nullopt;
    const bytes_view part = source_.message();
    bytes_ += part.size();
    return part;
  }
  /// Gives all that is left to a function of a `bytes_view`, part by part; what it throws comes out
  /// as it is. Gives the number of bytes.
  template <class Sink>
    requires std::is_invocable_v<Sink&, bytes_view>
  std::uint64_t write_to(Sink&& sink) {
    const std::uint64_t before = bytes_;
    while (const std::optional<bytes_view> part = next())
      sink(*part);
    return bytes_ - before;
  }
  /// The same to a stream, which is flushed in the end. Throws `operational_error` when it cannot
  /// be written, and what its buffer throws as it is, whatever the stream's exceptions() say.
  std::uint64_t write_to(std::ostream& sink);
  /// The same by write(2), gathered in pieces of 64 KiB; the descriptor stays the caller's. Throws
  /// `operational_error` with the system's message when writing fails; what was read is lost then.
  std::uint64_t write_to_descriptor(int descriptor);

  /// The format that the data is in.
  [[nodiscard]] copy_format format() const noexcept { return format_; }
  /// How many columns a row has, as the server says.
  [[nodiscard]] std::size_t columns() const noexcept { return columns_; }
  /// Bytes of data handed out so far.
  [[nodiscard]] std::uint64_t bytes_read() const noexcept { return bytes_; }
  /// The rows copied, by the server's count, once the end was read; 0 before that.
  [[nodiscard]] std::uint64_t rows() const noexcept { return source_.done().rows(); }

 private:
  detail::row_source source_;
  copy_format format_;
  std::size_t columns_;
  std::uint64_t bytes_ = 0;
};

namespace detail {

struct copy_reading;

/// The compiled part of `copy_rows`: rows out of the data of a COPY.
class copy_row_source {
 public:
  explicit copy_row_source(std::unique_ptr<copy_reading> from) noexcept;
  copy_row_source(copy_row_source&&) noexcept;
  copy_row_source& operator=(copy_row_source&&) noexcept;
  ~copy_row_source();

  /// Goes to the next row. False at the end.
  bool advance();
  [[nodiscard]] const std::byte* body() const noexcept { return body_; }
  [[nodiscard]] const column_set& columns() const noexcept { return *columns_; }
  [[nodiscard]] const completion& done() const noexcept;

 private:
  std::unique_ptr<copy_reading> from_;
  const column_set* columns_;
  const std::byte* body_ = nullptr;
};

}  // namespace detail

/// The rows of a COPY TO STDOUT, decoded as a query's rows are: the cheapest way for the server to
/// give many rows, when no parameter is needed. A row and its views live until the next row is
/// fetched. Ends, and may be left early, as `copy_out`.
template <class Row>
class copy_rows : public detail::passing_rows<Row, detail::copy_row_source> {
 public:
  using detail::passing_rows<Row, detail::copy_row_source>::passing_rows;
};

}  // namespace tusk
