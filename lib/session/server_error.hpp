#pragma once

#include <string_view>

#include "tusk/error.hpp"
#include "tusk/proto/notice.hpp"

namespace tusk::detail {

/// What an ErrorResponse or NoticeResponse says, as values. Whether the session and the transaction
/// are usable is the caller's to know.
[[nodiscard]] error_details read_error_fields(const proto::list<proto::error_field>& fields);

/// Whether nothing of a statement remains that has failed outside of a transaction block: the
/// server has not committed in the middle of it.
[[nodiscard]] bool is_one_transaction(std::string_view sql);

/// Whether the server ends the connection after an error of this severity.
[[nodiscard]] bool ends_session(const error_details& error) noexcept;

}  // namespace tusk::detail
