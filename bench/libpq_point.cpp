#include "libpq_point.hpp"

#include <stdexcept>
#include <string_view>

#include "libpq_values.hpp"

namespace bench {
namespace {

std::uint64_t digest(std::int64_t id, std::string_view name, const decimal& amount,
                     std::int64_t changed) {
  auto sum = static_cast<std::uint64_t>(id) + static_cast<std::uint64_t>(changed);
  for (const char c : name)
    sum += static_cast<unsigned char>(c);
  for (std::size_t i = 0; i < amount.count; ++i)
    sum += amount.digits[i];
  return sum + static_cast<std::uint64_t>(amount.weight + amount.scale);
}

std::string_view bytes_of(const result& row, int column) {
  return {PQgetvalue(row.get(), 0, column),
          static_cast<std::size_t>(PQgetlength(row.get(), 0, column))};
}

}  // namespace

std::uint64_t point_digest(const result& row, format in) {
  if (PQntuples(row.get()) != 1) throw std::runtime_error("not exactly one row");
  const char* id = PQgetvalue(row.get(), 0, 0);
  const std::string_view name = bytes_of(row, 1);
  const char* changed = PQgetvalue(row.get(), 0, 3);
  if (in == format::binary)
    return digest(integer_in_binary<std::int64_t>(id), name,
                  decimal_in_binary(PQgetvalue(row.get(), 0, 2), PQgetlength(row.get(), 0, 2)),
                  integer_in_binary<std::int64_t>(changed));
  return digest(int_in_text(id), name, decimal_in_text(bytes_of(row, 2)),
                timestamptz_in_text(changed));
}

}  // namespace bench
