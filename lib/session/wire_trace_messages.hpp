#pragma once

#include "session/wire_trace_line.hpp"
#include "tusk/proto/backend.hpp"
#include "tusk/proto/frontend.hpp"

namespace tusk::detail {

/// Appends a message's name and fields.
void print_message(trace_line& to, const proto::first_packet& message);
void print_message(trace_line& to, const proto::frontend_message& message);
void print_message(trace_line& to, const proto::backend_message& message);

/// The fields of the messages that both sides send; those of one side stand beside its messages.
void print_fields(trace_line& to, const proto::copy_data& message);
void print_fields(trace_line& to, const proto::list<std::optional<bytes_view>>& values);
void print_fields(trace_line& to, const proto::list<proto::format>& formats);

}  // namespace tusk::detail
