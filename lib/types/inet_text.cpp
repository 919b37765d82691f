#include "types/inet_text.hpp"

#include <algorithm>

#include "types/ascii.hpp"

namespace tusk::inet_text {
namespace {

/// What is left of the text; '\0' stands for its end, which no address has inside.
class cursor {
 public:
  explicit cursor(std::string_view text) noexcept : text_(text) {}

  [[nodiscard]] char peek(std::size_t ahead = 0) const noexcept {
    return ahead < text_.size() ? text_[ahead] : '\0';
  }
  [[nodiscard]] bool at_end() const noexcept { return text_.empty(); }
  [[nodiscard]] std::string_view rest() const noexcept { return text_; }
  void skip(std::size_t count = 1) noexcept { text_.remove_prefix(count); }
  bool take(char wanted) noexcept {
    if (peek() != wanted || at_end()) return false;
    skip();
    return true;
  }
  /// A decimal number of at least one digit, or -1; also when it is beyond `most`.
  [[nodiscard]] int number(int most) noexcept {
    if (!ascii::is_digit(peek())) return -1;
    int value = 0;
    for (; ascii::is_digit(peek()); skip()) {
      value = value * 10 + (peek() - '0');
      if (value > most) return -1;
    }
    return value;
  }

 private:
  std::string_view text_;
};

/// Up to four bytes of an IPv4 address; false when there are more.
class v4_address {
 public:
  [[nodiscard]] bool push(int value) noexcept {
    if (count_ == bytes_.size()) return false;
    bytes_[count_++] = static_cast<std::byte>(value);
    return true;
  }
  [[nodiscard]] int count() const noexcept { return static_cast<int>(count_); }
  [[nodiscard]] int first() const noexcept { return std::to_integer<int>(bytes_[0]); }
  [[nodiscard]] inet with(int prefix) const noexcept { return inet(bytes_, prefix); }

 private:
  inet::v4_bytes bytes_{};
  std::size_t count_ = 0;
};

/// The prefix behind an IPv4 address, to the end of the text: -1 when there is none, -2 for what is
/// no prefix. Leading zeros are nothing to the server here.
int read_v4_prefix(cursor& in) noexcept {
  if (in.at_end()) return -1;
  if (!in.take('/')) return -2;
  const int prefix = in.number(32);
  return prefix < 0 || !in.at_end() ? -2 : prefix;
}

std::optional<inet> read_v4_address(cursor in) noexcept {
  v4_address address;
  // A dot at the end, too, is as good as none (inet_net_pton_ipv4).
  while (ascii::is_digit(in.peek())) {
    const int value = in.number(255);
    if (value < 0 || !address.push(value)) return std::nullopt;
    if (!in.take('.')) break;
  }
  const int prefix = read_v4_prefix(in);
  if (address.count() == 0 || prefix < -1) return std::nullopt;
  // The bytes left out are zeros, which a prefix must not reach wholly.
  if (prefix < 0 ? address.count() != 4 : prefix / 8 > address.count()) return std::nullopt;
  return address.with(prefix < 0 ? 32 : prefix);
}

/// Pairs of digits behind `0x`; a single one at the end is a byte's upper half.
bool read_hexadecimal(cursor& in, v4_address& address) noexcept {
  for (in.skip(2); ascii::hex_value(in.peek()) >= 0; in.skip()) {
    int value = ascii::hex_value(in.peek()) * 16;
    if (ascii::hex_value(in.peek(1)) >= 0) {
      in.skip();
      value += ascii::hex_value(in.peek());
    }
    if (!address.push(value)) return false;
  }
  return true;
}

bool read_dotted(cursor& in, v4_address& address) noexcept {
  do {
    const int value = in.number(255);
    if (value < 0 || !address.push(value)) return false;
  } while (in.take('.'));
  return true;
}

/// The prefix of an IPv4 network that names none: its class's, or that of the bytes it has.
int class_prefix(const v4_address& address) noexcept {
  const int first = address.first();
  if (first >= 240) return 32;
  if (first >= 224) return 4;
  const int own = first >= 192 ? 24 : first >= 128 ? 16 : 8;
  return std::max(own, address.count() * 8);
}

std::optional<inet> read_v4_network(cursor in) noexcept {
  v4_address address;
  const bool is_hexadecimal =
      in.peek() == '0' && ascii::lower(in.peek(1)) == 'x' && ascii::hex_value(in.peek(2)) >= 0;
  if (!(is_hexadecimal ? read_hexadecimal(in, address) : read_dotted(in, address)))
    return std::nullopt;
  const int prefix = read_v4_prefix(in);
  if (prefix < -1) return std::nullopt;
  return address.with(prefix < 0 ? class_prefix(address) : prefix);
}

/// A decimal number without leading zeros, or -1.
int read_strict(cursor& in, int most) noexcept {
  if (in.peek() == '0' && ascii::is_digit(in.peek(1))) return -1;
  return in.number(most);
}

/// `/` and the prefix, to the end of the text.
bool read_v6_prefix(cursor& in, int& prefix) noexcept {
  in.skip();
  prefix = read_strict(in, 128);
  return prefix >= 0 && in.at_end();
}

/// The groups of an IPv6 address as they are read, and where `::` stood.
class v6_address {
 public:
  [[nodiscard]] std::size_t room() const noexcept { return bytes_.size() - count_; }
  void push(int byte) noexcept { bytes_[count_++] = static_cast<std::byte>(byte); }
  [[nodiscard]] bool push_group(int group) noexcept {
    if (room() < 2) return false;
    push(group / 256);
    push(group % 256);
    return true;
  }
  void skip(std::size_t bytes) noexcept { count_ += bytes; }
  [[nodiscard]] bool mark_gap() noexcept {
    if (gap_) return false;
    gap_ = count_;
    return true;
  }
  /// Opens the gap, which must stand for something.
  [[nodiscard]] std::optional<inet> finish(int prefix) noexcept {
    if (gap_ ? room() == 0 : room() != 0) return std::nullopt;
    if (gap_) {
      const auto middle = bytes_.begin() + static_cast<std::ptrdiff_t>(*gap_);
      const auto end = bytes_.begin() + static_cast<std::ptrdiff_t>(count_);
      std::fill(middle, std::copy_backward(middle, end, bytes_.end()), std::byte{});
    }
    return inet(bytes_, prefix);
  }

