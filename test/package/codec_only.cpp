// Uses the wire codec by itself, as a proxy or a fuzz harness would: no client library, no heap,
// no exceptions, no RTTI. Encodes a query, takes it apart again, and does the same with an answer.
#include <array>
#include <cstddef>
#include <cstdio>
#include <span>

#include <tusk/proto/backend.hpp>
#include <tusk/proto/frontend.hpp>

namespace proto = tusk::proto;

namespace {

constexpr std::uint32_t max_length = 1 << 20;

bool query_survives_the_wire() {
  std::array<std::byte, 64> storage{};
  proto::writer out{storage};
  if (encode(out, proto::query{"select 1"})) return false;
  const auto framed = proto::next_frame(std::span{storage}.first(out.size()), max_length);
  proto::query back;
  return framed.state == proto::framing::complete && framed.needed == out.size() &&
         !decode(framed.message.body, back) && back.sql == "select 1";
}

bool answer_is_understood() {
  constexpr char wire[] = "Z\0\0\0\5I";
  const auto framed =
      proto::next_frame(std::as_bytes(std::span{wire}.first(sizeof wire - 1)), max_length);
  proto::backend_message message;
  if (framed.state != proto::framing::complete || decode_backend(framed.message, message))
    return false;
  const auto* ready = std::get_if<proto::ready_for_query>(&message);
  return ready != nullptr && ready->status == proto::transaction_status::idle;
}

bool nul_in_a_string_is_refused() {
  std::array<std::byte, 64> storage{};
  proto::writer out{storage};
  return static_cast<bool>(encode(out, proto::query{std::string_view{"a\0b", 3}}));
}

}  // namespace

int main() {
  const bool good =
      query_survives_the_wire() && answer_is_understood() && nul_in_a_string_is_refused();
  std::puts(good ? "the codec works by itself" : "the codec does NOT work by itself");
  return good ? 0 : 1;
}
