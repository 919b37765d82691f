#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "tusk/proto/bytes.hpp"
#include "types/copy_failure.hpp"

namespace tusk::detail {

/// Reads rows from the data of a binary COPY (documentation of COPY, "Binary Format"). A row that
/// lies in one chunk is given out where it lies, for there it has the form of a DataRow's body
/// already. For the interface see `copy_reader`.
class copy_binary_reader {
 public:
  explicit copy_binary_reader(std::uint32_t columns) noexcept : columns_(columns) {}

  void feed(bytes_view chunk) noexcept {
    at_ = chunk.data();
    end_ = at_ + chunk.size();
  }
  [[nodiscard]] const std::byte* next();
  void finish() const;
  [[nodiscard]] bool at_end() const noexcept { return phase_ == phase::over; }
  [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }

 private:
  enum class phase : std::uint8_t { header, extension, rows, over };
  static constexpr std::size_t header_size = 19;  // signature, flags, the extension's length

  bool pass_header();
  void check_header();
  const std::byte* next_in_place();
  const std::byte* walk_in_place();
  const std::byte* next_carried();
  const std::byte* take_carried();
  const std::byte* carry(const std::byte* walked);
  bool carry_up_to(std::size_t size);
  std::uint32_t checked_length(const std::byte* at) const;
  void check_row_size(std::size_t size) const;
  const std::byte* read_trailer(std::uint16_t count);
  void check_behind_trailer() const;
  [[noreturn]] void fail(std::string_view reason) const;
  [[noreturn]] void fail_row(std::string_view reason, std::uint32_t field) const;

  std::uint32_t columns_;
  phase phase_ = phase::header;
  const std::byte* at_ = nullptr;
  const std::byte* end_ = nullptr;
  std::uint64_t rows_ = 0;
  std::array<std::byte, header_size> header_{};
  std::size_t header_have_ = 0;
  std::size_t extension_left_ = 0;
  // A row that lies in several chunks is put together here. It grows by the bytes that have come,
  // whatever they announce.
  std::vector<std::byte> carried_;
  std::size_t walked_ = 0;           ///< bytes of it up to the value at hand
  std::uint32_t walked_fields_ = 0;  ///< values in front of that one
  bool has_given_carried_ = false;
};

}  // namespace tusk::detail
