#include "tusk_rows.hpp"

#include <optional>
#include <stdexcept>
#include <string_view>

#include "tusk/tusk.hpp"
#include "wide_sums.hpp"
#include "workloads.hpp"

namespace bench {
namespace {

enum class by { query, stream };

template <by verb, class Row>
auto open(tusk::session& db, const char* sql, std::uint64_t n) {
  if constexpr (verb == by::query) return db.query<Row>(sql, n);
  if constexpr (verb == by::stream) return db.stream<Row>(sql, n);
}

struct wide_row {
  std::int64_t id;
  std::int32_t quantity;
  std::int16_t kind;
  std::optional<std::int64_t> parent;
  std::optional<std::int32_t> stock;
  double price;
  float ratio;
  std::optional<double> discount;
  tusk::numeric amount;
  std::optional<tusk::numeric> tax;
  std::string_view name;
  std::string_view street;
  std::string_view city;
  std::optional<std::string_view> note;
  tusk::timestamptz made;
  tusk::timestamptz changed;
  std::optional<tusk::timestamptz> removed;
  tusk::uuid key;
  bool active;
  std::optional<bool> checked;
};

// One overload for each kind of value.
void add(wide_sums& to, std::int64_t value) {
  to.whole(value);
}
void add(wide_sums& to, std::int32_t value) {
  to.whole(value);
}
void add(wide_sums& to, std::int16_t value) {
  to.whole(value);
}
void add(wide_sums& to, double value) {
  to.number(value);
}
void add(wide_sums& to, float value) {
  to.number(value);
}
void add(wide_sums& to, bool value) {
  to.truth(value);
}
void add(wide_sums& to, std::string_view value) {
  to.text(value);
}
void add(wide_sums& to, tusk::timestamptz value) {
  to.whole(value.microseconds());
}
void add(wide_sums& to, const tusk::uuid& value) {
  to.uuid(value.bytes.data());
}
void add(wide_sums& to, const tusk::numeric& value) {
  to.decimal(value.digits(), value.weight(), value.scale());
}
template <class T>
void add(wide_sums& to, const std::optional<T>& value) {
  value ? add(to, *value) : to.null();
}

// Inlined as the loops of other workloads are, so that values need not go through memory.
[[gnu::always_inline]] inline void add_row(wide_sums& sums, const wide_row& row) {
  const auto add_each = [&](const auto&... values) { (add(sums, values), ...); };
  add_each(row.id, row.quantity, row.kind, row.parent, row.stock, row.price, row.ratio,
           row.discount, row.amount, row.tax, row.name, row.street, row.city, row.note, row.made,
           row.changed, row.removed, row.key, row.active, row.checked);
}

template <by verb>
std::uint64_t wide(std::uint64_t n, meter& cost) {
  tusk::session db(data_source(route::unix_socket));
  wide_sums sums;
  (void)db.query<wide_row>(sql::rows_wide, 1);
  cost.start();
  for (const wide_row& row : open<verb, wide_row>(db, sql::rows_wide, n))
    add_row(sums, row);
  cost.stop();
  return sums.digest();
}

template <by verb, route where>
std::uint64_t text(std::uint64_t n, meter& cost) {
  tusk::session db(data_source(where));
  // Asks the server, who knows best.
  if (db.scalar<bool>("select ssl from pg_stat_ssl where pid = pg_backend_pid()") !=
      (where == route::tls))
    throw std::runtime_error("tusk does not use TLS where it should, or does where it should not");
  std::uint64_t sum = 0;
  (void)db.query<std::string_view>(sql::rows_text, 1);
  cost.start();
  for (const std::string_view body : open<verb, std::string_view>(db, sql::rows_text, n))
    sum += text_digest(body);
  cost.stop();
  return sum;
}

template <by verb>
std::uint64_t large(std::uint64_t n, meter& cost) {
  tusk::session db(data_source(route::unix_socket));
  std::uint64_t sum = 0;
  (void)db.prepare(sql::bytea_large);
  cost.start();
  for (const tusk::bytes_view body : open<verb, tusk::bytes_view>(db, sql::bytea_large, n))
    sum += text_digest({reinterpret_cast<const char*>(body.data()), body.size()});
  cost.stop();
  return sum;
}

}  // namespace

std::uint64_t rows_wide(std::uint64_t n, meter& cost) {
  return wide<by::query>(n, cost);
}
std::uint64_t rows_wide_stream(std::uint64_t n, meter& cost) {
  return wide<by::stream>(n, cost);
}

std::uint64_t rows_text(std::uint64_t n, meter& cost) {
  return text<by::query, route::unix_socket>(n, cost);
}
std::uint64_t rows_text_stream(std::uint64_t n, meter& cost) {
  return text<by::stream, route::unix_socket>(n, cost);
}
std::uint64_t rows_text_tls(std::uint64_t n, meter& cost) {
  return text<by::query, route::tls>(n, cost);
}
std::uint64_t rows_text_tls_stream(std::uint64_t n, meter& cost) {
  return text<by::stream, route::tls>(n, cost);
}

std::uint64_t bytea_large(std::uint64_t n, meter& cost) {
  return large<by::query>(n, cost);
}
std::uint64_t bytea_large_stream(std::uint64_t n, meter& cost) {
  return large<by::stream>(n, cost);
}

}  // namespace bench
