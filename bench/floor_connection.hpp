#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

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

  /// Prepares the statement that `request` runs.
  void prepare(const char* sql);

  /// Bind, Execute and Sync, as bytes to be sent any number of times.
  class request {
   public:
    /// With `parameters` bigints, 0 or 1, and `columns` result columns in binary.
    request(std::size_t parameters, std::size_t columns);
    /// Sets the one parameter.
    void parameter(std::int64_t value) noexcept;
    [[nodiscard]] const std::vector<std::byte>& bytes() const noexcept { return bytes_; }

   private:
    std::vector<std::byte> bytes_;
    std::size_t parameter_at_ = 0;
  };

  /// Sends the bytes and steps over what comes, up to ReadyForQuery. Returns the number of rows.
  /// Throws when an ErrorResponse is among it.
  std::uint64_t round_trip(const std::vector<std::byte>& bytes);

 private:
  std::uint64_t drain();

  static constexpr std::size_t block_size = std::size_t{64} << 10;

  floor_link link_;
  std::unique_ptr<std::byte[]> block_ = std::make_unique_for_overwrite<std::byte[]>(block_size);
};

}  // namespace bench
