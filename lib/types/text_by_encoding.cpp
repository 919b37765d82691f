#include <algorithm>
#include <exception>
#include <new>
#include <span>
#include <vector>

#include "tusk/types/codec.hpp"

namespace tusk::detail {
namespace {

/// Room for one value that a writer may enlarge.
struct value_room {
  std::vector<std::byte> bytes = std::vector<std::byte>(64);

  static std::span<std::byte> grow(void* owner, std::size_t, std::size_t wanted) noexcept {
    std::vector<std::byte>& bytes = static_cast<value_room*>(owner)->bytes;
    try {
      bytes.resize(std::max(wanted, 2 * bytes.size()));
    } catch (const std::exception&) {  // no memory
      return {};
    }
    return bytes;
  }
};

}  // namespace

std::string text_by_encoding(std::string_view name, format (*encode)(value_writer&, const void*),
                             const void* value, std::size_t index) {
  value_room room;
  proto::writer out(room.bytes, 0, &value_room::grow, &room);
  value_writer to(out, 0, index);
  const format wrote = encode(to, value);
  if (out.status()) throw std::bad_alloc();
  if (wrote == format::binary)
    to.fail(name, "it is written in binary only, and its text is needed: give its codec a to_text");
  const bytes_view bytes = out.written();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace tusk::detail
