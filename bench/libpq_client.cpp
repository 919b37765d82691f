// The workloads by libpq, in each of its modes: `libpq-binary` and `libpq-text` keep the whole
// result, in the format they name; the others are what libpq has for large results, in binary.

#include <libpq-fe.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "client.hpp"
#include "libpq_values.hpp"
#include "workloads.hpp"

namespace {

using bench::meter;

struct release {
  void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
  void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using connection = std::unique_ptr<PGconn, release>;
using result = std::unique_ptr<PGresult, release>;

enum class format { text = 0, binary = 1 };

connection connect() {
  connection db(PQconnectdb(bench::environment("TUSK_TEST_DSN")));
  if (PQstatus(db.get()) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(db.get()));
  return db;
}

result checked(const connection& db, PGresult* raw) {
  result answer(raw);
  const ExecStatusType status = PQresultStatus(raw);
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && status != PGRES_SINGLE_TUPLE)
    throw std::runtime_error(PQerrorMessage(db.get()));
  return answer;
}

void prepare(const connection& db, const char* sql) {
  checked(db, PQprepare(db.get(), "s", sql, 0, nullptr));
}

// Runs the prepared statement with one bigint.
result execute(const connection& db, std::int64_t parameter, format in) {
  std::array<char, 24> value{};
  int size = 8;
  if (in == format::binary) {
    const auto bits = __builtin_bswap64(static_cast<std::uint64_t>(parameter));
    std::memcpy(value.data(), &bits, sizeof bits);
  } else {
    std::to_chars(value.data(), value.data() + value.size() - 1, parameter);
  }
  const char* values = value.data();
  const int kind = static_cast<int>(in);
  return checked(db, PQexecPrepared(db.get(), "s", 1, &values, &size, &kind, kind));
}

std::uint64_t ping_simple(std::uint64_t n, meter& cost) {
  const connection db = connect();
  std::uint64_t sum = 0;
  cost.start();
  for (std::uint64_t i = 0; i < n; ++i) {
    const result answer = checked(db, PQexec(db.get(), bench::sql::ping));
    sum += static_cast<std::uint64_t>(std::atoi(PQgetvalue(answer.get(), 0, 0)));
  }
  cost.stop();
  return sum;
}

std::uint64_t ping_binary(std::uint64_t n, meter& cost) {
  const connection db = connect();
  std::uint64_t sum = 0;
  prepare(db, bench::sql::ping);
  cost.start();
  for (std::uint64_t i = 0; i < n; ++i) {
    const result answer =
        checked(db, PQexecPrepared(db.get(), "s", 0, nullptr, nullptr, nullptr, 1));
    sum += bench::integer_in_binary<std::uint32_t>(PQgetvalue(answer.get(), 0, 0));
  }
  cost.stop();
  return sum;
}

std::uint64_t digest(std::int64_t id, std::string_view name, const bench::decimal& amount,
                     std::int64_t changed) {
  auto sum = static_cast<std::uint64_t>(id) + static_cast<std::uint64_t>(changed);
  for (const char c : name)
    sum += static_cast<unsigned char>(c);
  for (std::size_t i = 0; i < amount.count; ++i)
    sum += amount.digits[i];
  return sum + static_cast<std::uint64_t>(amount.weight + amount.scale);
}

std::string_view bytes_of(const result& rows, int row, int column) {
  return {PQgetvalue(rows.get(), row, column),
          static_cast<std::size_t>(PQgetlength(rows.get(), row, column))};
}

std::int64_t int_in_text(const char* text) {
  return std::strtoll(text, nullptr, 10);
}

std::uint64_t point_in(format in, std::uint64_t n, meter& cost) {
  const connection db = connect();
  std::uint64_t sum = 0;
  prepare(db, bench::sql::point);
  execute(db, 1, in);
  cost.start();
  for (std::uint64_t i = 0; i < n; ++i) {
    const result row = execute(db, bench::point_id(i), in);
    if (PQntuples(row.get()) != 1) throw std::runtime_error("not exactly one row");
    const char* id = PQgetvalue(row.get(), 0, 0);
    const std::string_view name = bytes_of(row, 0, 1);
    const char* changed = PQgetvalue(row.get(), 0, 3);
    if (in == format::binary)
      sum += digest(
          bench::integer_in_binary<std::int64_t>(id), name,
          bench::decimal_in_binary(PQgetvalue(row.get(), 0, 2), PQgetlength(row.get(), 0, 2)),
          bench::integer_in_binary<std::int64_t>(changed));
    else
      sum += digest(int_in_text(id), name, bench::decimal_in_text(bytes_of(row, 0, 2)),
                    bench::timestamptz_in_text(changed));
  }
  cost.stop();
  return sum;
}

std::uint64_t point_binary(std::uint64_t n, meter& cost) {
  return point_in(format::binary, n, cost);
}
std::uint64_t point_text(std::uint64_t n, meter& cost) {
  return point_in(format::text, n, cost);
}

// The sums over rows of rows_narrow, in either format.
struct narrow_sums {
  std::uint64_t whole = 0;
  double prices = 0;

