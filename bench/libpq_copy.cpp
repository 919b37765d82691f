#include "libpq_copy.hpp"

#include <array>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>

#include "copied_rows.hpp"
#include "copy_by_hand.hpp"
#include "libpq_connection.hpp"
#include "libpq_values.hpp"
#include "workloads.hpp"

namespace bench {
namespace {

void require(bool done, const connection& db) {
  if (!done) throw std::runtime_error(PQerrorMessage(db.get()));
}

void begin_copy(const connection& db, const char* sql, ExecStatusType state) {
  const result begun(PQexec(db.get(), sql));
  require(PQresultStatus(begun.get()) == state, db);
}

// What is left when the data have ended. The server has said how many rows there were.
void end_copy(const connection& db, std::uint64_t n) {
  const result ended = checked(db, PQgetResult(db.get()));
  if (std::strtoull(PQcmdTuples(ended.get()), nullptr, 10) != n)
    throw std::runtime_error("COPY has not copied all rows");
  require(PQgetResult(db.get()) == nullptr, db);
}

// Rows are gathered to this size, from which on a larger one saves no time.
constexpr std::size_t buffer_size = std::size_t{64} << 10;

template <class Encode>
std::uint64_t copy_in(const char* sql, std::string_view header, std::string_view trailer,
                      std::uint64_t n, meter& cost, Encode encode) {
  const connection db = connect();
  (void)checked(db, PQexec(db.get(), sql::create_copied));
  const copied_rows rows;
  const auto buffer = std::make_unique_for_overwrite<char[]>(buffer_size);
  const char* const full = buffer.get() + buffer_size - by_hand::largest_row;
  const auto send = [&](const char* end) {
    require(PQputCopyData(db.get(), buffer.get(), static_cast<int>(end - buffer.get())) == 1, db);
  };
  cost.start();
  begin_copy(db, sql, PGRES_COPY_IN);
  char* to = buffer.get() + header.copy(buffer.get(), header.size());
  for (std::uint64_t i = 0; i < n; ++i) {
    if (to > full) {
      send(to);
      to = buffer.get();
    }
    to = encode(to, rows[i]);
  }
  to += trailer.copy(to, trailer.size());
  send(to);
  require(PQputCopyEnd(db.get(), nullptr) == 1, db);
  end_copy(db, n);
  cost.stop();
  const result digest = checked(db, PQexec(db.get(), sql::copied_digest));
  return static_cast<std::uint64_t>(std::strtoll(PQgetvalue(digest.get(), 0, 0), nullptr, 10));
}

struct release_row {
  void operator()(char* row) const noexcept { PQfreemem(row); }
};

// Calls `take` with each CopyData as it came: libpq's user gets them one by one.
template <class Take>
void copy_each(const std::string& sql, std::uint64_t n, meter& cost, Take take) {
  const connection db = connect();
  cost.start();
  begin_copy(db, sql.c_str(), PGRES_COPY_OUT);
  for (;;) {
    char* raw = nullptr;
    const int size = PQgetCopyData(db.get(), &raw, 0);
    const std::unique_ptr<char, release_row> row(raw);
    if (size == -1) break;
    require(size >= 0, db);
    take(std::string_view(raw, static_cast<std::size_t>(size)));
  }
  end_copy(db, n);
  cost.stop();
}

struct narrow_sums {
  std::uint64_t whole = 0;
  double prices = 0;

  void add(std::int64_t id, std::int32_t quantity, double price, bool active) {
    whole += static_cast<std::uint64_t>(id + quantity) + (active ? 1 : 0);
    prices += price;
  }
  [[nodiscard]] std::uint64_t digest() const {
    return whole + static_cast<std::uint64_t>(prices * 4);
  }
};

// A field's bytes, of which there must be `size`; they are taken off the row.
const char* take_field(std::string_view& row, std::size_t size) {
  if (row.size() < 4 + size || integer_in_binary<std::uint32_t>(row.data()) != size)
    throw std::runtime_error("a field has another length than its type");
  const char* const field = row.data() + 4;
  row.remove_prefix(4 + size);
  return field;
}

void add_binary(narrow_sums& to, std::string_view row) {
  if (row.starts_with(by_hand::binary_header)) row.remove_prefix(by_hand::binary_header.size());
  if (row == by_hand::binary_trailer) return;
  if (row.size() < 2 || integer_in_binary<std::uint16_t>(row.data()) != 4)
    throw std::runtime_error("a row has not four fields");
  row.remove_prefix(2);
  const auto id = integer_in_binary<std::int64_t>(take_field(row, 8));
  const auto quantity = integer_in_binary<std::int32_t>(take_field(row, 4));
  const double price = double_in_binary(take_field(row, 8));
  to.add(id, quantity, price, *take_field(row, 1) != 0);
}

// The number at the front, and the tab behind it, are taken off; a line ends with zero, after all.
template <class Parse>
auto take_number(const char*& at, Parse parse) {
  char* end = nullptr;
  const auto number = parse(at, &end);
  if (end == at || *end != '\t') throw std::runtime_error("a number is missing in a line");
  at = end + 1;
  return number;
}

void add_text(narrow_sums& to, const char* at) {
  const auto whole = [](const char* from, char** end) { return std::strtoll(from, end, 10); };
  const auto id = take_number(at, whole);
  const auto quantity = static_cast<std::int32_t>(take_number(at, whole));
  const double price = take_number(at, std::strtod);
  to.add(id, quantity, price, *at == 't');
}

}  // namespace

std::uint64_t copy_in_binary(std::uint64_t n, meter& cost) {
  return copy_in(sql::copy_in_binary, by_hand::binary_header, by_hand::binary_trailer, n, cost,
                 by_hand::put_binary);
}

std::uint64_t copy_in_text_by_printf(std::uint64_t n, meter& cost) {
  return copy_in(sql::copy_in_text, "", "", n, cost, by_hand::put_text<by_hand::put_17_digits>);
}

std::uint64_t copy_in_text_by_to_chars(std::uint64_t n, meter& cost) {
  return copy_in(sql::copy_in_text, "", "", n, cost, by_hand::put_text<by_hand::put_fewest_digits>);
}

std::uint64_t copy_out(std::uint64_t n, meter& cost) {
  std::uint64_t sum = 0;
  copy_each(sql::copy_out(n), n, cost, [&](std::string_view line) { sum += text_digest(line); });
  return sum;
}

std::uint64_t copy_out_typed_binary(std::uint64_t n, meter& cost) {
  narrow_sums sums;
  copy_each(sql::copy_out(n) + " (format binary)", n, cost,
            [&](std::string_view row) { add_binary(sums, row); });
  return sums.digest();
}

std::uint64_t copy_out_typed_text(std::uint64_t n, meter& cost) {
  narrow_sums sums;
  copy_each(sql::copy_out(n), n, cost, [&](std::string_view line) { add_text(sums, line.data()); });
  return sums.digest();
}

}  // namespace bench
