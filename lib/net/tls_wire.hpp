#pragma once

#include <openssl/bio.h>

#include <cstddef>
#include <memory>
#include <vector>

#include "net/socket.hpp"

namespace tusk::net {

/// What OpenSSL reads from and writes to: a socket, with a buffer each way.
///
/// Reading: one recv(2) takes as many records as there are, up to 64 KiB, and hands them to OpenSSL
/// piece by piece. (OpenSSL's own read-ahead moves the whole rest of its buffer to the front for
/// each record.) Writing never fails for want of room: what the socket does not take is kept until
/// flush(). So OpenSSL never has to be asked to write the same bytes again.
class tls_wire {
 public:
  /// What a read may do when nothing is buffered.
  enum class reading : unsigned char {
    buffered,   ///< nothing
    available,  ///< take what the socket has
    waiting,    ///< wait for more
  };

  tls_wire();
  tls_wire(const tls_wire&) = delete;
  tls_wire& operator=(const tls_wire&) = delete;

  /// A BIO on this object, which must outlive it; null when memory ends.
  [[nodiscard]] BIO* make_bio() noexcept;
  void use(socket& line) noexcept { line_ = &line; }
  void allow(reading how) noexcept { reading_ = how; }

  [[nodiscard]] bool has_input() const noexcept { return begin_ != end_; }
  [[nodiscard]] bool has_output() const noexcept { return output_sent_ != output_.size(); }
  /// Sends what was kept. False when the socket is full and something is left.
  [[nodiscard]] bool flush() noexcept;
  /// How reading ended: `progress` while it has not.
  [[nodiscard]] const exchanged& ended() const noexcept { return ended_; }

 private:
  static int write_callback(BIO* bio, const char* data, std::size_t size, std::size_t* written);
  static int read_callback(BIO* bio, char* data, std::size_t size, std::size_t* read);
  static long control_callback(BIO* bio, int command, long number, void* pointer);
  static BIO_METHOD* method() noexcept;

  [[nodiscard]] bool write(bytes_view bytes) noexcept;
  [[nodiscard]] bool fill() noexcept;

  socket* line_ = nullptr;
  std::unique_ptr<std::byte[]> input_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::vector<std::byte> output_;
  std::size_t output_sent_ = 0;
  exchanged ended_;
  reading reading_ = reading::buffered;
};

}  // namespace tusk::net
