#include "session/insert_piece.hpp"

#include <algorithm>
#include <exception>
#include <new>

#include "session/statement_cache.hpp"
#include "tusk/error.hpp"
#include "tusk/proto/envelope.hpp"
#include "tusk/proto/extended.hpp"

namespace tusk::detail {

namespace {

constexpr std::size_t most_parameters = 65'535;
// More rows in a statement make it little cheaper to the server, and each number of rows is parsed
// by itself.
constexpr std::size_t most_rows = 500;
// Rows that are large need no company.
constexpr std::size_t most_bytes = std::size_t{256} << 10;

}  // namespace

insert_text::insert_text(const insert_into& where, std::size_t width, const literal_rules& rules)
    : head_("INSERT INTO "), width_(width) {
  head_ += quoted_name(where.schema, where.table, rules);
  for (std::size_t i = 0; i < where.columns.size(); ++i) {
    head_ += i == 0 ? " (" : ", ";
    head_ += quoted_name(where.columns[i], rules);
  }
  head_ += where.columns.empty() ? " VALUES " : ") VALUES ";
  if (!where.on_conflict.empty()) tail_.append(" ON CONFLICT ").append(where.on_conflict);
  if (!where.returning.empty()) tail_.append(" RETURNING ").append(where.returning);
}

std::string insert_text::statement(std::size_t rows) const {
  std::string text = head_;
  text.reserve(head_.size() + tail_.size() + rows * (4 + width_ * 8));
  std::size_t number = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    text += row == 0 ? "(" : ", (";
    for (std::size_t i = 0; i < width_; ++i)
      text.append(i == 0 ? "$" : ", $").append(std::to_string(++number));
    text += ')';
  }
  return text += tail_;
}

void insert_piece::add(std::span<const parameter> row, const prepared_statement& as) {
  proto::writer out(room_, used_, &insert_piece::grow, this);
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i].operations->is_null(row[i].value)) {
      out.i32(-1);
      codes_.push_back(format::text);
      continue;
    }
    const std::size_t at = out.open_length();
    value_writer to(out, as.target(i), i + 1);
    codes_.push_back(row[i].operations->encode(to, row[i].value));
    out.close_value(at);
  }
  if (out.status()) throw std::bad_alloc();
  used_ = out.size();
  ++rows;
}

bool insert_piece::is_full() const noexcept {
  const std::size_t width = codes_.size() / rows;
  return rows >= most_rows || used_ >= most_bytes || (rows + 1) * width > most_parameters;
}

void insert_piece::write_bind(proto::writer& out) const {
  proto::envelope around(out, proto::bind::type);
  const auto count = static_cast<std::uint16_t>(codes_.size());
  out.cstring("");
  out.cstring("");
  out.u16(count);
  for (const format code : codes_)
    out.i16(static_cast<std::int16_t>(code));
  out.u16(count);
  out.bytes(bytes_view(room_).first(used_));
  out.u16(static_cast<std::uint16_t>(columns.size()));
  for (const format code : columns)
    out.i16(static_cast<std::int16_t>(code));
  if (const proto::error refused = around.seal()) {
    raise({.kind = error_kind::usage,
           .message = "the rows cannot be sent: " + std::string(proto::explain(refused.what)),
           .safe_to_retry = true});
  }
}

void insert_piece::clear() noexcept {
  rows = 0;
  used_ = 0;
  codes_.clear();
}

std::span<std::byte> insert_piece::grow(void* owner, std::size_t, std::size_t wanted) noexcept {
  std::vector<std::byte>& room = static_cast<insert_piece*>(owner)->room_;
  try {
    room.resize(std::max(wanted, 2 * room.size()));
  } catch (const std::exception&) {  // no memory
    return {};
  }
  return room;
}

}  // namespace tusk::detail
