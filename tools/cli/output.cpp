#include "output.hpp"

#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace cli {

output_error::output_error(int code)
    : std::runtime_error("cannot write to standard output: " +
                         std::generic_category().message(code)) {}

void output::flush() {
  std::string_view left = buffer_;
  while (!left.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const int code = errno;
      buffer_.clear();
      throw output_error(code);
    }
    left.remove_prefix(static_cast<std::size_t>(written));
  }
  buffer_.clear();
}

}  // namespace cli
