#pragma once

#include <cstddef>
#include <string_view>

#include "tusk/proto/writer.hpp"
#include "tusk/types/field.hpp"

namespace tusk {

/// Where a codec writes one parameter's value: straight into the session's output buffer. The
/// value's length is set by the caller, from what the codec wrote.
class value_writer {
 public:
  value_writer(proto::writer& out, type_ref target, std::size_t index) noexcept
      : out_(&out), target_(target), index_(index) {}

  /// The type the server wants; 0 when it was not asked, and the codec's own type is used.
  [[nodiscard]] type_ref target() const noexcept { return target_; }
  /// 1 for `$1`.
  [[nodiscard]] std::size_t index() const noexcept { return index_; }
  [[nodiscard]] proto::writer& out() const noexcept { return *out_; }

  /// The same place for a part of the value, such as an array's element, which has its own type.
  [[nodiscard]] value_writer part(type_ref target) const noexcept {
    return {*out_, target, index_};
  }

  /// Throws `data_error`: `$1 (smallint) cannot take this std::int32_t: 70000 is out of range`.
  [[noreturn]] void fail(std::string_view source, std::string_view reason) const;

 private:
  proto::writer* out_;
  type_ref target_;
  std::size_t index_;
};

}  // namespace tusk
