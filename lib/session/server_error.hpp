#pragma once

#include "tusk/error.hpp"
#include "tusk/proto/notice.hpp"

namespace tusk::detail {

/// What an ErrorResponse or NoticeResponse says, as values. Whether the session and the transaction
/// are usable is the caller's to know.
[[nodiscard]] error_details read_error_fields(const proto::list<proto::error_field>& fields);

/// Whether the server ends the connection after an error of this severity.
[[nodiscard]] bool ends_session(const error_details& error) noexcept;

}  // namespace tusk::detail
