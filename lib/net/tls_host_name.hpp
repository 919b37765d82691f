#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tusk::net {

/// Whom a certificate is for.
struct certificate_names {
  std::vector<std::string> dns;            ///< subjectAltName's dNSName entries
  std::vector<std::string> addresses;      ///< its iPAddress entries: 4 or 16 bytes each
  std::optional<std::string> common_name;  ///< the subject's first CN, as it stands in the DER
};

/// Nothing when a certificate of these names is for `host`, a name or a numeric address; else why
/// not, as the end of a sentence that begins with "it".
///
/// libpq's rules, which are those of RFC 6125 but for two: an address may match a dNSName, too; and
/// CN counts where the certificate names nothing of the host's own kind.
[[nodiscard]] std::optional<std::string> refuse_host(std::string_view host,
                                                     const certificate_names& names);

/// Whether `host` is an address and not a name, for SNI (RFC 6066, section 3, allows names only).
[[nodiscard]] bool looks_numeric(std::string_view host) noexcept;

}  // namespace tusk::net
