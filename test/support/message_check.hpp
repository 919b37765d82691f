#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "support/catch.hpp"
#include "support/wire.hpp"
#include "tusk/proto/backend.hpp"
#include "tusk/proto/frontend.hpp"

namespace tusk::test {

/// Where a message's body ends. Messages whose last field runs to the end of the message accept
/// every length from their fixed part on.
enum class ending : std::uint8_t { exact, open };

template <class M, class Variant>
struct is_one_of : std::false_type {};
template <class M, class... All>
struct is_one_of<M, std::variant<All...>> : std::bool_constant<(std::is_same_v<M, All> || ...)> {};

template <class M>
constexpr bool has_type = requires { M::type; };

/// The state in which `p` means this message.
template <class M>
constexpr proto::frontend_state state_for() {
  if (std::is_same_v<M, proto::sasl_initial_response>) return proto::frontend_state::sasl_initial;
  if (std::is_same_v<M, proto::sasl_response>) return proto::frontend_state::sasl;
  if (std::is_same_v<M, proto::gss_response>) return proto::frontend_state::gss;
  return proto::frontend_state::password;
}

/// What the encoder writes for `message`.
template <class M>
std::vector<std::byte> encoded(const M& message) {
  std::vector<std::byte> storage(4096);
  proto::writer out{storage};
  const proto::error failed = encode(out, message);
  REQUIRE(failed == proto::error{});
  storage.resize(out.size());
  return storage;
}

/// Frames `whole`, which must be one message, and gives its body.
template <class M>
proto::frame framed(bytes_view whole) {
  proto::frame_result found;
  if constexpr (has_type<M>) {
    found = proto::next_frame(whole, INT32_MAX);
    CHECK(found.message.type == M::type);
  } else {
    found = proto::next_untyped_frame(whole, INT32_MAX);
    CHECK(found.message.type == '\0');
  }
  REQUIRE(found.state == proto::framing::complete);
  REQUIRE(found.needed == whole.size());
  REQUIRE(found.message.size() == whole.size());
  return found.message;
}

/// Every beginning of a body is refused, with an offset inside it; and so is one byte too many.
template <class M>
void check_lengths(bytes_view body, ending end, std::size_t fixed) {
  const std::size_t shortest = end == ending::open ? fixed : body.size();
  for (std::size_t length = 0; length < shortest; ++length) {
    INFO("the first " << length << " bytes of " << hex(body));
    const exact_block prefix{body.first(length)};
    M out;
    const proto::error failed = decode(prefix.view(), out);
    CHECK(failed);
    CHECK(failed.what != proto::fault::trailing_bytes);
    CHECK(failed.offset <= length);
  }
  if (end == ending::open) return;
  for (const std::byte extra : {std::byte{0}, std::byte{'x'}, std::byte{0xff}}) {
    std::vector<std::byte> longer(body.begin(), body.end());
    longer.push_back(extra);
    M out;
    CHECK(decode(exact_block{longer}.view(), out) ==
          proto::error{proto::fault::trailing_bytes, body.size()});
  }
}

/// A buffer that is too small by any number of bytes is a fault that tells the size needed.
template <class M>
void check_room(const M& message, std::size_t size) {
  for (std::size_t room = 0; room < size; ++room) {
    std::vector<std::byte> storage(room);
    proto::writer out{storage};
    CHECK(encode(out, message).what == proto::fault::no_room);
    CHECK(out.size() == size);
  }
}

/// The variant of a direction takes the message through the same bytes, under its own name.
template <class M>
void check_dispatch(const proto::frame& message, const M& expected, bytes_view whole) {
  if constexpr (is_one_of<M, proto::backend_message>()) {
    proto::backend_message out;
    REQUIRE(decode_backend(message, out) == proto::error{});
    REQUIRE(std::holds_alternative<M>(out));
    CHECK(std::get<M>(out) == expected);
    CHECK(hex(encoded(out)) == hex(whole));
    CHECK(name_of(out) == M::message_name);
  }
  if constexpr (is_one_of<M, proto::frontend_message>()) {
    proto::frontend_message out;
    REQUIRE(decode_frontend(message, state_for<M>(), out) == proto::error{});
    REQUIRE(std::holds_alternative<M>(out));
    CHECK(std::get<M>(out) == expected);
    CHECK(hex(encoded(out)) == hex(whole));
    CHECK(name_of(out) == M::message_name);
  }
  if constexpr (is_one_of<M, proto::first_packet>()) {
    proto::first_packet out;
    REQUIRE(decode_first_packet(message.body, out) == proto::error{});
    REQUIRE(std::holds_alternative<M>(out));
    CHECK(std::get<M>(out) == expected);
    CHECK(hex(encoded(out)) == hex(whole));
    CHECK(name_of(out) == M::message_name);
  }
}

/// All that holds for every message: `literal` is the whole message, `expected` what it says. For
/// an open ending `fixed` is the size of the part of the body that must be there.
template <class M>
void check_message(std::string_view literal, const M& expected, ending end = ending::exact,
                   std::size_t fixed = 0) {
  INFO(M::message_name << ": " << literal);
  const exact_block whole{wire(literal)};
  const proto::frame message = framed<M>(whole.view());
  M out;
  REQUIRE(decode(message.body, out) == proto::error{});
  CHECK(out == expected);
  CHECK(hex(encoded(expected)) == hex(whole.view()));
  CHECK(hex(encoded(out)) == hex(whole.view()));
  check_lengths<M>(message.body, end, fixed);
  check_room(expected, whole.view().size());
  check_dispatch(message, expected, whole.view());
}

/// A body that must not be accepted, and exactly why.
template <class M>
void check_refused(std::string_view body, proto::error why) {
  INFO(M::message_name << " refused: " << body);
  const exact_block block{wire(body)};
  M out;
  const proto::error failed = decode(block.view(), out);
  CHECK(static_cast<int>(failed.what) == static_cast<int>(why.what));
  CHECK(failed.offset == why.offset);
}

/// Contents that no message can carry: refused, and what was written before stays alone.
template <class M>
void check_unencodable(const M& message, proto::fault why) {
  INFO(M::message_name << " must not be encoded");
  std::vector<std::byte> storage(1 << 20);
  proto::writer out{storage};
  out.text("before");
  const proto::error failed = encode(out, message);
  CHECK(static_cast<int>(failed.what) == static_cast<int>(why));
  CHECK(out.size() == 6);
  CHECK(out.status() == proto::error{});
  // A buffer that is too small as well does not hide it.
  proto::writer nothing{std::span<std::byte>{}};
  CHECK(static_cast<int>(encode(nothing, message).what) == static_cast<int>(why));
}

}  // namespace tusk::test
