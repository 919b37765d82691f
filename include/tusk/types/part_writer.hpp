#pragma once

#include <cstddef>

#include "tusk/types/codec.hpp"

namespace tusk::detail {

/// Writes the parts of a binary value (an array's elements, a range's bounds), each behind its
/// Int32 length. When a part turns out to go as text only, everything is taken back.
class part_writer {
 public:
  /// `type` is what each part is sent as.
  part_writer(value_writer& to, type_ref type) noexcept
      : to_(&to), type_(type), start_(to.out().size()) {}

  [[nodiscard]] value_writer& to() const noexcept { return *to_; }
  /// Where the value began in the writer's buffer.
  [[nodiscard]] std::size_t start() const noexcept { return start_; }

  /// Where the next part's value goes.
  [[nodiscard]] value_writer open() noexcept;
  /// Ends it. False when it was written as text, and this type's text is not its binary form: the
  /// whole value must go as text.
  [[nodiscard]] bool close(format wrote) noexcept;
  /// Forgets what was written since the beginning.
  void take_back() noexcept { to_->out().truncate(start_); }

 private:
  value_writer* to_;
  type_ref type_;
  std::size_t start_;
  std::size_t part_at_ = 0;
};

}  // namespace tusk::detail
