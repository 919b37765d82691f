// Any bytes as a connection string: refused with a clean error, or read as a value that its own
// rendering parses back to, and whose defaults are then refused cleanly or complete.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "session/conninfo_hosts.hpp"
#include "tusk/conninfo.hpp"
#include "tusk/error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    tusk::conninfo read = tusk::conninfo::parse(text);
    if (tusk::conninfo::parse(read.to_string(tusk::secrets::shown)) != read) std::abort();
    // No file is to be read here.
    read.service.reset();
    const tusk::environment nothing({}, "user");
    const tusk::conninfo full = read.with_defaults(nothing);
    if (full.with_defaults(nothing) != full) std::abort();
    full.check();
    for (const tusk::endpoint& entry : tusk::host_list(full)) {
      if (entry.name().empty() || entry.port == 0) std::abort();
    }
  } catch (const tusk::programming_error& e) {
    if (e.message().empty()) std::abort();
  }
  return 0;
}
