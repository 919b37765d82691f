#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tusk/callback.hpp"
#include "tusk/executor.hpp"
#include "tusk/options.hpp"
#include "tusk/types/codec.hpp"
#include "tusk/types/oids.hpp"

namespace tusk {

namespace detail {
struct large_object_state;
}  // namespace detail

/// What a large object is opened for. The server lets one that is open for writing be read, too,
/// whether it was asked for or not.
enum class large_object_mode : std::uint8_t {
  read,   ///< as it was at the first statement that sees it: later writes are not read
  write,  ///< needs the right to read it as well
  both,
};

/// Where an offset counts from.
enum class seek_from : std::uint8_t { begin, current, end };

/// A large object that is open: up to 4 TiB of bytes on the server, outside of any table, known by
/// an OID, read and written at any place.
///
///     tusk::transaction tx = db.begin();
///     tusk::large_object object = tusk::large_object::create(tx);
///     object.write("some bytes");
///     tx.execute("insert into document values ($1, $2)", name, object.id());
///     tx.commit();
///
/// It is open within a transaction block, which may be one of a session's own BEGIN, and ends with
/// it, or when the savepoint that it was opened in is rolled back; to use it then is a usage error.
/// (So it is after any ROLLBACK TO SAVEPOINT that was run as a statement, for nobody tells which
/// savepoint that was: `transaction::savepoint` is known.) What is written is visible to others
/// when the transaction commits. Do not give the server's own lo_close and lo_unlink to a session
/// that has large objects open: the server gives a descriptor's number to the next one.
///
/// A call reads or writes in pieces of 256 KiB at most (less where
/// session_options::max_message_bytes is small), the next ones asked for before the last one has
/// come. Functions that are called in the middle, sources and sinks, must not use the session; what
/// they throw comes out as it is, and the transaction is usable then, but only `seek` says where
/// the object stands. Every call may throw what a statement may, and an error of the server's fails
/// the transaction:
///
/// - `programming_error` 42704: there is no such large object (undefined_object); 42501: no right
/// to
///   it (insufficient_privilege).
/// - `data_error` 22023: a place beyond `max_size` (invalid_parameter_value).
///
/// PostgreSQL documentation: "Large Objects", server-side functions.
class large_object {
 public:
  /// Bytes that one can have: 2^31 - 1 pages of 2048.
  static constexpr std::uint64_t max_size = std::uint64_t{2048} * 0x7fffffff;

  /// Makes a new one, empty, and opens it to read and write. `wanted` is its OID, 0 for any that is
  /// free; one that is taken is an `integrity_error`, 23505. `each` is how this and each later call
  /// on the object is run.
  [[nodiscard]] static large_object create(executor& in, oid wanted = 0,
                                           const call_options& each = {});
  /// Opens one, at its beginning.
  [[nodiscard]] static large_object open(executor& in, oid id,
                                         large_object_mode mode = large_object_mode::read,
                                         const call_options& each = {});
  /// Removes one; needs to be its owner. Those that are open on it in this session are closed. May
  /// run outside of a transaction block.
  static void unlink(executor& in, oid id, const call_options& each = {});

  large_object(large_object&&) noexcept;
  large_object& operator=(large_object&& other) noexcept;
  /// Closes it without throwing: one round trip, of drain_timeout at the most, unless the
  /// transaction is over or has failed, or something else is open on the session: then it is closed
  /// when the transaction ends.
  ~large_object();

  [[nodiscard]] oid id() const;
  [[nodiscard]] large_object_mode mode() const;
  /// Whether it was not closed, nor its transaction or savepoint ended.
  [[nodiscard]] bool is_open() const noexcept;

  /// Fills `into` from here on, and gives how many bytes that were: fewer only at the end.
  std::size_t read(std::span<std::byte> into);
  /// At most so many bytes from here on, fewer only at the end; memory grows with what comes.
  [[nodiscard]] std::vector<std::byte> read(std::uint64_t count);
  /// Writes all of it here, over what is there and beyond the end. Bytes that were never written
  /// before it are zeros, and take no room.
  void write(bytes_view bytes);
  void write(std::string_view bytes);

  /// Goes to a place and gives it, in bytes from the beginning; it may lie beyond the end. A place
  /// before the beginning or beyond `max_size` is refused: here where `offset` alone says so, else
  /// by the server.
  std::uint64_t seek(std::int64_t offset, seek_from from = seek_from::begin);
  /// The place where the next byte is read or written.
  [[nodiscard]] std::uint64_t tell();
  /// How many bytes it has, holes included; stays where it is.
  [[nodiscard]] std::uint64_t size();
  /// Cuts it off, or makes it longer with zeros that take no room; stays where it is.
  void truncate(std::uint64_t size);

  /// Writes here what a source gives until it ends, and gives the number of bytes. Memory stays
  /// within some pieces, whatever comes. Streams as in `copy_in`.
  std::uint64_t write_from(std::istream& source);
  /// Of a file, pipe or socket, until its end; a descriptor must block. An `operational_error` says
  /// what the system says.
  std::uint64_t write_from_descriptor(int descriptor);
  /// `source` fills the buffer it is given, or a part of it, and says how many bytes; 0 at the end.
  std::uint64_t write_from(const callback<std::size_t(std::span<std::byte>)>& source);

  /// Reads from here to the end into a sink, and gives the number of bytes.
  std::uint64_t write_to(std::ostream& sink);
  std::uint64_t write_to_descriptor(int descriptor);
  /// The view is valid until `sink` returns.
  std::uint64_t write_to(const callback<void(bytes_view)>& sink);

  /// Makes a new one of a file of the client's, and gives its OID.
  static oid import_from(executor& in, const std::string& path, oid wanted = 0,
                         const call_options& each = {});
  static oid import_from(executor& in, std::istream& source, oid wanted = 0,
                         const call_options& each = {});
  static oid import_from_descriptor(executor& in, int descriptor, oid wanted = 0,
                                    const call_options& each = {});
  /// Writes all of one into a file of the client's, which is made or overwritten, and gives the
  /// number of bytes. After an error the file has what was written so far.
  static std::uint64_t export_to(executor& in, oid id, const std::string& path,
                                 const call_options& each = {});
  static std::uint64_t export_to(executor& in, oid id, std::ostream& sink,
                                 const call_options& each = {});
  static std::uint64_t export_to_descriptor(executor& in, oid id, int descriptor,
                                            const call_options& each = {});

  /// Closes it, if it is open still. To use it afterwards is a usage error.
  void close();

 private:
  friend class large_object_buf;

  explicit large_object(std::unique_ptr<detail::large_object_state> state) noexcept;
  static std::unique_ptr<detail::large_object_state> prepare(executor& in, large_object_mode mode,
                                                             const call_options& each);
  [[nodiscard]] detail::large_object_state& open_state() const;
  [[nodiscard]] detail::large_object_state& writable_state() const;
  void abandon() noexcept;

  std::unique_ptr<detail::large_object_state> state_;
};

}  // namespace tusk
