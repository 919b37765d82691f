#include <algorithm>
#include <cstring>
#include <deque>
#include <optional>

#include "session/large_object_state.hpp"
#include "session/misuse.hpp"

// Reading and writing large objects in pieces, some of them under way at once: the server works
// on the next ones while the last one is on the wire.
namespace tusk {

namespace detail {

namespace {

constexpr std::string_view read_statement =
    "select pg_catalog.loread($1::pg_catalog.int4, $2::pg_catalog.int4)";
constexpr std::string_view write_statement =
    "select pg_catalog.lowrite($1::pg_catalog.int4, $2::pg_catalog.bytea)";
// Pieces asked for before the first of them has come, and so kept in memory here or on the way.
constexpr std::size_t reads_ahead = 4;
// Writes to a Sync. While one group is answered the next is being sent, so twice as many are under
// way at the most, and that often an error is noticed.
constexpr int writes_in_group = 8;

std::int32_t as_length(std::uint64_t bytes) noexcept {
  return static_cast<std::int32_t>(bytes);  // a piece is far shorter
}

// Hands on what one loread has brought: at most what was asked for, whatever the server says.
std::uint64_t hand_on(const result<row>& came, std::uint64_t asked,
                      const callback<void(bytes_view)>& sink) {
  if (came.size() != 1 || came.columns().size() != 1) {
    raise({.kind = error_kind::protocol,
           .message = "the server answered loread() with something that is not one value"});
  }
  const cell value = came[0][0];
  std::vector<std::byte> decoded;
  bytes_view bytes;
  if (value.raw().format == format::binary) {
    bytes = value.as<bytes_view>();
  } else {
    decoded = value.as<std::vector<std::byte>>();
    bytes = decoded;
  }
  if (bytes.size() > asked) {
    raise({.kind = error_kind::protocol,
           .message = "the server read " + std::to_string(bytes.size()) +
                      " bytes of a large object, where " + std::to_string(asked) +
                      " were asked for"});
  }
  if (!bytes.empty()) sink(bytes);
  return bytes.size();
}

std::uint64_t read_one_by_one(large_object_state& from, std::uint64_t wanted,
                              const callback<void(bytes_view)>& sink) {
  std::uint64_t total = 0;
  while (total < wanted) {
    const std::uint64_t asked = std::min<std::uint64_t>(from.piece, wanted - total);
    const auto came = from.query(from.each, read_statement, from.descriptor, as_length(asked));
    const std::uint64_t got = hand_on(came, asked, sink);
    total += got;
    if (got < asked) break;
  }
  return total;
}

// Requests whose answers are to come, each with what it asked for.
struct asked_piece {
  pending<result<row>> answer;
  std::uint64_t size;
};

std::uint64_t read_through(pipeline& line, const large_object_state& from, std::uint64_t wanted,
                           const callback<void(bytes_view)>& sink) {
  std::deque<asked_piece> ahead;
  std::uint64_t asked = 0;
  std::uint64_t total = 0;
  bool at_end = false;
  for (;;) {
    while (!at_end && asked < wanted && ahead.size() < reads_ahead) {
      const std::uint64_t size = std::min<std::uint64_t>(from.piece, wanted - asked);
      ahead.push_back({line.query(read_statement, from.descriptor, as_length(size)), size});
      asked += size;
    }
    if (ahead.empty()) return total;
    line.flush();
    asked_piece next = std::move(ahead.front());
    ahead.pop_front();
    const std::uint64_t got = hand_on(next.answer.get(), next.size, sink);
    total += got;
    at_end = at_end || got < next.size;
  }
}

void write_through(pipeline& line, const large_object_state& to,
                   const callback<bytes_view()>& next) {
  std::optional<pending<void>> before;
  int in_group = 0;
  for (bytes_view piece = next(); !piece.empty(); piece = next()) {
    line.execute(write_statement, to.descriptor, piece);
    if (++in_group < writes_in_group) continue;
    in_group = 0;
    pending<void> group = line.sync();
    if (before) before->get();
    before = std::move(group);
  }
}

// A pipeline that is merely destroyed would fail the transaction, for what came behind its last
// Sync.
void in_pipeline(large_object_state& of, const callback<void(pipeline&)>& body) {
  pipeline line = static_cast<executor&>(of).pipeline(of.each);
  try {
    body(line);
  } catch (...) {
    try {
      line.finish();
    } catch (...) {  // the first error is the one that counts
    }
    throw;
  }
  line.finish();
}

}  // namespace

std::uint64_t read_pieces(large_object_state& from, std::uint64_t wanted,
                          const callback<void(bytes_view)>& sink) {
  // One piece is one round trip in any case.
  if (wanted <= from.piece || !from.can_pipeline()) return read_one_by_one(from, wanted, sink);
  std::uint64_t total = 0;
  in_pipeline(from, [&](pipeline& line) { total = read_through(line, from, wanted, sink); });
  return total;
}

void write_pieces(large_object_state& to, const callback<bytes_view()>& next) {
  if (to.can_pipeline()) {
    in_pipeline(to, [&](pipeline& line) { write_through(line, to, next); });
    return;
  }
  for (bytes_view piece = next(); !piece.empty(); piece = next())
    to.execute(to.each, write_statement, to.descriptor, piece);
}

}  // namespace detail

std::size_t large_object::read(std::span<std::byte> into) {
  detail::large_object_state& state = open_state();
  std::size_t filled = 0;
  detail::read_pieces(state, into.size(), [&](bytes_view bytes) {
    std::memcpy(into.data() + filled, bytes.data(), bytes.size());
    filled += bytes.size();
  });
  return filled;
}

std::vector<std::byte> large_object::read(std::uint64_t count) {
  detail::large_object_state& state = open_state();
  std::vector<std::byte> all;
  detail::read_pieces(state, count,
                      [&](bytes_view bytes) { all.insert(all.end(), bytes.begin(), bytes.end()); });
  return all;
}

void large_object::write(bytes_view bytes) {
  detail::large_object_state& state = writable_state();
  if (bytes.size() <= state.piece) {
    if (bytes.empty()) return;
    state.execute(state.each, detail::write_statement, state.descriptor, bytes);
    return;
  }
  detail::write_pieces(state, [&]() -> bytes_view {
    const bytes_view piece = bytes.first(std::min(bytes.size(), state.piece));
    bytes = bytes.subspan(piece.size());
    return piece;
  });
}

void large_object::write(std::string_view bytes) {
  write(std::as_bytes(std::span(bytes.data(), bytes.size())));
}

std::uint64_t large_object::write_from(const callback<std::size_t(std::span<std::byte>)>& source) {
  detail::large_object_state& state = writable_state();
  std::vector<std::byte> buffer(state.piece);
  std::uint64_t total = 0;
  bool at_end = false;
  detail::write_pieces(state, [&]() -> bytes_view {
    // Sources such as pipes give little at once: a statement each would be too dear.
    std::size_t filled = 0;
    while (!at_end && filled < buffer.size()) {
      const std::span<std::byte> room = std::span(buffer).subspan(filled);
      const std::size_t got = source(room);
      if (got > room.size()) {
        detail::misuse("a source says that it has put " + std::to_string(got) +
                           " bytes into a buffer of " + std::to_string(room.size()),
                       {});
      }
      filled += got;
      at_end = got == 0;
    }
    total += filled;
    return bytes_view(buffer).first(filled);
  });
  return total;
}

std::uint64_t large_object::write_to(const callback<void(bytes_view)>& sink) {
  return detail::read_pieces(open_state(), max_size, sink);
}

}  // namespace tusk
