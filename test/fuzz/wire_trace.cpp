// Any bytes as what passes on a connection, in both directions. The first byte chooses what is
// shown and where the trace begins; then come pieces, each behind a byte that tells the side and
// its length. However each piece is cut, the same is printed.
#include <algorithm>
#include <cstdint>
#include <string>

#include "fuzz/proto_check.hpp"
#include "tusk/wire_trace.hpp"

namespace {

using namespace tusk;
using namespace tusk::test;

std::string traced(std::uint8_t choice, bytes_view all, std::size_t most) {
  std::string text;
  std::size_t lines = 0;
  wire_trace trace(
      [&](std::string_view line) {
        require(line.starts_with("F\t") || line.starts_with("B\t"), "a line tells the side");
        text.append(line) += '\n';
        ++lines;
      },
      {.timestamps = false, .regress = (choice & 1) != 0, .show_values = (choice & 2) != 0});
  if ((choice & 4) != 0) trace.restart(trace_start::message);
  const std::size_t size = all.size();
  while (!all.empty()) {
    const auto head = std::to_integer<std::uint8_t>(all[0]);
    all = all.subspan(1);
    bytes_view piece = all.first(std::min<std::size_t>(head & 0x7fU, all.size()));
    all = all.subspan(piece.size());
    while (!piece.empty()) {
      const exact_block part(piece.first(std::min(most, piece.size())));
      (head & 0x80U) != 0 ? trace.from_backend(part.view()) : trace.from_frontend(part.view());
      piece = piece.subspan(part.view().size());
    }
  }
  require(lines <= size + 1, "no line without a byte");
  // A byte is four characters at the most, a field of two bytes seven, and a line's head not long.
  require(text.size() <= 64 * (size + 4), "no flood of text");
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const bytes_view all(reinterpret_cast<const std::byte*>(data) + 1, size - 1);
  const std::string whole = traced(data[0], all, SIZE_MAX);
  require(traced(data[0], all, 1) == whole, "byte by byte the same is printed");
  require(traced(data[0], all, 3) == whole, "in threes the same is printed");
  return 0;
}
