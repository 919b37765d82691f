#pragma once

#include <string>
#include <string_view>

#include "tusk/types/field.hpp"

namespace tusk::detail {

/// Throws `data_error`: the binary form of `value` does not have the size its type has.
[[noreturn]] void fail_size(const field& value, std::string_view target);

/// Throws `data_error`: the text of `value` is not `what` ("an integer"). The message shows the
/// beginning of the text.
[[noreturn]] void fail_text(const field& value, std::string_view target, std::string_view what);

/// Throws `data_error`: `target` is not read from this type of column.
[[noreturn]] void fail_type(const field& value, std::string_view target);

/// Throws `data_error` that belongs to no column or parameter: "tusk::numeric: NaN is no integer".
[[noreturn]] void fail_conversion(std::string_view source, std::string_view reason);

}  // namespace tusk::detail
