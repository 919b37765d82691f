#pragma once

#include <cstddef>
#include <memory>

#include "tusk/proto/bytes.hpp"
#include "tusk/proto/writer.hpp"

namespace tusk::engine {

/// The one buffer that everything to be sent is written into.
class output {
 public:
  output();
  output(const output&) = delete;
  output& operator=(const output&) = delete;

  /// Appends behind what is waiting to be sent.
  [[nodiscard]] proto::writer& writer() noexcept { return writer_; }
  [[nodiscard]] bytes_view pending() const noexcept { return writer_.written().subspan(sent_); }
  [[nodiscard]] bool empty() const noexcept { return writer_.size() == sent_; }
  /// The first `count` pending bytes have been sent.
  void sent(std::size_t count) noexcept;
  /// Forgets all but the first `count` pending bytes.
  void truncate(std::size_t count) noexcept { writer_.truncate(sent_ + count); }

 private:
  static std::span<std::byte> grow(void* owner, std::size_t used, std::size_t wanted) noexcept;

  std::unique_ptr<std::byte[]> storage_;
  std::size_t capacity_;
  std::size_t sent_ = 0;
  proto::writer writer_;
};

}  // namespace tusk::engine
