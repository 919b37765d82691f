#pragma once

#include <cstddef>
#include <iosfwd>
#include <span>
#include <string>

#include "tusk/proto/bytes.hpp"

namespace tusk::detail {

// Bulk data of the caller's: where it comes from and where it goes. A source fills what it is given
// and says how much, 0 at the end; a sink takes all it is given. They throw by `fail_local` why
// that cannot be, in a message that begins with the name they were made with.

/// A stream, read to its end. It is asked past its own reading functions, which keep to themselves
/// what a buffer throws, and which throw at the end when the caller has them throw at failures.
/// What the buffer throws comes out as it is; but of a std::ios_base::failure, a file's, the
/// message.
class stream_source {
 public:
  stream_source(std::istream& from, const std::string& name)
      : from_(from), failure_(name + " cannot be read") {}
  std::size_t operator()(std::span<std::byte> into);

 private:
  std::istream& from_;
  std::string failure_;
};

/// A stream that is written, in the same way.
class stream_sink {
 public:
  stream_sink(std::ostream& to, const std::string& name)
      : to_(to), failure_(name + " cannot be written") {}
  void operator()(bytes_view part);
  /// Passes on what the stream holds back: a full disk may be found out here only.
  void flush();

 private:
  std::ostream& to_;
  std::string failure_;
};

/// What read(2) gives of a descriptor.
class descriptor_source {
 public:
  descriptor_source(int from, const std::string& name)
      : from_(from), failure_(name + " cannot be read") {}
  std::size_t operator()(std::span<std::byte> into);

 private:
  int from_;
  std::string failure_;
};

/// A descriptor that is written by write(2).
class descriptor_sink {
 public:
  descriptor_sink(int to, const std::string& name)
      : to_(to), failure_(name + " cannot be written") {}
  void operator()(bytes_view part);

 private:
  int to_;
  std::string failure_;
};

/// Throws what the system has just refused, with errno's words.
[[noreturn]] void fail_with_errno(const std::string& what);

/// For descriptors that have no better name.
[[nodiscard]] inline std::string name_of_descriptor(int number) {
  return "descriptor " + std::to_string(number);
}

}  // namespace tusk::detail
