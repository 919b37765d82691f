#pragma once

#include <optional>
#include <string_view>

#include "session/conninfo_hosts.hpp"
#include "tusk/conninfo.hpp"

namespace tusk {

/// The password on the first line that fits, in the text of a password file (PostgreSQL
/// documentation, 34.16): `host:port:dbname:user:password`, where `*` fits everything, and `\`
/// stands before a `:` or `\` that is meant literally. Nothing when no line fits.
[[nodiscard]] std::optional<secret> find_in_password_file(std::string_view text,
                                                          std::string_view host,
                                                          std::string_view port,
                                                          std::string_view dbname,
                                                          std::string_view user);

/// Looks a server up in the file that `to.passfile` names (`with_defaults` sets it). A file that is
/// missing or cannot be read is no error.
[[nodiscard]] password_found look_up_password(const conninfo& to, const endpoint& at);

}  // namespace tusk
