// Any bytes as a service file: refused with an error that names file and line, or read as values of
// which each keyword has one.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "session/service_file.hpp"
#include "tusk/error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const auto found = tusk::find_service(text, "s", "file");
    if (found && found->size() > tusk::conninfo_keywords().size()) std::abort();
    // Another section before it changes nothing.
    const auto again = tusk::find_service("[t]\nhost\n" + std::string(text), "s", "file");
    const bool begins_with_section = text.find('[') != std::string_view::npos;
    if (begins_with_section && found.has_value() != again.has_value()) std::abort();
    if (found && again && found->size() != again->size()) std::abort();
  } catch (const tusk::programming_error& e) {
    if (!e.message().starts_with("service file \"file\", line ")) std::abort();
  }
  return 0;
}
