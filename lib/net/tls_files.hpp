#pragma once

#include <string>

#include "net/tls.hpp"

namespace tusk::net {

/// What is known of a file without reading it.
struct file_state {
  bool exists = false;
  std::string identity;  ///< changes when the file is replaced or written to
  std::string error;     ///< `"PATH" cannot be read: ...`, when it exists but is out of reach
};

/// An empty path is a file that does not exist.
[[nodiscard]] file_state look_at(const std::string& path);
/// A folder's identity is that of all the files in it.
[[nodiscard]] file_state look_at_folder(const std::string& path);

/// Where OpenSSL finds the system's roots, and their identity; SSL_CERT_FILE and SSL_CERT_DIR are
/// OpenSSL's variables for that.
[[nodiscard]] std::string system_roots_identity();

/// `given`, or the file of that name in the settings' default folder, or nothing when there is no
/// such folder.
[[nodiscard]] std::string given_or_default(const std::string& given, const tls_settings& settings,
                                           const char* name);

}  // namespace tusk::net
