#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/catalog_types.hpp"
#include "support/catch.hpp"
#include "support/values.hpp"
#include "tusk/copy_row_writer.hpp"

namespace tusk::test {

inline column column_of(std::string name, oid type) {
  column made;
  made.name = std::move(name);
  made.type = type;
  return made;
}
inline column column_of(std::string name, const known_type& type) {
  column made = column_of(std::move(name), type->number);
  made.info = type;
  return made;
}

/// A COPY into the table "t", whose data can be looked at.
class copied_rows {
 public:
  copied_rows(copy_format format, std::vector<column> columns, const copy_style& style = {})
      : rows_(format, style, columns, columns.size(), "t") {}
  /// Of which nothing is known but how many columns it has.
  copied_rows(copy_format format, std::size_t count, const copy_style& style = {})
      : rows_(format, style, {}, count, {}) {}

  template <class... V>
  copied_rows& row(const V&... values) {
    with([&](proto::writer& out) { rows_.row(out, values...); });
    return *this;
  }
  /// By the general way only.
  template <class... V>
  copied_rows& put(const V&... values) {
    const auto list = detail::make_parameters(values...);
    with([&](proto::writer& out) { rows_.put(out, list); });
    return *this;
  }
  void begin() {
    with([&](proto::writer& out) { rows_.begin(out); });
  }
  void end() {
    with([&](proto::writer& out) { rows_.end(out); });
  }

  [[nodiscard]] bytes_view bytes() const { return bytes_view(room_).first(used_); }
  [[nodiscard]] std::string hex() const { return test::hex(bytes()); }
  [[nodiscard]] std::string text() const {
    return {reinterpret_cast<const char*>(room_.data()), used_};
  }
  [[nodiscard]] std::uint64_t count() const { return rows_.rows(); }
  void clear() { used_ = 0; }

 private:
  template <class Call>
  void with(Call call) {
    proto::writer out(room_, used_, &copied_rows::grow, this);
    try {
      call(out);
    } catch (...) {
      used_ = out.size();
      throw;
    }
    used_ = out.size();
  }
  static std::span<std::byte> grow(void* owner, std::size_t, std::size_t wanted) noexcept {
    std::vector<std::byte>& room = static_cast<copied_rows*>(owner)->room_;
    room.resize(std::max(wanted, 2 * room.size()));
    return room;
  }

  detail::copy_row_writer rows_;
  std::vector<std::byte> room_ = std::vector<std::byte>(8);
  std::size_t used_ = 0;
};

/// The message of the programming_error that `call` throws; empty when it throws none.
template <class Call>
std::string misuse_of(Call call) {
  try {
    call();
  } catch (const programming_error& e) {
    return std::string(e.message());
  }
  return {};
}

/// One value in a line of its own, without the line's end, by every way that there is to write it.
template <class T, class Type>
std::string line_of(copy_format format, const Type& type, const T& value,
                    const copy_style& style = {}) {
  copied_rows rows(format, {column_of("c", type)}, style);
  rows.row(value);
  const std::string first = rows.text();
  rows.clear();
  rows.row(value);
  CHECK(rows.text() == first);
  rows.clear();
  rows.put(value);
  CHECK(rows.text() == first);
  REQUIRE(first.ends_with('\n'));
  return first.substr(0, first.size() - 1);
}

}  // namespace tusk::test
