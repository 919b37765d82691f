#pragma once

#include <cstddef>
#include <cstdint>
#include <variant>

#include "types/copy_binary_reader.hpp"
#include "types/copy_csv_reader.hpp"
#include "types/copy_text_reader.hpp"

namespace tusk::detail {

/// Turns the data of a COPY TO, in any format, into rows in the very form of a DataRow's body: an
/// Int16 with the number of values, then each with its length (-1: NULL) as an Int32 and its bytes.
/// Every body given out is well-formed. Where the data is cut into chunks means nothing, not even
/// for errors. Text is not looked at beyond the ASCII that is the format's: the encoding must be
/// one in which no longer character has ASCII bytes, as UTF-8.
///
/// All errors are those of `fail_copy_data`. After one nothing but the destructor may be called.
class copy_reader {
 public:
  /// `style` is one that the server has taken. `columns` as CopyOutResponse said, at most 65535.
  copy_reader(copy_format format, const copy_style& style, std::uint32_t columns);

  /// The data goes on with `chunk`, which must stay as it is until the next call. Only after `next`
  /// has found nothing more in the one before.
  void feed(bytes_view chunk) noexcept;
  /// The next row's body, valid until the next call of this or `feed`. nullptr when more data is
  /// needed, and behind the end that the data itself has marked.
  [[nodiscard]] const std::byte* next();
  /// The data is over (CopyDone): throws when it has ended in the middle of a row or a line, and in
  /// binary without the trailer. After `next` has found nothing more.
  void finish() const;

  /// Whether the data has marked its own end: by the trailer in binary, by `\.` in text. What
  /// follows is passed over in text, as the server does, and refused in binary.
  [[nodiscard]] bool at_end() const noexcept;
  /// Given out so far.
  [[nodiscard]] std::uint64_t rows() const noexcept;

 private:
  using any = std::variant<copy_binary_reader, copy_text_reader, copy_csv_reader>;
  static any make(copy_format format, const copy_style& style, std::uint32_t columns);

  any reader_;
};

}  // namespace tusk::detail