 private:
  inet::v6_bytes bytes_{};
  std::size_t count_ = 0;
  std::optional<std::size_t> gap_;
};

/// An IPv4 address as the last four bytes, with the prefix behind it. The server wants neither all
/// its bytes nor digits before each of its dots (getv4), and so do we.
bool read_embedded_v4(cursor& in, v6_address& address, int& prefix) noexcept {
  std::size_t count = 0;
  for (;;) {
    int value = 0;
    const bool has_digits = ascii::is_digit(in.peek());
    if (has_digits) value = read_strict(in, 255);
    if (value < 0 || count == 4 || (in.at_end() && !has_digits)) return false;
    address.push(value);
    ++count;
    if (in.at_end() || in.peek() == '/') break;
    if (!in.take('.')) return false;
  }
  address.skip(4 - count);
  return in.at_end() || read_v6_prefix(in, prefix);
}

/// A group's one to four hexadecimal digits; -1 when there are none, -2 when there are more.
int read_group(cursor& in) noexcept {
  int value = -1;
  for (int digits = 0; ascii::hex_value(in.peek()) >= 0; in.skip()) {
    if (++digits > 4) return -2;
    value = std::max(value, 0) * 16 + ascii::hex_value(in.peek());
  }
  return value;
}

std::optional<inet> read_v6(cursor in) noexcept {
  v6_address address;
  int prefix = 128;
  if (in.peek() == ':' && in.peek(1) != ':') return std::nullopt;
  if (in.peek() == ':') in.skip();
  while (!in.at_end()) {
    const cursor token = in;
    const int group = read_group(in);
    if (group < -1) return std::nullopt;
    if (in.peek() == '.' && address.room() >= 4) {
      in = token;
      if (!read_embedded_v4(in, address, prefix)) return std::nullopt;
      break;
    }
    if (group >= 0 && !address.push_group(group)) return std::nullopt;
    if (in.at_end()) break;
    if (in.peek() == '/') {
      if (!read_v6_prefix(in, prefix)) return std::nullopt;
      break;
    }
    if (!in.take(':')) return std::nullopt;
    // One colon behind a group wants more to come; one without a group is the gap's second.
    if (group >= 0 ? in.at_end() : !address.mark_gap()) return std::nullopt;
  }
  return address.finish(prefix);
}

}  // namespace

std::optional<inet> read(std::string_view text, form as) noexcept {
  // The server, too, tells the families apart by the colon.
  if (text.find(':') != std::string_view::npos) return read_v6(cursor(text));
  return as == form::address ? read_v4_address(cursor(text)) : read_v4_network(cursor(text));
}

}  // namespace tusk::inet_text
