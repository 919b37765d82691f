#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tusk/proto/bytes.hpp"

namespace tusk::test {

/// Bytes as a reader checks them against the protocol's pages: hex digits in pairs, and text
/// between single quotes. Blanks mean nothing. `wire("'Q' 0000000d 'select 1' 00")`.
std::vector<std::byte> wire(std::string_view literal);

/// The same bytes back as hex, for what a failed comparison prints.
std::string hex(bytes_view bytes);

inline bytes_view bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

/// A copy in a heap block of exactly its size, so that sanitizers see a read behind its end.
class exact_block {
 public:
  explicit exact_block(bytes_view bytes);
  [[nodiscard]] bytes_view view() const { return {data_.get(), size_}; }

 private:
  std::unique_ptr<std::byte[]> data_;
  std::size_t size_;
};

}  // namespace tusk::test
