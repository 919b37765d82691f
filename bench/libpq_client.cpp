// The workloads by libpq, in each of its modes: `libpq-binary` and `libpq-text` keep the whole
// result, in the format they name; the others are what libpq has for large results, in binary.

#include <array>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

#include "client.hpp"
#include "libpq_connection.hpp"
#include "libpq_copy.hpp"
#include "libpq_notify.hpp"
#include "libpq_pipeline.hpp"
#include "libpq_point.hpp"
#include "libpq_values.hpp"
#include "libpq_wide.hpp"
#include "workloads.hpp"

namespace {

using bench::checked;
using bench::connect;
using bench::connection;
using bench::execute;
using bench::format;
using bench::meter;
using bench::prepare;
using bench::result;
using bench::route;

template <route where>
std::uint64_t logins(std::uint64_t n, meter& cost) {
  std::uint64_t sum = 0;
  (void)connect(where);  // what is done once in a process is not a login's cost
  cost.start();
  for (std::uint64_t i = 0; i < n; ++i)
    sum += bench::text_digest(PQparameterStatus(connect(where).get(), "server_version"));
  cost.stop();
  return sum;
}

template <route where>
std::uint64_t ping_simple(std::uint64_t n, meter& cost) {
  const connection db = connect(where);
  std::uint64_t sum = 0;
  cost.start();
  for (std::uint64_t i = 0; i < n; ++i) {
    const result answer = checked(db, PQexec(db.get(), bench::sql::ping));
    sum += static_cast<std::uint64_t>(std::atoi(PQgetvalue(answer.get(), 0, 0)));
  }
  cost.stop();
  return sum;
}

template <route where>
std::uint64_t ping_binary(std::uint64_t n, meter& cost) {
  const connection db = connect(where);
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

std::uint64_t point_in(format in, std::uint64_t n, meter& cost) {
  const connection db = connect();
  std::uint64_t sum = 0;
  prepare(db, bench::sql::point);
  (void)execute(db, 1, in);
  cost.start();
  for (std::uint64_t i = 0; i < n; ++i)
    sum += bench::point_digest(execute(db, bench::point_id(i), in), in);
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
  static constexpr const char* sql = bench::sql::rows_narrow;
  static constexpr route where = route::unix_socket;
  std::uint64_t whole = 0;
  double prices = 0;

  void add(const PGresult* rows, int i, format in) {
    const char* id = PQgetvalue(rows, i, 0);
    const char* quantity = PQgetvalue(rows, i, 1);
    const char* price = PQgetvalue(rows, i, 2);
    const char active = *PQgetvalue(rows, i, 3);
    if (in == format::binary) {
      whole += static_cast<std::uint64_t>(bench::integer_in_binary<std::int64_t>(id) +
                                          bench::integer_in_binary<std::int32_t>(quantity));
      prices += bench::double_in_binary(price);
      whole += active != 0 ? 1 : 0;
    } else {
      whole += static_cast<std::uint64_t>(bench::int_in_text(id) + bench::int_in_text(quantity));
      prices += std::strtod(price, nullptr);
      whole += active == 't' ? 1 : 0;
    }
  }
  [[nodiscard]] std::uint64_t digest() const {
    return whole + static_cast<std::uint64_t>(prices * 4);
  }
};

// Those of stream.
struct stream_sums {
  static constexpr const char* sql = bench::sql::stream;
  static constexpr route where = route::unix_socket;
  std::uint64_t sum = 0;

  void add(const PGresult* rows, int i, format) {
    sum += bench::integer_in_binary<std::uint64_t>(PQgetvalue(rows, i, 0));
    sum += bench::text_digest(
        {PQgetvalue(rows, i, 1), static_cast<std::size_t>(PQgetlength(rows, i, 1))});
  }
  [[nodiscard]] std::uint64_t digest() const { return sum; }
};

// Those of rows_text and rows_text_tls; a text is the same in both formats.
template <route Where>
struct text_sums {
  static constexpr const char* sql = bench::sql::rows_text;
  static constexpr route where = Where;
  std::uint64_t sum = 0;

  void add(const PGresult* rows, int i, format) {
    sum += bench::text_digest(
        {PQgetvalue(rows, i, 0), static_cast<std::size_t>(PQgetlength(rows, i, 0))});
  }
  [[nodiscard]] std::uint64_t digest() const { return sum; }
};

// And those of bytea_large.
struct large_sums {
  static constexpr const char* sql = bench::sql::bytea_large;
  static constexpr route where = route::unix_socket;
  std::uint64_t sum = 0;

  void add(const PGresult* rows, int i, format in) {
    sum += in == format::binary ? bench::text_digest(bytes_of(rows, i))
                                : bench::bytea_digest_in_text(PQgetvalue(rows, i, 0));
  }
  [[nodiscard]] std::uint64_t digest() const { return sum; }

 private:
  static std::string_view bytes_of(const PGresult* rows, int i) {
    return {PQgetvalue(rows, i, 0), static_cast<std::size_t>(PQgetlength(rows, i, 0))};
  }
};

template <class Sums>
void add_all(Sums& sums, const result& rows, format in) {
  const int count = PQntuples(rows.get());
  for (int i = 0; i < count; ++i)
    sums.add(rows.get(), i, in);
}

template <class Sums, format in>
std::uint64_t rows_kept(std::uint64_t n, meter& cost) {
  const connection db = connect(Sums::where);
  Sums sums;
  prepare(db, Sums::sql);
  cost.start();
  add_all(sums, execute(db, static_cast<std::int64_t>(n), in), in);
  cost.stop();
  return sums.digest();
}

template <class Sums>
std::uint64_t rows_one_by_one(std::uint64_t n, meter& cost) {
  const connection db = connect(Sums::where);
  Sums sums;
  prepare(db, Sums::sql);
  const std::string count = std::to_string(n);
  const char* value = count.c_str();
  cost.start();
  if (PQsendQueryPrepared(db.get(), "s", 1, &value, nullptr, nullptr, 1) != 1 ||
      PQsetSingleRowMode(db.get()) != 1)
    throw std::runtime_error(PQerrorMessage(db.get()));
  while (PGresult* raw = PQgetResult(db.get()))
    add_all(sums, checked(db, raw), format::binary);
  cost.stop();
  return sums.digest();
}

template <class Sums>
std::uint64_t rows_by_cursor(std::uint64_t n, meter& cost) {
  const connection db = connect(Sums::where);
  Sums sums;
  const std::string count = std::to_string(n);
  const char* value = count.c_str();
  const std::string declare = std::string("declare c binary no scroll cursor for ") + Sums::sql;
  cost.start();
  (void)checked(db, PQexec(db.get(), "begin"));
  (void)checked(db,
                PQexecParams(db.get(), declare.c_str(), 1, nullptr, &value, nullptr, nullptr, 1));
  for (;;) {
    const result rows = checked(db, PQexec(db.get(), "fetch 1000 from c"));
    if (PQntuples(rows.get()) == 0) break;
    add_all(sums, rows, format::binary);
  }
  (void)checked(db, PQexec(db.get(), "commit"));
  cost.stop();
  return sums.digest();
}

using plain_text = text_sums<route::unix_socket>;

constexpr std::array jobs{
    bench::job{"ping", "libpq-simple", ping_simple<route::unix_socket>},
    bench::job{"ping", "libpq-binary", ping_binary<route::unix_socket>},
    bench::job{"point", "libpq-binary", point_binary},
    bench::job{"point", "libpq-text", point_text},
    bench::job{"pipeline", "libpq-pipeline", bench::pipeline},
    bench::job{"insert_batch", "libpq-pipeline", bench::insert_batch},
    bench::job{"rows_narrow", "libpq-binary", rows_kept<narrow_sums, format::binary>},
    bench::job{"rows_narrow", "libpq-text", rows_kept<narrow_sums, format::text>},
    bench::job{"rows_narrow", "libpq-single-row", rows_one_by_one<narrow_sums>},
    bench::job{"rows_narrow", "libpq-cursor", rows_by_cursor<narrow_sums>},
    bench::job{"rows_wide", "libpq-binary", rows_kept<bench::wide_rows, format::binary>},
    bench::job{"rows_wide", "libpq-text", rows_kept<bench::wide_rows, format::text>},
    bench::job{"rows_wide", "libpq-single-row", rows_one_by_one<bench::wide_rows>},
    bench::job{"rows_wide", "libpq-cursor", rows_by_cursor<bench::wide_rows>},
    bench::job{"rows_text", "libpq-binary", rows_kept<plain_text, format::binary>},
    bench::job{"rows_text", "libpq-text", rows_kept<plain_text, format::text>},
    bench::job{"rows_text", "libpq-single-row", rows_one_by_one<plain_text>},
    bench::job{"rows_text", "libpq-cursor", rows_by_cursor<plain_text>},
    bench::job{"bytea_large", "libpq-binary", rows_kept<large_sums, format::binary>},
    bench::job{"bytea_large", "libpq-text", rows_kept<large_sums, format::text>},
    bench::job{"bytea_large", "libpq-single-row", rows_one_by_one<large_sums>},
    bench::job{"bytea_large", "libpq-cursor", rows_by_cursor<large_sums>},
    bench::job{"stream", "libpq-single-row", rows_one_by_one<stream_sums>},
    bench::job{"stream", "libpq-cursor", rows_by_cursor<stream_sums>},
    bench::job{"copy_in_binary", "libpq", bench::copy_in_binary},
    bench::job{"copy_in_text", "libpq-printf", bench::copy_in_text_by_printf},
    bench::job{"copy_in_text", "libpq-to-chars", bench::copy_in_text_by_to_chars},
    bench::job{"copy_out", "libpq", bench::copy_out},
    bench::job{"copy_out_typed", "libpq-binary", bench::copy_out_typed_binary},
    bench::job{"copy_out_typed", "libpq-text", bench::copy_out_typed_text},
    bench::job{"notify", "libpq-simple", bench::notify_simple},
    bench::job{"notify", "libpq-binary", bench::notify_prepared},
    bench::job{"connect_unix", "libpq", logins<route::unix_socket>},
    bench::job{"connect_tcp", "libpq", logins<route::tcp>},
    bench::job{"connect_tls", "libpq", logins<route::tls>},
    bench::job{"ping_tls", "libpq-simple", ping_simple<route::tls>},
    bench::job{"ping_tls", "libpq-binary", ping_binary<route::tls>},
    bench::job{"rows_text_tls", "libpq-binary", rows_kept<text_sums<route::tls>, format::binary>},
    bench::job{"rows_text_tls", "libpq-text", rows_kept<text_sums<route::tls>, format::text>},
    bench::job{"rows_text_tls", "libpq-single-row", rows_one_by_one<text_sums<route::tls>>},
    bench::job{"rows_text_tls", "libpq-cursor", rows_by_cursor<text_sums<route::tls>>},
};

}  // namespace

int main(int argc, char** argv) {
  return bench::run_client(argc, argv, jobs);
}
