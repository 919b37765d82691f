#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "cancel_on_signal.hpp"
#include "time_limit.hpp"
#include "trace_socket.hpp"

namespace cli {

/// A file cannot be opened, read or written: the text names it.
class file_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Where `tusk copy-in` reads: a file, or standard input for `-`. A name of a descriptor
/// (`/dev/fd/3`) is that, and goes on where it stands.
class copy_source {
 public:
  /// Throws file_error.
  explicit copy_source(const std::string& file);

  /// From now on `read` gives up when a signal comes, or time is up.
  void heed(const cancel_on_signal& stop, const time_limit& limit) noexcept;
  /// Fills the memory from its beginning, as far as there is something; 0 at the end. Throws
  /// file_error, interrupted, and std::runtime_error when time is up.
  [[nodiscard]] std::size_t read(std::span<char> into);
  /// For messages.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// Bytes that are to come, where that is known at the beginning.
  [[nodiscard]] std::optional<std::uint64_t> size() const noexcept { return size_; }
  /// Whether the same can be read again by its name.
  [[nodiscard]] bool lasts() const noexcept { return size_ && own_.is_open(); }

 private:
  std::string name_;
  descriptor own_;  // closed where another's is read
  int number_;
  std::optional<std::uint64_t> size_{};  // of a regular file
  const cancel_on_signal* stop_ = nullptr;
  const time_limit* limit_ = nullptr;
};

/// Where `tusk copy-out` writes: a file, or standard output for `-`. A regular file is written
/// under another name beside its own, and gets its own once it is complete: what is there under
/// that name is whole, whatever happens. A device, a pipe or a socket is written as it is, and so
/// is what a name of a descriptor (`/dev/stdout`) stands for.
class copy_sink {
 public:
  /// Throws file_error.
  copy_sink(const std::string& file, const cancel_on_signal& stop, const time_limit& limit);
  copy_sink(const copy_sink&) = delete;
  copy_sink& operator=(const copy_sink&) = delete;
  /// Removes what is not complete.
  ~copy_sink();

  /// Gathers, and writes when there is enough. Throws file_error, interrupted, and
  /// std::runtime_error when time is up.
  void write(std::string_view more);
  /// Writes what is left, and has it kept. Throws as `write`.
  void complete();

 private:
  void open_beside(const std::string& file);
  void flush();
  [[noreturn]] void fail(std::string_view doing) const;

  std::string name_;    // for messages
  std::string target_;  // what it is called in the end; empty where it is written as it is
  std::string beside_;  // what it is called until then
  descriptor own_;
  int number_;
  bool regular_ = false;
  const cancel_on_signal* stop_;
  const time_limit* limit_;
  std::string buffer_;
};

}  // namespace cli
