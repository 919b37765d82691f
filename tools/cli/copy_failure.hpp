#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#include "tusk/error.hpp"
#include "tusk/types/copy_format.hpp"

namespace cli {

/// The server refused the data: the text is all that is to be shown.
class placed_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The error as several lines that end with a line break, as `error::report()`; in front of it,
/// where the error has a place, what editors jump to: `data.csv:17: column "price": `. `line` is
/// that of the file, 0 for none, and stands in the server's CONTEXT, too, in place of its own.
[[nodiscard]] std::string report_at(const tusk::error& failed, const std::string& file,
                                    tusk::copy_format format, std::uint64_t line);

/// Whether the server has refused a row, and says which; it also says where it was when something
/// else ended it.
[[nodiscard]] bool is_of_data(const tusk::error& failed) noexcept;

/// Whether a COPY that failed when it was to be finished may have taken effect all the same.
[[nodiscard]] bool may_be_done(const tusk::error& failed) noexcept;

}  // namespace cli
