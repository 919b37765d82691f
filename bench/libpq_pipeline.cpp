#include "libpq_pipeline.hpp"

#include <poll.h>

#include <array>
#include <bit>
#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "libpq_connection.hpp"
#include "libpq_point.hpp"
#include "workloads.hpp"

namespace bench {
namespace {

constexpr int binary = 1;

void require(bool done, const connection& db) {
  if (!done) throw std::runtime_error(PQerrorMessage(db.get()));
}

// As libpq wants a value: bytes in the network's order.
std::array<char, 8> in_binary(std::int64_t value) {
  return std::bit_cast<std::array<char, 8>>(__builtin_bswap64(static_cast<std::uint64_t>(value)));
}

void send_select(const connection& db, std::int64_t id) {
  const std::array<char, 8> value = in_binary(id);
  const char* values = value.data();
  constexpr int size = value.size();
  require(PQsendQueryPrepared(db.get(), "s", 1, &values, &size, &binary, binary) == 1, db);
}

void send_insert(const connection& db, const inserted_row& row) {
  constexpr std::array formats{binary, binary};
  const auto& [id, name] = row;
  const std::array<char, 8> first = in_binary(id);
  const std::array values{first.data(), name.data()};
  const std::array sizes{static_cast<int>(first.size()), static_cast<int>(name.size())};
  require(PQsendQueryPrepared(db.get(), "s", 2, values.data(), sizes.data(), formats.data(),
                              binary) == 1,
          db);
}

// What one statement gave; libpq says NULL after each.
result next_answer(const connection& db) {
  result answer = checked(db, PQgetResult(db.get()));
  if (PQgetResult(db.get()) != nullptr) throw std::runtime_error("a statement has two results");
  return answer;
}

void take_sync(const connection& db) {
  const result sync(PQgetResult(db.get()));
  require(PQresultStatus(sync.get()) == PGRES_PIPELINE_SYNC, db);
}

// Sends what libpq holds back. While the socket takes no more, answers are read, or the server
// would in the end wait for us to read as we wait for it. Returns how many were taken.
std::uint64_t flush(const connection& db) {
  std::uint64_t answers = 0;
  for (;;) {
    const int left = PQflush(db.get());
    require(left >= 0, db);
    if (left == 0) return answers;
    pollfd either{PQsocket(db.get()), POLLIN | POLLOUT, 0};
    if (::poll(&either, 1, -1) < 0) throw std::system_error(errno, std::generic_category(), "poll");
    if ((either.revents & POLLIN) == 0) continue;
    require(PQconsumeInput(db.get()) == 1, db);
    // There are answers to come while requests have not even been sent, so this cannot run dry.
    for (; PQisBusy(db.get()) == 0; ++answers)
      (void)next_answer(db);
  }
}

std::uint64_t digest_of_inserted(const connection& db) {
  const result answer = checked(db, PQexec(db.get(), sql::inserted_digest));
  return static_cast<std::uint64_t>(int_in_text(PQgetvalue(answer.get(), 0, 0)));
}

}  // namespace

std::uint64_t pipeline(std::uint64_t n, meter& cost) {
  const connection db = connect();
  std::uint64_t sum = 0;
  require_whole_batches(n);
  prepare(db, sql::point);
  (void)execute(db, 1, format::binary);
  require(PQenterPipelineMode(db.get()) == 1, db);
  cost.start();
  for (std::uint64_t i = 0; i < n; i += pipeline_batch) {
    for (std::uint64_t k = 0; k < pipeline_batch; ++k)
      send_select(db, point_id(i + k));
    require(PQpipelineSync(db.get()) == 1, db);
    for (std::uint64_t k = 0; k < pipeline_batch; ++k)
      sum += point_digest(next_answer(db), format::binary);
    take_sync(db);
  }
  cost.stop();
  return sum;
}

std::uint64_t insert_batch(std::uint64_t n, meter& cost) {
  constexpr std::uint64_t sent_at_once = 100;
  const connection db = connect();
  (void)checked(db, PQexec(db.get(), sql::create_inserted));
  prepare(db, sql::insert);
  const std::vector<inserted_row> rows = rows_to_insert(n);
  require(PQenterPipelineMode(db.get()) == 1 && PQsetnonblocking(db.get(), 1) == 0, db);
  std::uint64_t sent = 0;
  std::uint64_t answers = 0;
  cost.start();
  for (const inserted_row& row : rows) {
    send_insert(db, row);
    if (++sent % sent_at_once == 0) answers += flush(db);
  }
  require(PQpipelineSync(db.get()) == 1, db);
  for (; answers < n; ++answers)
    (void)next_answer(db);
  take_sync(db);
  cost.stop();
  require(PQexitPipelineMode(db.get()) == 1 && PQsetnonblocking(db.get(), 0) == 0, db);
  return digest_of_inserted(db);
}

}  // namespace bench
