#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <istream>
#include <streambuf>
#include <vector>

#include "tusk/large_object.hpp"

// Large objects as the standard library's streams: not a part of <tusk/tusk.hpp>, for what it costs
// to compile.

namespace tusk {

/// A large object as a stream's buffer. It has one place, as a file has, for reading and writing
/// both, and they may alternate without a seek between. What is written is sent when the buffer is
/// full, by `pubsync` (a stream's `flush`), before a seek and before a read, and before its
/// transaction is committed or prepared, or a savepoint begun; reads fetch a buffer full ahead.
/// Rolling back to a savepoint drops what was written since and not sent, and what was read ahead;
/// seek then, for the server's place is not rolled back.
///
/// Errors of tusk's are thrown by the functions of the buffer itself. A stream catches them and
/// sets `badbit`, as for any buffer: the first of them stays in `failure()`, and a stream with
/// `exceptions(std::ios::badbit)` throws it. Seeking before the beginning or beyond
/// `large_object::max_size` fails without an error of tusk's, and harms nothing.
///
/// What an error has left in the buffer is given up. Where the object goes on afterwards (in a
/// savepoint that was rolled back, say), the stream stands where the server does: look by `tellg`,
/// or seek, for a call may have failed half-way.
///
/// It is open as long as the object is. A COMMIT or SAVEPOINT that is run as a statement does not
/// know of it: flush it before.
class large_object_buf : public std::streambuf {
 public:
  /// Goes on where the object stands, which costs one round trip. `buffer_size` in bytes, at least
  /// one.
  explicit large_object_buf(large_object object, std::size_t buffer_size = std::size_t{64} << 10);
  large_object_buf(const large_object_buf&) = delete;
  large_object_buf& operator=(const large_object_buf&) = delete;
  /// Sends what is left, as far as that is possible, and throws nothing: `close` says whether it
  /// was.
  ~large_object_buf() override;

  /// The OID; throws `programming_error` when it was closed.
  [[nodiscard]] oid id() const { return object_.id(); }
  [[nodiscard]] bool is_open() const noexcept { return object_.is_open(); }
  /// The first error that one of its functions has thrown; null while there was none.
  [[nodiscard]] const std::exception_ptr& failure() const noexcept { return failure_; }
  /// Sends what is left, and closes the object.
  void close();
  /// Sends what is left, and gives the object, standing where the stream stood.
  [[nodiscard]] large_object release();

 protected:
  int_type underflow() override;
  int_type overflow(int_type c) override;
  int_type pbackfail(int_type c) override;
  std::streamsize xsgetn(char* into, std::streamsize count) override;
  std::streamsize xsputn(const char* from, std::streamsize count) override;
  pos_type seekoff(off_type offset, std::ios_base::seekdir from,
                   std::ios_base::openmode which) override;
  pos_type seekpos(pos_type place, std::ios_base::openmode which) override;
  int sync() override;

 private:
  template <class Body>
  auto noting(Body&& body);
  void forget_buffer() noexcept;
  void find_place();
  [[nodiscard]] std::uint64_t place() const noexcept;
  void send();
  void drop_read();
  std::size_t fetch(char* into, std::size_t count);
  void put(const char* from, std::size_t count);
  pos_type go_to(off_type place);

  large_object object_;
  std::vector<char> buffer_;
  std::uint64_t at_;  ///< where the object stands on the server
  bool at_is_known_ = true;
  std::exception_ptr failure_;
};

/// A large object as a stream:
///
///     tusk::large_object_stream lines(tx, id);
///     for (std::string line; std::getline(lines, line);) ...
///
/// Give `std::ios::badbit` to `exceptions()` to have tusk's errors thrown as they are; see
/// `large_object_buf`.
class large_object_stream : public std::iostream {
 public:
  explicit large_object_stream(large_object object);
  /// Opens it, as `large_object::open`, and throws as that.
  large_object_stream(executor& where, oid id, large_object_mode mode = large_object_mode::read,
                      const call_options& each = {})
      : large_object_stream(large_object::open(where, id, mode, each)) {}

  [[nodiscard]] large_object_buf* rdbuf() noexcept { return &buffer_; }
  [[nodiscard]] oid id() const { return buffer_.id(); }
  /// Sends what is left, and closes the object. Throws tusk's errors, whatever `exceptions()` says.
  void close() { buffer_.close(); }

 private:
  large_object_buf buffer_;
};

}  // namespace tusk
