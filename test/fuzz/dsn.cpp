// Any bytes as a connection string: refused with a clean error, or read as a value that its own
// rendering parses back to.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "tusk/conninfo.hpp"
#include "tusk/error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const tusk::conninfo read = tusk::conninfo::parse(text);
    const tusk::environment nothing({}, "user");
    if (tusk::conninfo::parse(read.to_string(tusk::secrets::shown)) != read) std::abort();
    const tusk::conninfo full = read.with_defaults(nothing);
    if (full.with_defaults(nothing) != full || full.port_number() == 0) std::abort();
  } catch (const tusk::programming_error& e) {
    if (e.message().empty()) std::abort();
  }
  return 0;
}
