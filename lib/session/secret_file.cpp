#include "session/secret_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>

namespace tusk {
namespace {

constexpr std::size_t largest_file = std::size_t{16} << 20;

class descriptor {
 public:
  // Without O_NONBLOCK opening a pipe would wait for a writer.
  explicit descriptor(const std::string& path) noexcept
      : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const noexcept { return fd_; }

 private:
  int fd_;
};

/// errno, or 0 at the end of the file.
int read_all(int fd, auth::secret_text& text) {
  // Not on the stack, where it would stay.
  auth::secret_text chunk(4096);
  for (;;) {
    const ssize_t count = ::read(fd, chunk.data(), chunk.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    if (count == 0) return 0;
    if (text.size() + static_cast<std::size_t>(count) > largest_file) return EFBIG;
    text.insert(text.end(), chunk.begin(), chunk.begin() + count);
  }
}

}  // namespace

secret_file read_secret_file(const std::string& path) {
  secret_file file;
  const descriptor opened(path);
  struct stat status{};
  if (opened.get() < 0 || ::fstat(opened.get(), &status) != 0) {
    file.error = errno;
    return file;
  }
  file.mode = status.st_mode;
  if (!S_ISREG(status.st_mode))
    file.error = S_ISDIR(status.st_mode) ? EISDIR : ENOTSUP;
  else
    file.error = read_all(opened.get(), file.text);
  return file;
}

}  // namespace tusk
