#include "tusk/types/inet.hpp"

#include <algorithm>
#include <cstring>

#include "types/bounded_text.hpp"
#include "types/inet_text.hpp"
#include "types/value_wire.hpp"

namespace tusk {
namespace {

constexpr int byte_bits = 8;

/// The bits of one byte of the address that the first `prefix` bits of the whole cover.
std::byte mask_of(std::size_t index, int prefix) noexcept {
  const int covered = std::clamp(prefix - static_cast<int>(index) * byte_bits, 0, byte_bits);
  return static_cast<std::byte>(0xFF00U >> static_cast<unsigned>(covered));
}

/// The order of the first `bits` bits of two addresses of the same length.
int compare_bits(bytes_view left, bytes_view right, int bits) noexcept {
  for (std::size_t i = 0; i < left.size(); ++i) {
    const auto a = std::to_integer<int>(left[i] & mask_of(i, bits));
    const auto b = std::to_integer<int>(right[i] & mask_of(i, bits));
    if (a != b) return a - b;
  }
  return 0;
}

}  // namespace

inet inet::with_prefix(int prefix) const {
  if (prefix < 0 || prefix > width()) {
    detail::fail_conversion("tusk::inet", "an address of " + std::to_string(width()) +
                                              " bits cannot have a prefix of " +
                                              std::to_string(prefix));
  }
  inet result = *this;
  result.prefix_ = static_cast<std::uint8_t>(prefix);
  return result;
}

cidr inet::network() const noexcept {
  cidr result;
  result.value_ = *this;
  for (std::size_t i = 0; i < bytes_.size(); ++i)
    result.value_.bytes_[i] &= mask_of(i, prefix_);
  return result;
}

bool inet::is_network() const noexcept {
  return network().value_ == *this;
}

bool inet::contains(const inet& other) const noexcept {
  return family_ == other.family_ && prefix_ <= other.prefix_ &&
         compare_bits(address(), other.address(), prefix_) == 0;
}

std::strong_ordering inet::compare(const inet& other) const noexcept {
  if (family_ != other.family_) return family_ <=> other.family_;
  const int shorter = std::min(prefix_, other.prefix_);
  if (const int order = compare_bits(address(), other.address(), shorter)) return order <=> 0;
  if (prefix_ != other.prefix_) return prefix_ <=> other.prefix_;
  return compare_bits(address(), other.address(), width()) <=> 0;
}

std::optional<inet> inet::parse(std::string_view text) noexcept {
  return inet_text::read(text, inet_text::form::address);
}

std::string inet::to_string() const {
  return bounded_text::string_of(*this);
}

std::to_chars_result inet::to_chars(char* first, char* last) const noexcept {
  return bounded_text::put<max_chars>(first, last, [this](char* to) {
    to = inet_text::write_address(to, address());
    return prefix_ == width() ? to : inet_text::write_prefix(to, prefix_);
  });
}

std::size_t inet::hash() const noexcept {
  std::array<char, sizeof bytes_ + 2> all{};
  std::memcpy(all.data(), bytes_.data(), sizeof bytes_);
  all[sizeof bytes_] = static_cast<char>(family_);
  all[sizeof bytes_ + 1] = static_cast<char>(prefix_);
  return std::hash<std::string_view>{}({all.data(), all.size()});
}

cidr::cidr(const inet& network) : value_(network) {
  if (!network.is_network())
    detail::fail_conversion("tusk::cidr", network.to_string() + " has bits set behind its prefix");
}

std::optional<cidr> cidr::parse(std::string_view text) noexcept {
  const std::optional<inet> read = inet_text::read(text, inet_text::form::network);
  if (!read || !read->is_network()) return std::nullopt;
  return read->network();
}

std::string cidr::to_string() const {
  return bounded_text::string_of(*this);
}

std::to_chars_result cidr::to_chars(char* first, char* last) const noexcept {
  return bounded_text::put<max_chars>(first, last, [this](char* to) {
    return inet_text::write_prefix(inet_text::write_address(to, address()), prefix());
  });
}

namespace detail {
namespace {

// inet_send's own numbers for the families, not those of any operating system.
constexpr std::uint8_t wire_v4 = 2;
constexpr std::uint8_t wire_v6 = 3;

/// Family, prefix, whether it is a network, the length of the address, the address (inet_send).
std::string_view read_network(proto::reader& in, inet& into) {
  const std::uint8_t family = in.u8();
  const std::uint8_t prefix = in.u8();
  // inet_recv passes over the third byte, too: the type says which of the two it is.
  (void)in.u8();
  const std::uint8_t length = in.u8();
  if (!in.ok()) return {};
  if (family != wire_v4 && family != wire_v6) return "its address family is neither 2 nor 3";
  const bool is_v4 = family == wire_v4;
  if (length != (is_v4 ? 4 : 16)) return "its address does not have the length of its family";
  if (prefix > (is_v4 ? 32 : 128)) return "its prefix is longer than its address";
  const bytes_view address = in.bytes(length);
  if (!in.ok()) return {};
  if (is_v4) {
    inet::v4_bytes bytes;
    std::copy(address.begin(), address.end(), bytes.begin());
    into = inet(bytes, prefix);
  } else {
    inet::v6_bytes bytes;
    std::copy(address.begin(), address.end(), bytes.begin());
    into = inet(bytes, prefix);
  }
  return {};
}

void write_network(proto::writer& out, const inet& value, bool is_cidr) {
  out.u8(value.family() == ip_family::v4 ? wire_v4 : wire_v6);
  out.u8(static_cast<std::uint8_t>(value.prefix()));
  out.u8(is_cidr ? 1 : 0);
  out.u8(static_cast<std::uint8_t>(value.address().size()));
  out.bytes(value.address());
}

}  // namespace

template <>
struct value_wire<inet> {
  static constexpr std::string_view what = "an IP address";
  static std::optional<inet> parse(std::string_view text) { return inet::parse(text); }
  static std::string_view read(proto::reader& in, inet& into) { return read_network(in, into); }
  static void write(value_writer& to, const inet& value) { write_network(to.out(), value, false); }
};
template struct value_codec<inet, oids::inet, oids::inet_array>;

template <>
struct value_wire<cidr> {
  static constexpr std::string_view what = "a network's IP address";
  static std::optional<cidr> parse(std::string_view text) { return cidr::parse(text); }
  static std::string_view read(proto::reader& in, cidr& into) {
    inet address;
    const std::string_view reason = read_network(in, address);
    if (!reason.empty()) return reason;
    if (!address.is_network()) return "it has bits set behind its prefix";
    into = address.network();
    return {};
  }
  static void write(value_writer& to, const cidr& value) { write_network(to.out(), value, true); }
};
template struct value_codec<cidr, oids::cidr, oids::cidr_array>;

}  // namespace detail
}  // namespace tusk
