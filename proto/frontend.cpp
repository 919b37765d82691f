#include "tusk/proto/frontend.hpp"

namespace tusk::proto {
namespace {

template <class M, class Variant>
error decode_as(bytes_view body, Variant& out) noexcept {
  return decode(body, out.template emplace<M>());
}

error decode_credentials(bytes_view body, frontend_state state, frontend_message& out) noexcept {
  switch (state) {
    case frontend_state::password: return decode_as<password_message>(body, out);
    case frontend_state::sasl_initial: return decode_as<sasl_initial_response>(body, out);
    case frontend_state::sasl: return decode_as<sasl_response>(body, out);
    case frontend_state::gss: return decode_as<gss_response>(body, out);
  }
  return {fault::unknown_type, 0};
}

}  // namespace

error decode_first_packet(bytes_view body, first_packet& out) noexcept {
  reader in{body};
  const std::uint32_t code = in.u32();
  if (!in.ok()) return in.status();
  switch (code) {
    case ssl_request::code: return decode_as<ssl_request>(body, out);
    case gssenc_request::code: return decode_as<gssenc_request>(body, out);
    case cancel_request::code: return decode_as<cancel_request>(body, out);
    default: return decode_as<startup_message>(body, out);
  }
}

error decode_frontend(const frame& message, frontend_state state, frontend_message& out) noexcept {
  const bytes_view body = message.body;
  switch (message.type) {
    case password_message::type: return decode_credentials(body, state, out);
    case query::type: return decode_as<query>(body, out);
    case parse::type: return decode_as<parse>(body, out);
    case bind::type: return decode_as<bind>(body, out);
    case describe::type: return decode_as<describe>(body, out);
    case execute::type: return decode_as<execute>(body, out);
    case close::type: return decode_as<close>(body, out);
    case flush::type: return decode_as<flush>(body, out);
    case sync::type: return decode_as<sync>(body, out);
    case function_call::type: return decode_as<function_call>(body, out);
    case copy_data::type: return decode_as<copy_data>(body, out);
    case copy_done::type: return decode_as<copy_done>(body, out);
    case copy_fail::type: return decode_as<copy_fail>(body, out);
    case terminate::type: return decode_as<terminate>(body, out);
    default: return {fault::unknown_type, 0};
  }
}

error encode(writer& out, const first_packet& message) noexcept {
  return std::visit([&out](const auto& one) noexcept { return encode(out, one); }, message);
}

error encode(writer& out, const frontend_message& message) noexcept {
  return std::visit([&out](const auto& one) noexcept { return encode(out, one); }, message);
}

std::string_view name_of(const first_packet& message) noexcept {
  return std::visit([](const auto& one) noexcept { return one.message_name; }, message);
}

std::string_view name_of(const frontend_message& message) noexcept {
  return std::visit([](const auto& one) noexcept { return one.message_name; }, message);
}

}  // namespace tusk::proto
