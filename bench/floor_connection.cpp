#include "floor_connection.hpp"

#include <array>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <string_view>

#include "tusk/proto/bind_writer.hpp"
#include "tusk/proto/byte_order.hpp"
#include "tusk/proto/frontend.hpp"

namespace bench {
namespace {

namespace proto = tusk::proto;

constexpr std::size_t header_size = 5;
constexpr std::string_view statement_name = "tusk_1";

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

floor_connection::request::request(std::size_t parameters, std::size_t columns) {
  const std::vector<proto::format> formats(columns, proto::format::binary);
  bytes_ = bytes_of([&](proto::writer& out) {
    proto::bind_writer bind(out, "", statement_name, parameters);
    for (std::size_t i = 0; i < parameters; ++i) {
      bind.open_value();
      parameter_at_ = out.size();
      out.i64(0);
      bind.close_value(proto::format::binary);
    }
    if (bind.finish(formats)) throw std::runtime_error("the floor's Bind cannot be encoded");
    append(out, proto::execute{}, proto::sync{});
  });
}

void floor_connection::request::parameter(std::int64_t value) noexcept {
  proto::store_big_endian(bytes_.data() + parameter_at_, value);
}

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
    append(out, proto::parse{statement_name, sql, {}},
           proto::describe{proto::target::statement, statement_name}, proto::sync{});
  }));
}

std::uint64_t floor_connection::round_trip(const std::vector<std::byte>& bytes) {
  link_.send(bytes);
  return drain();
}

// A header that straddles two reads is moved to the front; bodies are skipped wherever they lie.
std::uint64_t floor_connection::drain() {
  std::uint64_t rows = 0;
  std::size_t have = 0;  // bytes of an incomplete header at the block's front
  std::size_t skip = 0;  // bytes of a body that are still to come
  bool ready = false;
  for (;;) {
    const std::size_t end = have + link_.receive({block_.get() + have, block_size - have});
    std::size_t at = skip;
    while (!ready && at + header_size <= end) {
      const char type = static_cast<char>(block_[at]);
      if (type == 'E') throw std::runtime_error("the server answered with an error");
      if (type == 'D') ++rows;
      ready = type == 'Z';
      at += 1 + proto::load_big_endian<std::uint32_t>(block_.get() + at + 1);
    }
    if (ready && at <= end) return rows;
    have = at < end ? end - at : 0;
    skip = at < end ? 0 : at - end;
    if (have > 0) std::memmove(block_.get(), block_.get() + at, have);
  }
}

}  // namespace bench
