#include "libpq_wide.hpp"

#include <cstdlib>
#include <memory>
#include <span>
#include <stdexcept>
#include <string_view>

#include "libpq_point.hpp"
#include "libpq_values.hpp"

namespace bench {
namespace {

/// One row, column by column.
struct row_values {
  const PGresult* rows;
  int row;

  [[nodiscard]] bool is_null(int column) const { return PQgetisnull(rows, row, column) != 0; }
  [[nodiscard]] const char* at(int column) const { return PQgetvalue(rows, row, column); }
  [[nodiscard]] int size(int column) const { return PQgetlength(rows, row, column); }
  [[nodiscard]] std::string_view text(int column) const {
    return {at(column), static_cast<std::size_t>(size(column))};
  }
};

// Those columns that may be NULL are looked at, and no others.
template <class Take>
void unless_null(wide_sums& sums, const row_values& values, int column, Take take) {
  values.is_null(column) ? sums.null() : take(column);
}

void add_decimal(wide_sums& sums, const decimal& number) {
  sums.decimal(std::span(number.digits).first(number.count), number.weight, number.scale);
}

// What the formats share.
void add_texts(wide_sums& sums, const row_values& values) {
  for (const int column : {10, 11, 12})
    sums.text(values.text(column));
  unless_null(sums, values, 13, [&](int column) { sums.text(values.text(column)); });
}

void add_binary(wide_sums& sums, const row_values& values) {
  const auto int8 = [&](int c) { sums.whole(integer_in_binary<std::int64_t>(values.at(c))); };
  const auto int4 = [&](int c) { sums.whole(integer_in_binary<std::int32_t>(values.at(c))); };
  const auto float8 = [&](int c) { sums.number(double_in_binary(values.at(c))); };
  const auto numeric = [&](int c) {
    add_decimal(sums, decimal_in_binary(values.at(c), values.size(c)));
  };
  int8(0);
  int4(1);
  sums.whole(integer_in_binary<std::int16_t>(values.at(2)));
  unless_null(sums, values, 3, int8);
  unless_null(sums, values, 4, int4);
  float8(5);
  sums.number(std::bit_cast<float>(integer_in_binary<std::uint32_t>(values.at(6))));
  unless_null(sums, values, 7, float8);
  numeric(8);
  unless_null(sums, values, 9, numeric);
  add_texts(sums, values);
  int8(14);
  int8(15);
  unless_null(sums, values, 16, int8);
  sums.uuid(values.at(17));
  const auto truth = [&](int c) { sums.truth(*values.at(c) != 0); };
  truth(18);
  unless_null(sums, values, 19, truth);
}

void add_text(wide_sums& sums, const row_values& values) {
  const auto whole = [&](int c) { sums.whole(int_in_text(values.at(c))); };
  const auto number = [&](int c) { sums.number(std::strtod(values.at(c), nullptr)); };
  const auto numeric = [&](int c) { add_decimal(sums, decimal_in_text(values.text(c))); };
  const auto time = [&](int c) { sums.whole(timestamptz_in_text(values.text(c))); };
  const auto truth = [&](int c) { sums.truth(*values.at(c) == 't'); };
  for (const int column : {0, 1, 2})
    whole(column);
  for (const int column : {3, 4})
    unless_null(sums, values, column, whole);
  for (const int column : {5, 6})
    number(column);
  unless_null(sums, values, 7, number);
  numeric(8);
  unless_null(sums, values, 9, numeric);
  add_texts(sums, values);
  for (const int column : {14, 15})
    time(column);
  unless_null(sums, values, 16, time);
  sums.uuid(uuid_in_text(values.text(17)).data());
  truth(18);
  unless_null(sums, values, 19, truth);
}

struct release_memory {
  void operator()(unsigned char* bytes) const noexcept { PQfreemem(bytes); }
};

}  // namespace

void wide_rows::add(const PGresult* rows, int row, format in) {
  const row_values values{rows, row};
  in == format::binary ? add_binary(sums, values) : add_text(sums, values);
}

std::uint64_t bytea_digest_in_text(const char* text) {
  std::size_t size = 0;
  const std::unique_ptr<unsigned char, release_memory> bytes(
      PQunescapeBytea(reinterpret_cast<const unsigned char*>(text), &size));
  if (bytes == nullptr) throw std::runtime_error("not a bytea");
  return text_digest({reinterpret_cast<const char*>(bytes.get()), size});
}

}  // namespace bench
