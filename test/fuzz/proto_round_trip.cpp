// Messages made of arbitrary contents, among them what the protocol cannot carry: each is refused
// and leaves nothing behind, or decodes to an equal message; and a buffer that is too small tells
// the size that is needed.
#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include "fuzz/proto_check.hpp"
#include "tusk/proto/backend.hpp"
#include "tusk/proto/bind_writer.hpp"
#include "tusk/proto/frontend.hpp"

namespace tusk::proto {
namespace {

using test::exact_block;
using test::require;

/// Takes values off the input; zeros when it is used up.
class source {
 public:
  explicit source(bytes_view in) : in_(in) {}

  bytes_view bytes() {
    const std::size_t length = number<std::uint8_t>();
    const bytes_view taken = in_.first(std::min(length, in_.size()));
    in_ = in_.subspan(taken.size());
    return taken;
  }
  std::string_view text() {
    const bytes_view taken = bytes();
    return {reinterpret_cast<const char*>(taken.data()), taken.size()};
  }
  std::optional<bytes_view> nullable() {
    if (number<std::uint8_t>() % 4 == 0) return std::nullopt;
    return bytes();
  }
  template <class T>
  T number() {
    T value{};
    for (std::size_t i = 0; i < sizeof value && !in_.empty(); ++i) {
      value = static_cast<T>((static_cast<std::uint64_t>(value) << 8) |
                             std::to_integer<std::uint64_t>(in_[0]));
      in_ = in_.subspan(1);
    }
    return value;
  }
  format code() { return static_cast<format>(number<std::uint8_t>() % 2); }
  target kind() { return number<std::uint8_t>() % 2 != 0 ? target::portal : target::statement; }

  /// Up to 15 elements, each made by `make(*this)`.
  template <class Make>
  auto many(Make make) {
    std::vector<std::decay_t<decltype(make(*this))>> all(number<std::uint8_t>() % 16);
    for (auto& one : all)
      one = make(*this);
    return all;
  }

