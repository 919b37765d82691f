#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>

#include "tusk/proto/bytes.hpp"
#include "tusk/proto/writer.hpp"

namespace tusk::engine {

/// The one buffer that everything to be sent is written into.
///
/// At first what is written counts as secret: it is overwritten as soon as it was sent, and
/// wherever the buffer moves away from. `end_secrets` ends that.
class output {
 public:
  /// Takes its memory from `memory`, which outlives it.
  explicit output(std::pmr::memory_resource* memory = std::pmr::new_delete_resource());
  output(const output&) = delete;
  output& operator=(const output&) = delete;
  ~output() { release(); }

  /// Appends behind what is waiting to be sent.
  [[nodiscard]] proto::writer& writer() noexcept { return writer_; }
  [[nodiscard]] bytes_view pending() const noexcept { return writer_.written().subspan(sent_); }
  [[nodiscard]] bool empty() const noexcept { return writer_.size() == sent_; }
  /// The first `count` pending bytes have been sent.
  void sent(std::size_t count) noexcept;
  /// Forgets all but the first `count` pending bytes.
  void truncate(std::size_t count) noexcept { writer_.truncate(sent_ + count); }

  /// Nothing that is written from now on is secret; what is pending still is.
  void end_secrets() noexcept;
  /// Forgets all that is pending, and overwrites it when it counts as secret.
  void drop() noexcept;

 private:
  enum class secrecy : std::uint8_t {
    secret,   ///< all that is written
    fading,   ///< something of what is pending
    nothing,  ///< nothing
  };

  static std::span<std::byte> grow(void* owner, std::size_t used, std::size_t wanted) noexcept;
  [[nodiscard]] std::byte* allocate(std::size_t size) const noexcept;
  void release() noexcept;
  void restart() noexcept;

  std::pmr::memory_resource* memory_;
  std::byte* storage_;
  std::size_t capacity_;
  std::size_t sent_ = 0;
  secrecy secrecy_ = secrecy::secret;
  proto::writer writer_;
};

}  // namespace tusk::engine