  void add_binary(const PGresult* rows) {
    const int count = PQntuples(rows);
    for (int i = 0; i < count; ++i) {
      const auto id = bench::integer_in_binary<std::int64_t>(PQgetvalue(rows, i, 0));
      const auto quantity = bench::integer_in_binary<std::int32_t>(PQgetvalue(rows, i, 1));
      prices += bench::double_in_binary(PQgetvalue(rows, i, 2));
      whole += static_cast<std::uint64_t>(id + quantity) + (*PQgetvalue(rows, i, 3) != 0 ? 1 : 0);
    }
  }
  void add_text(const PGresult* rows) {
    const int count = PQntuples(rows);
    for (int i = 0; i < count; ++i) {
      const std::int64_t id = int_in_text(PQgetvalue(rows, i, 0));
      const std::int64_t quantity = int_in_text(PQgetvalue(rows, i, 1));
      prices += std::strtod(PQgetvalue(rows, i, 2), nullptr);
      whole += static_cast<std::uint64_t>(id + quantity) + (*PQgetvalue(rows, i, 3) == 't' ? 1 : 0);
    }
  }
  [[nodiscard]] std::uint64_t digest() const {
    return whole + static_cast<std::uint64_t>(prices * 4);
  }
};

std::uint64_t narrow_in(format in, std::uint64_t n, meter& cost) {
  const connection db = connect();
  narrow_sums sums;
  prepare(db, bench::sql::rows_narrow);
  cost.start();
  const result rows = execute(db, static_cast<std::int64_t>(n), in);
  if (in == format::binary)
    sums.add_binary(rows.get());
  else
    sums.add_text(rows.get());
  cost.stop();
  return sums.digest();
}

std::uint64_t narrow_binary(std::uint64_t n, meter& cost) {
  return narrow_in(format::binary, n, cost);
}
std::uint64_t narrow_text(std::uint64_t n, meter& cost) {
  return narrow_in(format::text, n, cost);
}

std::uint64_t narrow_single_row(std::uint64_t n, meter& cost) {
  const connection db = connect();
  narrow_sums sums;
  prepare(db, bench::sql::rows_narrow);
  const std::string count = std::to_string(n);
  const char* value = count.c_str();
  cost.start();
  if (PQsendQueryPrepared(db.get(), "s", 1, &value, nullptr, nullptr, 1) != 1 ||
      PQsetSingleRowMode(db.get()) != 1)
    throw std::runtime_error(PQerrorMessage(db.get()));
  while (PGresult* raw = PQgetResult(db.get()))
    sums.add_binary(checked(db, raw).get());
  cost.stop();
  return sums.digest();
}

std::uint64_t narrow_cursor(std::uint64_t n, meter& cost) {
  const connection db = connect();
  narrow_sums sums;
  const std::string count = std::to_string(n);
  const char* value = count.c_str();
  const std::string declare =
      std::string("declare c binary no scroll cursor for ") + bench::sql::rows_narrow;
  cost.start();
  checked(db, PQexec(db.get(), "begin"));
  checked(db, PQexecParams(db.get(), declare.c_str(), 1, nullptr, &value, nullptr, nullptr, 1));
  for (;;) {
    const result rows = checked(db, PQexec(db.get(), "fetch 1000 from c"));
    if (PQntuples(rows.get()) == 0) break;
    sums.add_binary(rows.get());
  }
  checked(db, PQexec(db.get(), "commit"));
  cost.stop();
  return sums.digest();
}

constexpr std::array jobs{
    bench::job{"ping", "libpq-simple", ping_simple},
    bench::job{"ping", "libpq-binary", ping_binary},
    bench::job{"point", "libpq-binary", point_binary},
    bench::job{"point", "libpq-text", point_text},
    bench::job{"rows_narrow", "libpq-binary", narrow_binary},
    bench::job{"rows_narrow", "libpq-text", narrow_text},
    bench::job{"rows_narrow", "libpq-single-row", narrow_single_row},
    bench::job{"rows_narrow", "libpq-cursor", narrow_cursor},
};

}  // namespace

int main(int argc, char** argv) {
  return bench::run_client(argc, argv, jobs);
}
