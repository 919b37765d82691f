#include "tusk/large_object.hpp"

#include <algorithm>

#include "session/large_object_state.hpp"
#include "session/misuse.hpp"

// Opening large objects, and what moves in them. Server functions are named with their schema, so
// that no search_path puts others in their place.
namespace tusk {

namespace {

// As large as pays: smaller ones cost more statements, larger ones only memory.
constexpr std::size_t largest_piece = std::size_t{256} << 10;

constexpr std::int32_t server_mode(large_object_mode mode) noexcept {
  constexpr std::int32_t writing = 0x20000;
  constexpr std::int32_t reading = 0x40000;
  switch (mode) {
    case large_object_mode::read: return reading;
    case large_object_mode::write: return writing;
    case large_object_mode::both: break;
  }
  return writing | reading;
}

std::uint64_t place(std::int64_t said) {
  if (said < 0 || static_cast<std::uint64_t>(said) > large_object::max_size) {
    raise({.kind = error_kind::protocol,
           .message = "the server says that a large object stands at byte " + std::to_string(said) +
                      ", where none can be"});
  }
  return static_cast<std::uint64_t>(said);
}

}  // namespace

namespace detail {

large_object_state::large_object_state(std::shared_ptr<session_core> core,
                                       large_object_mode opened_for, const call_options& how)
    : executor(std::move(core)), mode(opened_for), each(how) {
  each.formats = formats::automatic;
  // A row is one message, and in statement_mode::simple a byte is two digits in it.
  const std::size_t fitting = core_->options().max_message_bytes / 2 - 1024;
  piece = std::min(largest_piece, fitting);
}

large_object_state::~large_object_state() {
  if (tied) core_->untie(tie);
}

void large_object_state::opened(oid object, std::int32_t number) {
  if (number < 0) {
    raise({.kind = error_kind::protocol,
           .message = "the server opened a large object as descriptor " + std::to_string(number)});
  }
  id = tie.object = object;
  descriptor = number;
  core_->tie(tie);
  tied = true;
}

bool large_object_state::can_close() const noexcept {
  return core_->status() == session_status::in_transaction && is_live();
}

bool large_object_state::can_pipeline() const noexcept {
  return each.mode.value_or(core_->options().mode) != statement_mode::simple;
}

}  // namespace detail

std::unique_ptr<detail::large_object_state> large_object::prepare(executor& in,
                                                                  large_object_mode mode,
                                                                  const call_options& each) {
  in.core().require_transaction_for("a large object");
  return std::make_unique<detail::large_object_state>(in.core_, mode, each);
}

large_object large_object::create(executor& in, oid wanted, const call_options& each) {
  constexpr auto mode = large_object_mode::both;
  auto state = prepare(in, mode, each);
  const auto [id, descriptor] = in.one<oid, std::int32_t>(
      state->each,
      "with made as (select pg_catalog.lo_create($1::pg_catalog.oid) as id) "
      "select id, pg_catalog.lo_open(id, $2::pg_catalog.int4) from made",
      wanted, server_mode(mode));
  state->opened(id, descriptor);
  return large_object(std::move(state));
}

large_object large_object::open(executor& in, oid id, large_object_mode mode,
                                const call_options& each) {
  auto state = prepare(in, mode, each);
  state->opened(
      id, in.scalar<std::int32_t>(
              state->each, "select pg_catalog.lo_open($1::pg_catalog.oid, $2::pg_catalog.int4)", id,
              server_mode(mode)));
  return large_object(std::move(state));
}

void large_object::unlink(executor& in, oid id, const call_options& each) {
  in.execute(each, "select pg_catalog.lo_unlink($1::pg_catalog.oid)", id);
  in.core_->unlinked(id);
}

large_object::large_object(std::unique_ptr<detail::large_object_state> state) noexcept
    : state_(std::move(state)) {}

large_object::large_object(large_object&&) noexcept = default;

large_object& large_object::operator=(large_object&& other) noexcept {
  if (this != &other) {
    abandon();
    state_ = std::move(other.state_);
  }
  return *this;
}

large_object::~large_object() {
  abandon();
}

detail::large_object_state& large_object::open_state() const {
  if (state_ == nullptr) detail::misuse("the large object was closed, or moved from", {});
  if (const std::string why = state_->why_gone(); !why.empty())
    detail::misuse("the large object is not open any more: " + why, {});
  return *state_;
}

detail::large_object_state& large_object::writable_state() const {
  detail::large_object_state& state = open_state();
  if (state.mode == large_object_mode::read) {
    detail::misuse(
        "the large object was opened for reading only: open it with large_object_mode::both to "
        "write",
        {});
  }
  return state;
}

oid large_object::id() const {
  if (state_ == nullptr) detail::misuse("the large object was closed, or moved from", {});
  return state_->id;
}

large_object_mode large_object::mode() const {
  if (state_ == nullptr) detail::misuse("the large object was closed, or moved from", {});
  return state_->mode;
}

bool large_object::is_open() const noexcept {
  return state_ != nullptr && state_->is_live();
}

std::uint64_t large_object::seek(std::int64_t offset, seek_from from) {
  detail::large_object_state& state = open_state();
  constexpr auto most = static_cast<std::int64_t>(max_size);
  const std::int64_t least = from == seek_from::begin ? 0 : -most;
  if (offset < least || offset > most) {
    detail::misuse("a large object has the bytes 0 to " + std::to_string(max_size) +
                       ", and none at an offset of " + std::to_string(offset),
                   {});
  }
  // The server's numbers are those of lseek(2): SEEK_SET, SEEK_CUR, SEEK_END.
  return place(state.scalar<std::int64_t>(
      state.each,
      "select pg_catalog.lo_lseek64($1::pg_catalog.int4, $2::pg_catalog.int8, "
      "$3::pg_catalog.int4)",
      state.descriptor, offset, static_cast<std::int32_t>(from)));
}

std::uint64_t large_object::tell() {
  detail::large_object_state& state = open_state();
  return place(state.scalar<std::int64_t>(
      state.each, "select pg_catalog.lo_tell64($1::pg_catalog.int4)", state.descriptor));
}

// Each level is computed before the one around it: a subquery with a volatile function stays one.
std::uint64_t large_object::size() {
  detail::large_object_state& state = open_state();
  const auto [size, back] = state.one<std::int64_t, std::int64_t>(
      state.each,
      "select size, pg_catalog.lo_lseek64($1::pg_catalog.int4, place, 0) from "
      "(select place, pg_catalog.lo_lseek64($1::pg_catalog.int4, 0, 2) as size from "
      "(select pg_catalog.lo_tell64($1::pg_catalog.int4) as place offset 0) as here offset 0) "
      "as there",
      state.descriptor);
  static_cast<void>(back);
  return place(size);
}

void large_object::truncate(std::uint64_t size) {
  detail::large_object_state& state = writable_state();
  if (size > max_size) {
    detail::misuse("a large object has at most " + std::to_string(max_size) + " bytes, not " +
                       std::to_string(size),
                   {});
  }
  state.execute(state.each,
                "select pg_catalog.lo_truncate64($1::pg_catalog.int4, $2::pg_catalog.int8)",
                state.descriptor, static_cast<std::int64_t>(size));
}

// What is over is closed already.
void large_object::close() {
  const std::unique_ptr<detail::large_object_state> state = std::move(state_);
  if (state == nullptr || !state->why_gone().empty()) return;
  state->execute(state->each, "select pg_catalog.lo_close($1::pg_catalog.int4)", state->descriptor);
}

void large_object::abandon() noexcept {
  if (state_ == nullptr) return;
  try {
    if (state_->can_close()) {
      state_->hurry();
      close();
    }
  } catch (...) {  // the transaction's end closes it
  }
  state_.reset();
}

}  // namespace tusk
