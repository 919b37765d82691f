#include "floor_connection.hpp"

#include <array>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <vector>

#include "floor_request.hpp"
#include "tusk/proto/byte_order.hpp"
#include "tusk/proto/frontend.hpp"

namespace bench {
namespace {

namespace proto = tusk::proto;

constexpr std::size_t header_size = 5;

/// What `write` writes, as bytes.
template <class Write>
std::vector<std::byte> bytes_of(Write write) {
  std::vector<std::byte> bytes(4096);
  proto::writer out(bytes);
  write(out);
  if (out.status()) throw std::runtime_error("the floor's request cannot be encoded");
  bytes.resize(out.size());
  return bytes;
}

template <class... Message>
void append(proto::writer& out, const Message&... messages) {
  if ((static_cast<bool>(proto::encode(out, messages)) || ...))
    throw std::runtime_error("the floor's request cannot be encoded");
}

}  // namespace

floor_connection::floor_connection(route where) : link_(where) {
  round_trip(bytes_of([](proto::writer& out) {
    const std::array parameters{proto::startup_parameter{"user", "postgres"},
                                proto::startup_parameter{"database", "postgres"}};
    append(out, proto::startup_message{proto::protocol_3_0, parameters});
  }));
}

floor_connection::~floor_connection() {
  try {
    link_.send(bytes_of([](proto::writer& out) { append(out, proto::terminate{}); }));
  } catch (const std::exception&) {
    // The server has gone first; there is nobody to tell.
  }
}

void floor_connection::prepare(const char* sql) {
  round_trip(bytes_of([&](proto::writer& out) {
    append(out, proto::parse{floor_statement, sql, {}},
           proto::describe{proto::target::statement, floor_statement}, proto::sync{});
  }));
}

std::uint64_t floor_connection::run(const char* sql) {
  return round_trip(bytes_of([&](proto::writer& out) { append(out, proto::query{sql}); }));
}

void floor_connection::begin_copy_in(const char* sql) {
  send(bytes_of([&](proto::writer& out) { append(out, proto::query{sql}); }));
}

void floor_connection::end_copy_in() {
  round_trip(bytes_of([](proto::writer& out) { append(out, proto::copy_done{}); }));
}

std::uint64_t floor_connection::round_trip(std::span<const std::byte> bytes) {
  link_.send(bytes);
  rows_ = 0;
  ready_ = false;
  while (!ready_ || skip_ != 0)
    step_over_block();
  return rows_;
}

void floor_connection::send_ahead(std::span<const std::byte> bytes) {
  for (;;) {
    bytes = bytes.subspan(link_.send_some(bytes));
    if (bytes.empty()) return;
    if (link_.wait_either()) step_over_block();
  }
}

// A header that straddles two reads is moved to the front; bodies are skipped wherever they lie.
void floor_connection::step_over_block() {
  const std::size_t end = have_ + link_.receive({block_.get() + have_, block_size - have_});
  std::size_t at = skip_;
  std::uint64_t rows = 0;
  while (at + header_size <= end) {
    const char type = static_cast<char>(block_[at]);
    if (type == 'E') throw std::runtime_error("the server answered with an error");
    if (type == 'D' || type == 'd') ++rows;
    if (type == 'Z') ready_ = true;
    at += 1 + proto::load_big_endian<std::uint32_t>(block_.get() + at + 1);
  }
  rows_ += rows;
  have_ = at < end ? end - at : 0;
  skip_ = at < end ? 0 : at - end;
  if (have_ > 0) std::memmove(block_.get(), block_.get() + at, have_);
}

}  // namespace bench
