#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

namespace cli {

/// Standard output cannot be written: the reader has gone, the disk is full.
class output_error : public std::runtime_error {
 public:
  explicit output_error(int code);
};

/// Standard output, buffered. Every failure is noticed, and throws output_error.
class output {
 public:
  output() { buffer_.reserve(capacity); }

  void write(std::string_view text) {
    buffer_.append(text);
    if (buffer_.size() >= capacity) flush();
  }
  void write(char c) {
    buffer_.push_back(c);
    if (buffer_.size() >= capacity) flush();
  }
  void fill(std::size_t count, char c) {
    buffer_.append(count, c);
    if (buffer_.size() >= capacity) flush();
  }
  /// To be called at the end: there is no destructor that could say that it failed.
  void flush();

 private:
  static constexpr std::size_t capacity = 65536;

  std::string buffer_;
};

}  // namespace cli
