#pragma once

#include <cstddef>
#include <span>

namespace tusk {

/// A view of bytes that somebody else owns.
using bytes_view = std::span<const std::byte>;

}  // namespace tusk
