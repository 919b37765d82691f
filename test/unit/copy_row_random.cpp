// Rows drawn from a fixed seed: both ways of writing them give the same bytes, and what they say is
// read back by the readers of COPY data.
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/copied_rows.hpp"
#include "tusk/row_traits.hpp"
#include "tusk/types/types.hpp"
#include "types/copy_reader.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

using random_source = std::mt19937_64;
using drawn_row =
    std::tuple<std::optional<std::int64_t>, std::int16_t, std::optional<double>, float,
               std::optional<std::string>, std::string, bool, std::optional<timestamptz>, date,
               interval, uuid, std::optional<numeric>, std::optional<std::vector<int>>>;

std::vector<column> drawn_columns() {
  std::vector<column> columns;
  for (const oid type :
       {oids::int8, oids::int2, oids::float8, oids::float4, oids::text, oids::varchar, oids::bool_,
        oids::timestamptz, oids::date, oids::interval, oids::uuid, oids::numeric, oids::int4_array})
    columns.push_back(column_of("c" + std::to_string(columns.size()), type));
  return columns;
}

std::int64_t draw_number(random_source& source) {
  const auto bits = static_cast<std::int64_t>(source());
  return bits >> (source() % 64);
}

std::string draw_text(random_source& source) {
  constexpr std::string_view alphabet = "ab\\.N\t\n\r,;\"'\b\x01 xyzuNULL\xc3\xa4";
  std::string text;
  for (std::uint64_t count = source() % 40; count > 0; --count) {
    const char c = alphabet[source() % (alphabet.size() - 2)];
    text += c;
  }
  if (source() % 8 == 0) text = "\xc3\xa4" + text;
  if (source() % 16 == 0) text = source() % 2 == 0 ? "\\." : "\\N";
  if (source() % 16 == 0) text = source() % 2 == 0 ? "NULL" : "";
  return text;
}

template <class T>
std::optional<T> maybe(random_source& source, T value) {
  if (source() % 4 == 0) return std::nullopt;
  return value;
}

drawn_row draw_row(random_source& source) {
  const double number = static_cast<double>(draw_number(source)) / 1000.0;
  uuid id;
  for (std::byte& each : id.bytes)
    each = static_cast<std::byte>(source());
  return {maybe(source, draw_number(source)),
          static_cast<std::int16_t>(draw_number(source)),
          maybe(source, number),
          static_cast<float>(number),
          maybe(source, draw_text(source)),
          draw_text(source),
          source() % 2 == 0,
          maybe(source, timestamptz(draw_number(source) / 64)),
          date(static_cast<std::int32_t>(source() % 3'000'000)),
          interval(static_cast<std::int32_t>(source() % 1000), static_cast<std::int32_t>(7), 5),
          id,
          maybe(source, numeric(draw_number(source))),
          maybe(source, std::vector<int>{1, static_cast<int>(source())})};
}

/// Gives the rows that the writer's bytes say, fed in chunks of so many.
std::vector<drawn_row> read_back(const copied_rows& rows, copy_format format,
                                 const copy_style& style, std::size_t chunk) {
  std::vector<column> columns = drawn_columns();
  for (column& each : columns)
    each.format = format == copy_format::binary ? tusk::format::binary : tusk::format::text;
  const column_set set{columns, {}};
  detail::copy_reader reader(format, style, static_cast<std::uint32_t>(columns.size()));
  std::vector<drawn_row> found;
  for (bytes_view rest = rows.bytes(); !rest.empty();) {
    const bytes_view part = rest.first(std::min(chunk, rest.size()));
    rest = rest.subspan(part.size());
    reader.feed(part);
    while (const std::byte* body = reader.next())
      found.push_back(detail::row_traits<drawn_row>::read(body, set));
  }
  reader.finish();
  return found;
}

/// The two ways, each in its turn, and never only the general one.
void check(copy_format format, const copy_style& style) {
  random_source source(20260101);
  copied_rows direct(format, drawn_columns(), style);
  copied_rows general(format, drawn_columns(), style);
  std::vector<drawn_row> drawn;
  direct.begin();
  general.begin();
  for (int i = 0; i < 1000; ++i) {
    drawn.push_back(draw_row(source));
    std::apply([&](const auto&... values) { direct.row(values...); }, drawn.back());
    std::apply([&](const auto&... values) { general.put(values...); }, drawn.back());
  }
  direct.end();
  general.end();
  REQUIRE(direct.hex() == general.hex());
  const std::vector<drawn_row> found = read_back(direct, format, style, 1000);
  REQUIRE(found.size() == drawn.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    CAPTURE(i);
    REQUIRE(found[i] == drawn[i]);
  }
}

TEST_CASE("random rows are read back from every format as they were written") {
  check(copy_format::binary, {});
  check(copy_format::text, {});
  check(copy_format::text, {.delimiter = ';', .null = "NULL", .header = true});
  check(copy_format::csv, {});
  check(copy_format::csv, {.delimiter = ';', .null = "NULL", .quote = '\'', .escape = '\\'});
  check(copy_format::csv, {.delimiter = '\t', .null = "\\N", .header = true});
}

/// Columns that all go directly, so that the one way is really compared with the other.
TEST_CASE("rows that go directly are byte for byte those that go by their codecs") {
  for (const copy_format format : {copy_format::binary, copy_format::text, copy_format::csv}) {
    random_source source(7);
    std::vector<column> columns = drawn_columns();
    columns.resize(11);
    copied_rows direct(format, columns);
    copied_rows general(format, columns);
    for (int i = 0; i < 2000; ++i) {
      const drawn_row drawn = draw_row(source);
      const auto write = [&]<std::size_t... I>(std::index_sequence<I...>) {
        direct.row(std::get<I>(drawn)...);
        general.put(std::get<I>(drawn)...);
      };
      write(std::make_index_sequence<11>());
      REQUIRE(direct.hex() == general.hex());
      direct.clear();
      general.clear();
    }
    CHECK(direct.count() == 2000);
  }
}

}  // namespace
