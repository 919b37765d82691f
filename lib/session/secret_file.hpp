#pragma once

#include <sys/types.h>

#include <string>

#include "auth/secret.hpp"

namespace tusk {

/// A file whose text may hold secrets.
struct secret_file {
  auth::secret_text text;
  mode_t mode = 0;  ///< type and permissions, once it could be opened
  int error = 0;    ///< errno, 0 when `text` is the whole file
};

/// Reads a file into memory that is wiped, at most 16 MiB (EFBIG); only a plain file is read,
/// another kind gives ENOTSUP, or EISDIR. Throws std::bad_alloc alone.
[[nodiscard]] secret_file read_secret_file(const std::string& path);

}  // namespace tusk
