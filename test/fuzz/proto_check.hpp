#pragma once

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <span>
#include <vector>

#include "support/wire.hpp"
#include "tusk/proto/writer.hpp"

namespace tusk::test {

/// Ends the program, which is how a fuzz target reports a finding.
inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

/// Encoding a decoded message must give exactly the bytes that it was decoded from.
template <class Message>
void require_same_bytes(const Message& message, bytes_view original) {
  std::vector<std::byte> storage(original.size());
  proto::writer out{storage};
  require(!encode(out, message), "what was decoded can be encoded");
  require(same_bytes(out.written(), original), "it is encoded to the bytes it was decoded from");
  require(!name_of(message).empty(), "it has a name");
}

}  // namespace tusk::test
