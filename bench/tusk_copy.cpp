#include "tusk_copy.hpp"

#include <cstddef>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "copied_rows.hpp"
#include "tusk/tusk.hpp"
#include "workloads.hpp"

namespace bench {
namespace {

// A row as a user of tusk has it.
struct measurement {
  std::int64_t id;
  double reading;
  std::string_view name;
  tusk::timestamptz made;
};

measurement measured(const copied_row& row) {
  return {row.id, row.reading, row.name, tusk::timestamptz(row.made)};
}

// The first `n` rows, made one by one.
class measurements {
 public:
  measurements(const copied_rows& of, std::uint64_t n) : of_(&of), n_(n) {}

  class iterator {
   public:
    using value_type = measurement;
    using difference_type = std::ptrdiff_t;

    iterator(const copied_rows& of, std::uint64_t at) : of_(&of), at_(at) {}
    measurement operator*() const { return measured((*of_)[at_]); }
    iterator& operator++() {
      ++at_;
      return *this;
    }
    void operator++(int) { ++at_; }
    friend bool operator==(const iterator& a, const iterator& b) { return a.at_ == b.at_; }

   private:
    const copied_rows* of_;
    std::uint64_t at_;
  };

  [[nodiscard]] iterator begin() const { return {*of_, 0}; }
  [[nodiscard]] iterator end() const { return {*of_, n_}; }

 private:
  const copied_rows* of_;
  std::uint64_t n_;
};

template <class Fill>
std::uint64_t copy_in(tusk::copy_format format, std::uint64_t n, meter& cost, Fill fill) {
  tusk::session db(data_source(route::unix_socket));
  db.execute(sql::create_copied);
  const copied_rows rows;
  cost.start();
  tusk::copy_in in = db.copy_in(
      {.table = "copied", .columns = {"id", "reading", "name", "made"}, .format = format});
  fill(in, rows);
  const std::uint64_t taken = in.finish();
  cost.stop();
  if (taken != n) throw std::runtime_error("COPY has not copied all rows");
  return static_cast<std::uint64_t>(db.scalar<std::int64_t>(sql::copied_digest));
}

std::uint64_t copy_in_rows(tusk::copy_format format, std::uint64_t n, meter& cost) {
  return copy_in(format, n, cost, [n](tusk::copy_in& in, const copied_rows& rows) {
    for (std::uint64_t i = 0; i < n; ++i) {
      const copied_row row = rows[i];
      in.row(row.id, row.reading, row.name, tusk::timestamptz(row.made));
    }
  });
}

std::uint64_t copy_in_range(tusk::copy_format format, std::uint64_t n, meter& cost) {
  return copy_in(format, n, cost, [n](tusk::copy_in& in, const copied_rows& rows) {
    in.rows(measurements(rows, n));
  });
}

std::uint64_t copy_out_typed(tusk::copy_format format, std::uint64_t n, meter& cost) {
  tusk::session db(data_source(route::unix_socket));
  std::uint64_t sum = 0;
  double prices = 0;
  cost.start();
  for (const auto& [id, quantity, price, active] :
       db.copy_rows<std::int64_t, std::int32_t, double, bool>(
           {.query = sql::copied_query(n), .format = format})) {
    sum += static_cast<std::uint64_t>(id + quantity) + (active ? 1 : 0);
    prices += price;
  }
  cost.stop();
  return sum + static_cast<std::uint64_t>(prices * 4);
}

}  // namespace

std::uint64_t tusk_copy_in_binary(std::uint64_t n, meter& cost) {
  return copy_in_rows(tusk::copy_format::binary, n, cost);
}
std::uint64_t tusk_copy_in_text(std::uint64_t n, meter& cost) {
  return copy_in_rows(tusk::copy_format::text, n, cost);
}
std::uint64_t tusk_copy_in_binary_range(std::uint64_t n, meter& cost) {
  return copy_in_range(tusk::copy_format::binary, n, cost);
}
std::uint64_t tusk_copy_in_text_range(std::uint64_t n, meter& cost) {
  return copy_in_range(tusk::copy_format::text, n, cost);
}

std::uint64_t tusk_copy_out(std::uint64_t n, meter& cost) {
  tusk::session db(data_source(route::unix_socket));
  std::uint64_t sum = 0;
  cost.start();
  tusk::copy_out out = db.copy_out(sql::copy_out(n));
  while (const std::optional<tusk::bytes_view> line = out.next())
    sum += text_digest({reinterpret_cast<const char*>(line->data()), line->size()});
  cost.stop();
  if (out.rows() != n) throw std::runtime_error("COPY has not copied all rows");
  return sum;
}

std::uint64_t tusk_copy_out_typed(std::uint64_t n, meter& cost) {
  return copy_out_typed(tusk::copy_format::binary, n, cost);
}
std::uint64_t tusk_copy_out_typed_text(std::uint64_t n, meter& cost) {
  return copy_out_typed(tusk::copy_format::text, n, cost);
}

}  // namespace bench
