#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace bench {

/// The name of the one statement that a connection of the floor prepares.
inline constexpr std::string_view floor_statement = "tusk_1";

/// What the Bind messages of a request hold.
struct floor_shape {
  bool id = false;             ///< a bigint as the first parameter
  std::size_t text_size = 0;   ///< the length of a text as the second one, if there is any
  std::size_t columns = 0;     ///< result columns, in binary
  std::size_t statements = 1;  ///< so many times Bind and Execute, one after the other
};

/// Bind and Execute, any number of times, and Sync: bytes to be sent again and again, in which only
/// the values of the parameters change.
class floor_request {
 public:
  explicit floor_request(const floor_shape& shape);

  /// Sets the parameters of the statement at `index`; the text must have the length of the shape.
  void set(std::size_t index, std::int64_t id, std::string_view text = {}) noexcept;

  /// The whole of it, with Sync.
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return bytes_; }
  /// The first `count` statements, without Sync.
  [[nodiscard]] std::span<const std::byte> statements(std::size_t count) const noexcept {
    return std::span(bytes_).first(count * stride_);
  }
  [[nodiscard]] std::span<const std::byte> sync() const noexcept {
    return std::span(bytes_).last(sync_size);
  }

 private:
  static constexpr std::size_t sync_size = 5;

  std::vector<std::byte> bytes_;
  std::size_t stride_ = 0;  // from one statement to the next
  std::size_t id_at_ = 0;
  std::size_t text_at_ = 0;
};

}  // namespace bench
