// Any bytes as a password file: what is found is part of the file, and the same when other lines
// stand before it that fit nothing.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "session/password_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto look_up = [](std::string_view in) {
    return tusk::find_in_password_file(in, "::1", "5432", "d\\b", "user");
  };
  const auto found = look_up(text);
  if (found && found->reveal().size() > text.size()) std::abort();
  if (found && found->reveal().find('\n') != std::string_view::npos) std::abort();
  if (look_up("#*:*:*:*:x\n*:*:*:nobody:x\n" + std::string(text)) != found) std::abort();
  // A line that fits everything has the last word, if nothing else had one.
  if (!found && look_up(std::string(text) + "\n*:*:*:*:last") != tusk::secret("last")) std::abort();
  return 0;
}