 private:
  bytes_view in_;
};

template <class M>
bytes_view body_of(bytes_view whole) {
  if constexpr (requires { M::type; }) return next_frame(whole, INT32_MAX).message.body;
  return next_untyped_frame(whole, INT32_MAX).message.body;
}

// Larger than any message that `source` can make; static, for the sanitizer would poison and clear
// it again for each message.
using room = std::array<std::byte, 1 << 14>;

template <class M>
void round_trip(const M& message) {
  static room storage;
  writer out{storage};
  const error failed = encode(out, message);
  writer counting{std::span<std::byte>{}};
  const error without_room = encode(counting, message);
  if (failed) {
    require(failed.what != fault::no_room, "16 KiB are enough for these");
    require(out.size() == 0 && !out.status(), "a refused message leaves nothing behind");
    require(without_room.what == failed.what, "it is refused for the same reason without room");
    return;
  }
  require(without_room.what == fault::no_room, "no buffer is no room");
  require(counting.size() == out.size(), "it is counted as long as it is");
  const exact_block body{body_of<M>(out.written())};
  M back;
  require(!decode(body.view(), back), "what was encoded can be decoded");
  require(back == message, "it decodes to what it was");
}

/// The streamed Bind is the Bind of the same values.
void stream_bind(const bind& message, const std::vector<std::optional<bytes_view>>& parameters,
                 const std::vector<format>& formats, std::span<const format> results) {
  static room storage;
  writer out{storage};
  bind_writer values{out, message.portal, message.statement, parameters.size()};
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (!parameters[i]) {
      values.null_value();
      continue;
    }
    values.open_value();
    out.bytes(*parameters[i]);
    values.close_value(formats[i]);
  }
  const error failed = values.finish(results);
  static room plain;
  writer expected{plain};
  require(static_cast<bool>(encode(expected, message)) == static_cast<bool>(failed),
          "both are refused or none");
  require(same_bytes(out.written(), expected.written()), "both write the same bytes");
}

void try_bind(source& in) {
  const auto parameters = in.many([](source& s) { return s.nullable(); });
  const auto results = in.many([](source& s) { return s.code(); });
  const auto formats = in.many([](source& s) { return s.code(); });
  const std::string_view portal = in.text();
  const std::string_view statement = in.text();
  round_trip(bind{portal, statement, formats, parameters, results});
  round_trip(function_call{in.number<std::uint32_t>(), formats, parameters, in.code()});
  std::vector<format> one_each(parameters.size(), format::text);
  for (std::size_t i = 0; i < one_each.size(); ++i) {
    if (parameters[i] && i < formats.size()) one_each[i] = formats[i];
  }
  stream_bind({portal, statement, one_each, parameters, results}, parameters, one_each, results);
}

void try_backend(source& in) {
  const auto fields = in.many([](source& s) {
    const auto code = static_cast<char>(s.number<std::uint8_t>());
    return error_field{code, s.text()};
  });
  round_trip(error_response{fields});
  round_trip(notice_response{fields});
  const auto columns = in.many([](source& s) {
    return column_description{s.text(),
                              s.number<std::uint32_t>(),
                              s.number<std::int16_t>(),
                              s.number<std::uint32_t>(),
                              s.number<std::int16_t>(),
                              s.number<std::int32_t>(),
                              s.code()};
  });
  round_trip(row_description{columns});
  const auto values = in.many([](source& s) { return s.nullable(); });
  round_trip(data_row{values});
  round_trip(function_call_response{in.nullable()});
  round_trip(command_complete{in.text()});
  round_trip(parameter_status{in.text(), in.text()});
  round_trip(notification_response{in.number<std::int32_t>(), in.text(), in.text()});
  const auto codes = in.many([](source& s) { return s.code(); });
  round_trip(copy_in_response{in.code(), codes});
  round_trip(copy_out_response{in.code(), codes});
  round_trip(copy_both_response{in.code(), codes});
}

void try_startup(source& in) {
  const auto parameters = in.many([](source& s) { return startup_parameter{s.text(), s.text()}; });
  round_trip(startup_message{in.number<std::uint32_t>(), parameters});
  round_trip(cancel_request{in.number<std::int32_t>(), in.bytes()});
  round_trip(backend_key_data{in.number<std::int32_t>(), in.bytes()});
  const auto names = in.many([](source& s) { return s.text(); });
  round_trip(negotiate_protocol_version{in.number<std::uint32_t>(), names});
  round_trip(authentication_sasl{names});
  round_trip(authentication_sasl_continue{in.bytes()});
  round_trip(authentication_sasl_final{in.bytes()});
  round_trip(authentication_gss_continue{in.bytes()});
  round_trip(password_message{in.text()});
  round_trip(sasl_initial_response{in.text(), in.nullable()});
  round_trip(sasl_response{in.bytes()});
  round_trip(gss_response{in.bytes()});
}

void try_frontend(source& in) {
  const auto types = in.many([](source& s) { return s.number<std::uint32_t>(); });
  round_trip(parse{in.text(), in.text(), types});
  round_trip(parameter_description{types});
  round_trip(query{in.text()});
  round_trip(describe{in.kind(), in.text()});
  round_trip(close{in.kind(), in.text()});
  round_trip(execute{in.text(), in.number<std::int32_t>()});
  round_trip(copy_data{in.bytes()});
  round_trip(copy_fail{in.text()});
}

}  // namespace
}  // namespace tusk::proto

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tusk::proto;
  source in{{reinterpret_cast<const std::byte*>(data), size}};
  switch (in.number<std::uint8_t>() % 4) {
    case 0: try_bind(in); break;
    case 1: try_backend(in); break;
    case 2: try_startup(in); break;
    default: try_frontend(in); break;
  }
  return 0;
}
