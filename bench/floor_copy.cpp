#include "floor_copy.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "copied_rows.hpp"
#include "copy_by_hand.hpp"
#include "floor_connection.hpp"
#include "tusk/proto/byte_order.hpp"
#include "workloads.hpp"

namespace bench {
namespace {

constexpr std::size_t header_size = 5;

// Whole rows, and a CopyData message around them.
struct copy_message {
  std::vector<char> bytes;

  explicit copy_message(std::string_view body) : bytes(header_size) {
    append(body);
    close();
  }
  template <class Encode>
  copy_message(std::uint64_t first, std::uint64_t count, Encode encode) : bytes(header_size) {
    const copied_rows rows;
    std::array<char, by_hand::largest_row> row{};
    for (std::uint64_t i = first; i < first + count; ++i)
      append({row.data(), encode(row.data(), rows[i])});
    close();
  }

  [[nodiscard]] std::span<const std::byte> span() const { return std::as_bytes(std::span(bytes)); }

 private:
  void append(std::string_view more) { bytes.insert(bytes.end(), more.begin(), more.end()); }
  void close() {
    bytes[0] = 'd';
    tusk::proto::store_big_endian(reinterpret_cast<std::byte*>(bytes.data()) + 1,
                                  static_cast<std::uint32_t>(bytes.size() - 1));
  }
};

// The same rows again and again, as many in a message as the others have in their buffers.
template <class Encode>
std::uint64_t copy_in(const char* sql, std::string_view header, std::string_view trailer,
                      std::uint64_t n, meter& cost, Encode encode) {
  constexpr std::uint64_t in_a_message = 900;
  constexpr std::uint64_t first = 500'000;  // with ids as long as most
  floor_connection db;
  db.run(sql::create_copied);
  const copy_message begin(header);
  const copy_message rows(first, in_a_message, encode);
  const copy_message rest(first, n % in_a_message, encode);
  const copy_message end(trailer);
  cost.start();
  db.begin_copy_in(sql);
  db.send(begin.span());
  for (std::uint64_t i = in_a_message; i <= n; i += in_a_message)
    db.send(rows.span());
  db.send(rest.span());
  db.send(end.span());
  db.end_copy_in();
  cost.stop();
  return n;
}

std::uint64_t copy_out(const std::string& sql, meter& cost) {
  floor_connection db;
  cost.start();
  const std::uint64_t messages = db.run(sql.c_str());
  cost.stop();
  return messages;
}

}  // namespace

std::uint64_t floor_copy_in_binary(std::uint64_t n, meter& cost) {
  return copy_in(sql::copy_in_binary, by_hand::binary_header, by_hand::binary_trailer, n, cost,
                 by_hand::put_binary);
}

std::uint64_t floor_copy_in_text(std::uint64_t n, meter& cost) {
  return copy_in(sql::copy_in_text, "", "", n, cost, by_hand::put_text<by_hand::put_fewest_digits>);
}

std::uint64_t floor_copy_out(std::uint64_t n, meter& cost) {
  return copy_out(sql::copy_out(n), cost);
}

std::uint64_t floor_copy_out_typed(std::uint64_t n, meter& cost) {
  return copy_out(sql::copy_out(n) + " (format binary)", cost);
}

}  // namespace bench
