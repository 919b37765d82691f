#pragma once

#include <cstdint>

namespace tusk::net {

/// How many fork(2) lie between this process and the first one that asked. Two processes of which
/// one comes from the other have different numbers, and asking is no system call. (Not seen: a
/// clone(2) made past the C library.)
[[nodiscard]] std::uint32_t forks() noexcept;

}  // namespace tusk::net
