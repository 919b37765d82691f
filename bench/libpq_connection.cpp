#include "libpq_connection.hpp"

#include <array>
#include <charconv>
#include <cstring>
#include <stdexcept>
#include <string>

namespace bench {

connection connect(route where) {
  std::string source = data_source(where);
  // Otherwise libpq, where it was built with GSSAPI, looks for Kerberos tickets before each login.
  if (where != route::unix_socket) source += " gssencmode=disable";
  connection db(PQconnectdb(source.c_str()));
  if (PQstatus(db.get()) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(db.get()));
  if ((PQsslInUse(db.get()) != 0) != (where == route::tls))
    throw std::runtime_error("libpq does not use TLS where it should, or does where it should not");
  return db;
}

result checked(const connection& db, PGresult* raw) {
  result answer(raw);
  const ExecStatusType status = PQresultStatus(raw);
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && status != PGRES_SINGLE_TUPLE)
    throw std::runtime_error(PQerrorMessage(db.get()));
  return answer;
}

void prepare(const connection& db, const char* sql) {
  (void)checked(db, PQprepare(db.get(), "s", sql, 0, nullptr));
}

result execute(const connection& db, std::int64_t parameter, format in) {
  std::array<char, 24> value{};
  int size = 8;
  if (in == format::binary) {
    const auto bits = __builtin_bswap64(static_cast<std::uint64_t>(parameter));
    std::memcpy(value.data(), &bits, sizeof bits);
  } else {
    std::to_chars(value.data(), value.data() + value.size() - 1, parameter);
  }
  const char* values = value.data();
  const int kind = static_cast<int>(in);
  return checked(db, PQexecPrepared(db.get(), "s", 1, &values, &size, &kind, kind));
}

}  // namespace bench
