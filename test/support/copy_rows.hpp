#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/wire.hpp"
#include "tusk/error.hpp"
#include "tusk/proto/row.hpp"
#include "types/copy_reader.hpp"

namespace tusk::test {

using copied_value = std::optional<std::string>;  ///< nothing for NULL
using copied_row = std::vector<copied_value>;

/// What came of reading COPY data: the rows, and how it ended.
struct copied {
  std::vector<copied_row> rows{};
  std::string error{};  ///< its message; empty when all was well
  bool sound = true;    ///< all bodies were well-formed, and counted
  bool at_end = false;  ///< the data marked its own end
  friend bool operator==(const copied&, const copied&) = default;
};

/// Takes a row out of its body, whose every byte is checked. False when the body is malformed.
inline bool take_row(const std::byte* body, std::uint32_t columns, copied_row& into) {
  std::size_t size = 2;
  for (std::uint32_t i = 0; i < columns; ++i) {
    const auto length = proto::load_big_endian<std::int32_t>(body + size);
    if (length < -1) return false;
    size += 4;
    into.emplace_back();
    if (length < 0) continue;
    const auto bytes = static_cast<std::size_t>(length);
    into.back().emplace(reinterpret_cast<const char*>(body + size), bytes);
    size += bytes;
  }
  return !proto::check_data_row(bytes_view(body, size), columns);
}

/// Reads data whose chunks end at `cuts` (in order, each once), each in a block of its own size
/// that is gone before the next one comes.
inline copied read_cut(copy_format format, const copy_style& style, std::uint32_t columns,
                       std::string_view data, const std::vector<std::size_t>& cuts) {
  copied out;
  detail::copy_reader reader(format, style, columns);
  try {
    std::size_t from = 0;
    for (std::size_t i = 0; i <= cuts.size(); ++i) {
      const std::size_t to = i == cuts.size() ? data.size() : cuts[i];
      const exact_block chunk(bytes_of(data.substr(from, to - from)));
      reader.feed(chunk.view());
      while (const std::byte* body = reader.next()) {
        out.sound = take_row(body, columns, out.rows.emplace_back()) && out.sound;
        out.sound = reader.rows() == out.rows.size() && out.sound;
      }
      from = to;
    }
    out.at_end = reader.at_end();
    reader.finish();
  } catch (const error& e) {
    out.error = e.message();
  }
  return out;
}

inline copied read_whole(copy_format format, const copy_style& style, std::uint32_t columns,
                         std::string_view data) {
  return read_cut(format, style, columns, data, {});
}

/// Cuts behind every `step` bytes.
inline std::vector<std::size_t> every(std::size_t step, std::size_t size) {
  std::vector<std::size_t> cuts;
  for (std::size_t at = step; at < size; at += step)
    cuts.push_back(at);
  return cuts;
}

}  // namespace tusk::test
