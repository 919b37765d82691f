#include "tusk/types/copy_format.hpp"

namespace tusk {

std::string_view name_of(copy_format format) noexcept {
  switch (format) {
    case copy_format::text: return "text";
    case copy_format::csv: return "csv";
    case copy_format::binary: return "binary";
  }
  return "?";
}

}  // namespace tusk
