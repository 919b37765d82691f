#include "tusk/proto/names.hpp"

#include <array>

#include "tusk/proto/backend.hpp"
#include "tusk/proto/frontend.hpp"

namespace tusk::proto {
namespace {

struct named {
  char type;
  std::string_view name;
};

template <class M>
constexpr named entry() noexcept {
  return {M::type, M::message_name};
}

/// One entry for each message of a direction, made from the variant that lists them all.
template <class Variant>
struct entries;
template <class... M>
struct entries<std::variant<M...>> {
  static constexpr std::array<named, sizeof...(M)> all{entry<M>()...};
};

}  // namespace

std::string_view name_of(sender from, char type) noexcept {
  // The ten of them share a byte. Of those that share 'p', the first is the common name already.
  if (from == sender::backend && type == authentication_ok::type) return "Authentication";
  if (from == sender::backend) {
    for (const named& one : entries<backend_message>::all) {
      if (one.type == type) return one.name;
    }
  } else {
    for (const named& one : entries<frontend_message>::all) {
      if (one.type == type) return one.name;
    }
  }
  return {};
}

}  // namespace tusk::proto
