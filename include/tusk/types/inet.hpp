#pragma once

#include <array>
#include <charconv>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tusk/types/value_codec.hpp"

namespace tusk {

class cidr;

/// The versions of the Internet protocol, under their numbers.
enum class ip_family : std::uint8_t { v4 = 4, v6 = 6 };

/// An IPv4 or IPv6 address and how many of its leading bits name its network. A host alone has them
/// all: 32 or 128.
class inet {
 public:
  using v4_bytes = std::array<std::byte, 4>;
  using v6_bytes = std::array<std::byte, 16>;
  static constexpr std::size_t max_chars = 43;

  /// 0.0.0.0.
  constexpr inet() noexcept = default;
  /// A host, in network byte order.
  constexpr explicit inet(const v4_bytes& address) noexcept {
    for (std::size_t i = 0; i < address.size(); ++i)
      bytes_[i] = address[i];
  }
  constexpr explicit inet(const v6_bytes& address) noexcept
      : bytes_(address), family_(ip_family::v6), prefix_(128) {}
  /// An address within a network of `prefix` bits. Throws `data_error` when there are not so many.
  inet(const v4_bytes& address, int prefix) : inet(inet(address).with_prefix(prefix)) {}
  inet(const v6_bytes& address, int prefix) : inet(inet(address).with_prefix(prefix)) {}

  /// Reads every form that the server reads as `inet` (inet_in): `192.168.1.5/24`, `10.1/16`,
  /// `2001:db8::1`, `::ffff:1.2.3.4/120`. No white space and no zone. nullopt for anything else.
  [[nodiscard]] static std::optional<inet> parse(std::string_view text) noexcept;

  [[nodiscard]] constexpr ip_family family() const noexcept { return family_; }
  /// How many of the leading bits name the network: up to 32 or 128.
  [[nodiscard]] constexpr int prefix() const noexcept { return prefix_; }
  /// How many bits the address has: 32 or 128.
  [[nodiscard]] constexpr int width() const noexcept { return family_ == ip_family::v4 ? 32 : 128; }
  /// The 4 or 16 bytes in network byte order: a view into this value.
  [[nodiscard]] constexpr bytes_view address() const noexcept {
    return bytes_view(bytes_).first(static_cast<std::size_t>(width()) / 8);
  }
  /// The same address within another network. Throws `data_error` when it has not so many bits.
  [[nodiscard]] inet with_prefix(int prefix) const;
  /// The network that it is in: itself without the bits behind the prefix.
  [[nodiscard]] cidr network() const noexcept;
  /// Whether no bit is set behind the prefix.
  [[nodiscard]] bool is_network() const noexcept;
  /// Whether `other` is of the same network or of a part of it (the operator `>>=`).
  [[nodiscard]] bool contains(const inet& other) const noexcept;

  /// As inet_out prints it; the prefix is left out when it has every bit.
  [[nodiscard]] std::string to_string() const;
  std::to_chars_result to_chars(char* first, char* last) const noexcept;
  [[nodiscard]] std::size_t hash() const noexcept;

  friend constexpr bool operator==(const inet&, const inet&) noexcept = default;
  /// As the server sorts them (network_cmp): IPv4 first, then by the network's bits, the wider
  /// network first, then by the whole address.
  friend std::strong_ordering operator<=>(const inet& left, const inet& right) noexcept {
    return left.compare(right);
  }

 private:
  [[nodiscard]] std::strong_ordering compare(const inet& other) const noexcept;

  v6_bytes bytes_{};  ///< an IPv4 address takes the first four, and the rest is zero
  ip_family family_ = ip_family::v4;
  std::uint8_t prefix_ = 32;
};

/// A network: an address whose bits behind the prefix are all zero.
class cidr {
 public:
  static constexpr std::size_t max_chars = inet::max_chars;

  /// 0.0.0.0/32.
  constexpr cidr() noexcept = default;
  /// Throws `data_error` when a bit is set behind the prefix; `inet::network()` clears them.
  explicit cidr(const inet& network);

  /// Reads every form that the server reads as `cidr` (cidr_in): those of `inet` without bits
  /// behind the prefix, and IPv4 with fewer bytes or in hexadecimal, whose prefix is then that of
  /// its class or of the bytes given: `10` is 10.0.0.0/8, `192.168` is 192.168.0.0/24.
  [[nodiscard]] static std::optional<cidr> parse(std::string_view text) noexcept;

  /// A network is an address, too.
  constexpr operator const inet&() const noexcept { return value_; }
  [[nodiscard]] constexpr ip_family family() const noexcept { return value_.family(); }
  [[nodiscard]] constexpr int prefix() const noexcept { return value_.prefix(); }
  [[nodiscard]] constexpr bytes_view address() const noexcept { return value_.address(); }
  [[nodiscard]] bool contains(const inet& other) const noexcept { return value_.contains(other); }

  /// As cidr_out prints it: always with its prefix.
  [[nodiscard]] std::string to_string() const;
  std::to_chars_result to_chars(char* first, char* last) const noexcept;
  [[nodiscard]] std::size_t hash() const noexcept { return value_.hash(); }

  friend constexpr bool operator==(const cidr&, const cidr&) noexcept = default;
  friend std::strong_ordering operator<=>(const cidr&, const cidr&) noexcept = default;

 private:
  friend class inet;

  inet value_;
};

/// `inet`; a `cidr` is read as one, too.
template <>
struct codec<inet> : detail::value_codec<inet, oids::inet, oids::inet_array> {
  static constexpr std::string_view name = "tusk::inet";
  static bool reads(oid from) noexcept { return from == oids::inet || from == oids::cidr; }
};

/// `cidr`; it is sent as `inet`, too.
template <>
struct codec<cidr> : detail::value_codec<cidr, oids::cidr, oids::cidr_array> {
  static constexpr std::string_view name = "tusk::cidr";
  static bool writes(oid to) noexcept { return to == oids::cidr || to == oids::inet; }
};

}  // namespace tusk

template <>
struct std::hash<tusk::inet> {
  std::size_t operator()(const tusk::inet& value) const noexcept { return value.hash(); }
};

template <>
struct std::hash<tusk::cidr> {
  std::size_t operator()(const tusk::cidr& value) const noexcept { return value.hash(); }
};
