#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "client.hpp"
#include "floor_link.hpp"

namespace bench {

/// What a client cannot do without: bytes out, messages in, of which it looks at type and length
/// only. It knows no values, no errors and no passwords.
class floor_connection {
 public:
  /// Logs in by trust, on every route.
  explicit floor_connection(route where = route::unix_socket);
  floor_connection(const floor_connection&) = delete;
  floor_connection& operator=(const floor_connection&) = delete;
  /// Says goodbye to the server, as the other clients do.
  ~floor_connection();

  /// Runs a statement without parameters, prepared nowhere. Returns the number of rows, or of the
  /// messages that COPY TO STDOUT has sent.
  std::uint64_t run(const char* sql);
  /// Asks for COPY FROM STDIN, and does not wait for the answer.
  void begin_copy_in(const char* sql);
  /// Sends the bytes and looks at nothing.
  void send(std::span<const std::byte> bytes) { link_.send(bytes); }
  /// Ends the data, and steps over what comes as `round_trip` does.
  void end_copy_in();
  /// Prepares the statement that `floor_request` runs.
  void prepare(const char* sql);

  /// Sends the bytes and steps over what comes, up to ReadyForQuery. Returns the number of rows.
  /// Throws when an ErrorResponse is among it.
  std::uint64_t round_trip(std::span<const std::byte> bytes);
  /// Sends the bytes, and steps over what comes only while no more of them can be sent: with the
  /// server waiting for us to read, and us for the server, nothing would go on. Not under TLS.
  void send_ahead(std::span<const std::byte> bytes);

 private:
  void step_over_block();

  static constexpr std::size_t block_size = std::size_t{64} << 10;

  floor_link link_;
  std::uint64_t rows_ = 0;  // since the last ReadyForQuery
  std::size_t have_ = 0;    // bytes of an incomplete header at the block's front
  std::size_t skip_ = 0;    // bytes of a body that are still to come
  bool ready_ = false;      // ReadyForQuery has come
  std::unique_ptr<std::byte[]> block_ = std::make_unique_for_overwrite<std::byte[]>(block_size);
};

}  // namespace bench
