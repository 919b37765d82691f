#include "copy_file.hpp"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace cli {
namespace {

constexpr std::size_t gathered = std::size_t{256} << 10;

[[noreturn]] void fail_with(int code, std::string_view doing, const std::string& name) {
  throw file_error(std::string(doing).append(" ").append(name).append(": ").append(
      std::generic_category().message(code)));
}

/// The descriptor that a name stands for, or -1: to open that would begin anew in the file.
int descriptor_of(const std::string& file, int standard) {
  if (file == "-") return standard;
  constexpr std::string_view standards[] = {"/dev/stdin", "/dev/stdout", "/dev/stderr"};
  for (int number = 0; number < 3; ++number)
    if (file == standards[number]) return number;
  for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
    if (!file.starts_with(folder)) continue;
    int number = -1;
    const char* const end = file.data() + file.size();
    const auto [read, error] = std::from_chars(file.data() + folder.size(), end, number);
    if (error == std::errc{} && read == end && number >= 0) return number;
  }
  return -1;
}

}  // namespace

copy_source::copy_source(const std::string& file)
    : name_(file == "-" ? "standard input" : file), number_(descriptor_of(file, STDIN_FILENO)) {
  if (number_ < 0) {
    own_ = descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!own_.is_open()) fail_with(errno, "cannot open", name_);
    number_ = own_.number();
  }
  struct stat what{};
  if (::fstat(number_, &what) != 0) fail_with(errno, "cannot read", name_);
  if (S_ISDIR(what.st_mode)) fail_with(EISDIR, "cannot read", name_);
  if (!S_ISREG(what.st_mode)) return;
  // Standard input may have been read from before.
  const off_t at = std::max<off_t>(::lseek(number_, 0, SEEK_CUR), 0);
  size_ = static_cast<std::uint64_t>(std::max<off_t>(what.st_size - at, 0));
}

void copy_source::heed(const cancel_on_signal& stop, const time_limit& limit) noexcept {
  stop_ = &stop;
  limit_ = &limit;
}

std::size_t copy_source::read(std::span<char> into) {
  for (;;) {
    if (stop_ != nullptr && !size_) {
      stop_->wait_for(number_, POLLIN, *limit_, "nothing came from the input");
    } else if (stop_ != nullptr && stop_->came()) {
      throw interrupted();
    }
    const ssize_t count = ::read(number_, into.data(), into.size());
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR && errno != EAGAIN) fail_with(errno, "cannot read", name_);
  }
}

copy_sink::copy_sink(const std::string& file, const cancel_on_signal& stop, const time_limit& limit)
    : name_(file == "-" ? "standard output" : file),
      number_(descriptor_of(file, STDOUT_FILENO)),
      stop_(&stop),
      limit_(&limit) {
  buffer_.reserve(gathered);
  struct stat what{};
  if (number_ >= 0) {
    if (::fstat(number_, &what) != 0) fail("cannot write to");
    regular_ = S_ISREG(what.st_mode);
    return;
  }
  const bool exists = ::stat(file.c_str(), &what) == 0;
  if (!exists || S_ISREG(what.st_mode)) {
    open_beside(file);
    // Who may read what was there before may read what takes its place.
    const mode_t mask = ::umask(0);
    ::umask(mask);
    ::fchmod(number_, exists ? what.st_mode & 07777U : 0666U & ~mask);
    return;
  }
  own_ = descriptor(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
  if (!own_.is_open()) fail("cannot open");
  number_ = own_.number();
}

copy_sink::~copy_sink() {
  if (!beside_.empty()) ::unlink(beside_.c_str());
}

void copy_sink::open_beside(const std::string& file) {
  // Behind a symbolic link it is the file that is replaced, not the link.
  std::error_code none;
  const std::filesystem::path real = std::filesystem::canonical(file, none);
  target_ = none ? file : real.string();
  std::string made = target_ + ".part-XXXXXX";
  own_ = descriptor(::mkostemp(made.data(), O_CLOEXEC));
  if (!own_.is_open()) fail("cannot create a file beside");
  beside_ = std::move(made);
  number_ = own_.number();
  regular_ = true;
}

void copy_sink::fail(std::string_view doing) const {
  fail_with(errno, doing, name_);
}

void copy_sink::write(std::string_view more) {
  buffer_.append(more);
  if (buffer_.size() >= gathered) flush();
}

void copy_sink::flush() {
  std::string_view left = buffer_;
  while (!left.empty()) {
    std::size_t part = left.size();
    if (!regular_) {
      stop_->wait_for(number_, POLLOUT, *limit_, "nobody reads the output");
      // So much a pipe takes without waiting, once it can be written to.
      part = std::min<std::size_t>(part, PIPE_BUF);
    } else if (stop_->came()) {
      throw interrupted();
    }
    const ssize_t count = ::write(number_, left.data(), part);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count < 0) {
      buffer_.clear();
      fail("cannot write to");
    }
    left.remove_prefix(static_cast<std::size_t>(count));
  }
  buffer_.clear();
}

void copy_sink::complete() {
  flush();
  if (beside_.empty()) return;
  // Else a crash of the system could leave the name without the data.
  if (::fsync(number_) != 0) fail("cannot write to");
  if (::rename(beside_.c_str(), target_.c_str()) != 0) fail("cannot rename to");
  beside_.clear();
}

}  // namespace cli
