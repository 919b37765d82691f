#include "session/parameters.hpp"

#include <algorithm>
#include <exception>
#include <new>
#include <span>
#include <vector>

#include "tusk/types/print.hpp"

namespace tusk::detail {

namespace {

// A type of the user's own, most likely a domain. What it is made of only the catalogs know, but it
// understands the text of what it is made of.
bool goes_as_text(const parameter_operations& as, oid target) {
  return target != 0 && type_name(target).empty() && has_printer(as.type);
}

// The text of the value's own type, whatever the target is.
format write_as_text(value_writer& to, const parameter& given) {
  proto::writer& out = to.out();
  const std::size_t start = out.size();
  const oid own = given.operations->type;
  value_writer as_own = to.part(own);
  const format written = given.operations->encode(as_own, given.value);
  if (written == format::text || out.status()) return written;
  if (!has_printer(own))
    to.fail(given.operations->name, "it is written in binary only, and its text is needed");
  const bytes_view bytes = out.written().subspan(start);
  const std::string text =
      print(field{bytes.data(), static_cast<std::int32_t>(bytes.size()), own, written, nullptr});
  out.truncate(start);
  out.text(text);
  return format::text;
}

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

bool can_be_sent(const parameter_operations& as, oid target) {
  return as.writes(target) || goes_as_text(as, target);
}

format write_parameter(value_writer& to, const parameter& given) {
  if (!given.operations->writes(to.target())) return write_as_text(to, given);
  return given.operations->encode(to, given.value);
}

std::string text_of(const parameter& given, std::size_t index) {
  value_room room;
  proto::writer out(room.bytes, 0, &value_room::grow, &room);
  value_writer to(out, 0, index);
  static_cast<void>(write_as_text(to, given));
  if (out.status()) throw std::bad_alloc();
  const bytes_view bytes = out.written();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace tusk::detail
