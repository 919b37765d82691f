#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "tusk/proto/reader.hpp"
#include "tusk/types/field.hpp"
#include "types/composite_text.hpp"

namespace tusk::detail {

/// Walks the fields of an anonymous record or a composite, in either format, whatever they are.
class record_reader {
 public:
  /// Throws `data_error` for what is malformed. `value` must outlive the reader.
  record_reader(const field& value, std::string_view target);

  /// The next field, or false behind the last. Its bytes live as long as the reader. Its type is 0
  /// in the text of an anonymous record, which does not say. Throws `data_error` when it is cut
  /// short, and when it is not what the catalogs say of the type.
  bool next(field& into);
  /// What the catalogs call the field at hand; empty in an anonymous record.
  [[nodiscard]] std::string_view name() const noexcept;

 private:
  bool next_binary(field& into);
  bool next_text(field& into);
  void require_count(std::size_t count) const;

  const field& value_;
  std::string_view target_;
  std::size_t index_ = 0;  ///< fields given so far
  std::size_t count_ = 0;  ///< of all, in binary
  proto::reader binary_;
  std::string scratch_;
  composite_scanner text_;
};

}  // namespace tusk::detail
