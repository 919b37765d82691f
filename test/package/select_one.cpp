// The smallest whole program: connects, asks for one row, and compares what came with what it
// knows.
#include <tusk/tusk.hpp>

#include <cstdint>
#include <cstdio>
#include <exception>
#include <string>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: select_one DSN\n", stderr);
    return 2;
  }
  try {
    tusk::session db{argv[1]};
    const auto sum = db.scalar<std::int64_t>("select $1::int8 + $2::int4", 40, 2);
    const auto version = db.scalar<std::string>("select version()");
    std::printf("%lld, says %s\n", static_cast<long long>(sum), version.c_str());
    return sum == 42 ? 0 : 1;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
}
