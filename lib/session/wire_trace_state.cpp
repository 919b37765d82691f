#include "session/wire_trace_state.hpp"

#include <string>
#include <variant>

#include "session/wire_trace_messages.hpp"
#include "tusk/proto/fault.hpp"
#include "tusk/proto/reader.hpp"

namespace tusk {

using proto::sender;

void wire_trace::state::take_first_packet(const proto::frame& message) {
  proto::first_packet packet;
  if (const proto::error why = proto::decode_first_packet(message.body, packet))
    return refuse(sender::frontend, "a first packet", why);
  begin(sender::frontend, message);
  detail::print_message(line_, packet);
  if (std::holds_alternative<proto::ssl_request>(packet)) awaited_ = answer::ssl;
  if (std::holds_alternative<proto::gssenc_request>(packet)) awaited_ = answer::gss;
  if (std::holds_alternative<proto::startup_message>(packet)) first_packet_ = false;
  print();
}

void wire_trace::state::take_frontend(const proto::frame& message) {
  const std::string_view name = proto::name_of(sender::frontend, message.type);
  begin(sender::frontend, message);
  if (message.type == proto::password_message::type && !asked_) {
    // Nobody asked, so nobody knows what it is.
    line_.add("UnknownAuthenticationResponse");
  } else if (name.empty()) {
    line_.unknown_message(message.type);
  } else {
    proto::frontend_message said;
    const auto kind = asked_.value_or(proto::frontend_state::password);
    if (const proto::error why = proto::decode_frontend(message, kind, said))
      return refuse(sender::frontend, name, why);
    detail::print_message(line_, said);
  }
  if (message.type == proto::password_message::type) asked_.reset();
  print();
}

void wire_trace::state::take_backend(const proto::frame& message) {
  const std::string_view name = proto::name_of(sender::backend, message.type);
  begin(sender::backend, message);
  if (name.empty()) {
    line_.unknown_message(message.type);
    return print();
  }
  const std::int32_t method = proto::reader(message.body).i32();  // of an Authentication message
  proto::backend_message said;
  if (const proto::error why = proto::decode_backend(message, said)) {
    // A method that is no longer in the protocol, or not yet.
    const bool unknown_method = message.type == proto::authentication_ok::type &&
                                why.what == proto::fault::bad_value && why.offset == 0;
    if (!unknown_method) return refuse(sender::backend, name, why);
    line_.add("Unknown authentication message");
    line_.int32(method);
    return print();
  }
  if (message.type == proto::authentication_ok::type) expect_credentials(method);
  detail::print_message(line_, said);
  print();
}

// A client's messages of type p are told apart by what the server has asked for last.
void wire_trace::state::expect_credentials(std::int32_t method) noexcept {
  using namespace proto;
  switch (method) {
    case authentication_cleartext_password::code:
    case authentication_md5_password::code: asked_ = frontend_state::password; break;
    case authentication_sasl::code: asked_ = frontend_state::sasl_initial; break;
    case authentication_sasl_continue::code: asked_ = frontend_state::sasl; break;
    case authentication_gss::code:
    case authentication_gss_continue::code:
    case authentication_sspi::code: asked_ = frontend_state::gss; break;
    default: break;
  }
}

void wire_trace::state::begin(sender from, const proto::frame& message) {
  const bool is_notice = from == sender::backend && (message.type == proto::error_response::type ||
                                                     message.type == proto::notice_response::type);
  // The length counts itself.
  line_.begin(letter(from), static_cast<std::uint32_t>(message.body.size() + 4), is_notice);
}

void wire_trace::state::refuse(sender from, std::string_view name, const proto::error& why) {
  std::string text("malformed: ");
  text.append(name)
      .append(", at byte ")
      .append(std::to_string(why.offset))
      .append(" of its body: ");
  end(from, text.append(proto::explain(why.what)));
}

}  // namespace tusk
