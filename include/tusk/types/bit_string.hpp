#pragma once

#include <compare>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tusk/types/value_codec.hpp"

namespace tusk {

/// A string of bits of any length, as `bit` and `bit varying` hold them. Its bit 0 is the first,
/// and the leftmost of its text.
class bit_string {
 public:
  /// The longest that the server holds (VARBITMAXLEN: its length in bits must be an Int32, and
  /// leave room for its bytes).
  static constexpr std::size_t max_size = 0x7FFFFFF8;

  bit_string() noexcept = default;
  /// So many bits, all zero or all one.
  explicit bit_string(std::size_t size, bool value = false);
  /// The first `size` bits of `bytes`, of each byte the highest first; those behind count for
  /// nothing. Throws `data_error` when there are fewer.
  bit_string(bytes_view bytes, std::size_t size);
  explicit bit_string(const std::vector<bool>& bits);
  /// A `std::bitset`, with the same text: its highest bit comes first.
  template <class Bitset>
    requires requires(const Bitset& bits) {
      { bits.test(std::size_t{}) } -> std::same_as<bool>;
      { bits.to_ullong() };
    }
  explicit bit_string(const Bitset& bits) : bit_string(bits.size()) {
    for (std::size_t i = 0; i < size_; ++i)
      if (bits.test(size_ - 1 - i)) set(i);
  }

  /// Reads every form that the server reads (bit_in): `101`, `b101` and, four bits a digit, `x1F`.
  /// nullopt for anything else.
  [[nodiscard]] static std::optional<bit_string> parse(std::string_view text);

  /// In bits.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  /// `at` must be below `size()`.
  [[nodiscard]] bool operator[](std::size_t at) const noexcept {
    return (bytes_[at / 8] & mask(at)) != std::byte{};
  }
  void set(std::size_t at, bool value = true) noexcept {
    bytes_[at / 8] = value ? bytes_[at / 8] | mask(at) : bytes_[at / 8] & ~mask(at);
  }
  void push_back(bool value);
  /// Eight bits a byte, the first the highest; behind the last bit there are zeros. The view lives
  /// as long as the value does and has not changed.
  [[nodiscard]] bytes_view bytes() const noexcept { return bytes_; }

  /// One `0` or `1` a bit, as bit_out prints it.
  [[nodiscard]] std::string to_string() const;
  [[nodiscard]] std::vector<bool> to_vector() const;
  /// A `std::bitset` with the same text; nullopt when it has another size.
  template <class Bitset>
  [[nodiscard]] std::optional<Bitset> to_bitset() const {
    Bitset bits;
    if (bits.size() != size_) return std::nullopt;
    for (std::size_t i = 0; i < size_; ++i)
      bits.set(size_ - 1 - i, (*this)[i]);
    return bits;
  }
  [[nodiscard]] std::size_t hash() const noexcept;

  friend bool operator==(const bit_string&, const bit_string&) noexcept = default;
  /// As the server sorts them (bit_cmp): by the bytes, then the shorter first.
  friend std::strong_ordering operator<=>(const bit_string&, const bit_string&) noexcept = default;

 private:
  [[nodiscard]] static constexpr std::byte mask(std::size_t at) noexcept {
    return std::byte{0x80} >> (at % 8);
  }

  std::vector<std::byte> bytes_;  ///< first, since it is compared first
  std::size_t size_ = 0;
};

/// `bit varying` and `bit`. (A `std::vector<bool>` is a `boolean[]`.)
template <>
struct codec<bit_string> : detail::value_codec<bit_string, oids::varbit, oids::varbit_array> {
  static constexpr std::string_view name = "tusk::bit_string";
  static bool reads(oid from) noexcept { return from == oids::varbit || from == oids::bit; }
  static bool writes(oid to) noexcept { return reads(to); }
};

}  // namespace tusk

template <>
struct std::hash<tusk::bit_string> {
  std::size_t operator()(const tusk::bit_string& value) const noexcept { return value.hash(); }
};
