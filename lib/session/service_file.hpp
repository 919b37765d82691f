#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "auth/secret.hpp"
#include "session/conninfo_keywords.hpp"
#include "tusk/environment.hpp"

namespace tusk {

/// A service's parameters as its file lists them; of a repeated one the first counts.
using service_values = std::vector<std::pair<const conninfo_keyword*, auth::secret_text>>;

/// Reads the first section of that name in the text of a service file (PostgreSQL documentation,
/// 34.17). Nothing when there is none. Throws programming_error that names `file` and the line for
/// one that cannot be understood; lines of other sections are not looked at.
[[nodiscard]] std::optional<service_values> find_service(std::string_view text,
                                                         std::string_view name,
                                                         std::string_view file);

/// A service and the file that defined it.
struct service_found {
  std::string file;
  service_values values;
};

/// Looks the service up: in `named_file` (the parameter servicefile), else in PGSERVICEFILE, else
/// in
/// `~/.pg_service.conf`; and when it is not there, in `pg_service.conf` of PGSYSCONFDIR or of
/// `/etc/postgresql-common`. Throws programming_error when it is nowhere, and when a file that was
/// named or that exists cannot be read.
[[nodiscard]] service_found look_up_service(std::string_view name,
                                            const std::optional<std::string>& named_file,
                                            const environment& from);

}  // namespace tusk
