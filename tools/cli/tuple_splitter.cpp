#include "tuple_splitter.hpp"

#include <algorithm>
#include <cstring>
#include <string>

namespace cli {
namespace {

std::uint32_t big_endian(const char* from, std::size_t size) noexcept {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < size; ++i)
    value = value << 8U | static_cast<unsigned char>(from[i]);
  return value;
}

constexpr std::size_t signature_size = 11;

}  // namespace

std::optional<std::size_t> tuple_splitter::row_end(std::string_view more) {
  std::size_t at = 0;
  while (at < more.size()) {
    if (state_ == state::ended) refuse("there is something behind the trailer");
    const std::uint64_t taken = std::min<std::uint64_t>(missing_, more.size() - at);
    if (state_ != state::value && state_ != state::extension) {
      std::memcpy(word_ + held_, more.data() + at, static_cast<std::size_t>(taken));
      held_ += static_cast<std::size_t>(taken);
    }
    at += static_cast<std::size_t>(taken);
    missing_ -= taken;
    if (missing_ == 0 && read_word()) return at;
  }
  return std::nullopt;
}

bool tuple_splitter::ends_with_row() {
  if (state_ == state::ended) return false;
  // The server, too, takes data without its trailer.
  if (state_ == state::field_count && held_ == 0) return false;
  refuse(state_ == state::header ? "it ends inside of its header" : "it ends inside of the row");
}

void tuple_splitter::expect(state next, std::uint64_t bytes) noexcept {
  state_ = next;
  missing_ = bytes;
  held_ = 0;
}

void tuple_splitter::read_header() {
  if (std::memcmp(word_, binary_header.data(), signature_size) != 0) {
    throw malformed_input(
        "this is no binary COPY: it does not begin with the signature PGCOPY; is --format right?");
  }
  // The upper half are flags that who does not know them must not pass over.
  if (big_endian(word_ + signature_size, 2) != 0)
    throw malformed_input("the binary COPY's header has flags that PostgreSQL 12 and later refuse");
  const std::uint32_t extension = big_endian(word_ + signature_size + 4, 4);
  if (extension > 0x7fffffff) throw malformed_input("the binary COPY's header is damaged");
  expect(state::extension, extension);
}

// What the state is about is complete. True when the row is, too.
bool tuple_splitter::read_word() {
  switch (state_) {
    case state::header:
      read_header();
      if (missing_ == 0) expect(state::field_count, 2);
      return false;
    case state::extension: expect(state::field_count, 2); return false;
    case state::field_count: {
      const std::uint32_t count = big_endian(word_, 2);
      if (count == 0xffff) {
        expect(state::ended, 1);
        return true;
      }
      if (count > 0x7fff) refuse("its number of fields is negative");
      fields_ = count;
      return next_field();
    }
    case state::field_length: {
      const std::uint32_t length = big_endian(word_, 4);
      if (length == 0xffffffff || length == 0) return next_field();
      if (length > 0x7fffffff) refuse("the length of a field is negative");
      expect(state::value, length);
      return false;
    }
    case state::value: return next_field();
    case state::ended: break;
  }
  return false;
}

bool tuple_splitter::next_field() noexcept {
  if (fields_ == 0) {
    ++rows_;
    expect(state::field_count, 2);
    return true;
  }
  --fields_;
  expect(state::field_length, 4);
  return false;
}

void tuple_splitter::refuse(std::string_view why) const {
  throw malformed_input("the binary data is damaged at row " + std::to_string(rows_ + 1) + ": " +
                        std::string(why));
}

}  // namespace cli
