#include "support/wire.hpp"

#include <algorithm>
#include <stdexcept>

namespace tusk::test {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

std::byte pair(std::string_view literal, std::size_t at) {
  const std::size_t high = digits.find(literal[at]);
  const std::size_t low =
      at + 1 < literal.size() ? digits.find(literal[at + 1]) : std::string_view::npos;
  if (high == std::string_view::npos || low == std::string_view::npos) {
    throw std::invalid_argument("not hex at " + std::to_string(at) + ": " + std::string(literal));
  }
  return static_cast<std::byte>(high * 16 + low);
}

}  // namespace

std::vector<std::byte> wire(std::string_view literal) {
  std::vector<std::byte> out;
  std::size_t at = 0;
  while (at < literal.size()) {
    if (literal[at] == ' ' || literal[at] == '\n') {
      ++at;
    } else if (literal[at] == '\'') {
      const std::size_t end = literal.find('\'', at + 1);
      if (end == std::string_view::npos) throw std::invalid_argument("a quote is left open");
      for (const char c : literal.substr(at + 1, end - at - 1)) {
        out.push_back(static_cast<std::byte>(c));
      }
      at = end + 1;
    } else {
      out.push_back(pair(literal, at));
      at += 2;
    }
  }
  return out;
}

std::string hex(bytes_view bytes) {
  std::string out;
  for (const std::byte one : bytes) {
    out += digits[std::to_integer<std::size_t>(one) >> 4];
    out += digits[std::to_integer<std::size_t>(one) & 15];
  }
  return out;
}

exact_block::exact_block(bytes_view bytes)
    : data_(std::make_unique<std::byte[]>(bytes.size())), size_(bytes.size()) {
  std::copy(bytes.begin(), bytes.end(), data_.get());
}

}  // namespace tusk::test
