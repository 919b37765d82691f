#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tusk/copy_direct.hpp"
#include "tusk/parameter.hpp"
#include "tusk/proto/writer.hpp"
#include "tusk/types/copy_format.hpp"
#include "tusk/types/field.hpp"

namespace tusk::detail {

/// What the row writer knows of a list of C++ types. There is one object for each list, whose
/// address tells it from all others.
struct copy_signature {
  std::span<const parameter_operations* const> operations;
  std::span<const copy_way> ways;
};

template <class... V>
inline constexpr std::array<const parameter_operations*, sizeof...(V)> copied_operations{
    &operations_of<V>...};
template <class... V>
inline constexpr std::array<copy_way, sizeof...(V)> copied_ways{copy_way_of<V>()...};
template <class... V>
inline constexpr copy_signature copy_signature_of{copied_operations<V...>, copied_ways<V...>};

/// Writes the rows of a COPY FROM STDIN as the bytes that its CopyData messages carry, in any of
/// the three formats (documentation of COPY, "File Formats"). It knows no session: where messages
/// begin and end is its owner's to say. Values are encoded for the columns' types; what does not
/// go to a type without a cast is refused. Text must be in the session's client_encoding, for xml
/// in binary it must be UTF-8.
///
/// A row that is refused is taken back from the writer, and the next one can be written.
class copy_row_writer {
 public:
  /// Bytes that a row may have: a line, or a tuple, is one allocation of the server's.
  static constexpr std::size_t most_row_bytes = 0x3fffffff;

  /// `columns` are those of the COPY, each with name and type, a type of the catalogs looked up; or
  /// none when nothing is known of them: each value then goes as what its C++ type stands for
  /// (`codec<T>::type`, strings as text). `count` is their number as CopyInResponse says it.
  /// `table` is for messages. A value that looks like `default_mark` is kept apart from it, as from
  /// the null string. Throws `programming_error` for a style that the server would refuse.
  copy_row_writer(copy_format format, const copy_style& style, std::vector<column> columns,
                  std::size_t count, std::string table,
                  std::optional<std::string> default_mark = {});
  copy_row_writer(copy_row_writer&&) noexcept;
  copy_row_writer& operator=(copy_row_writer&&) noexcept;
  ~copy_row_writer();

  /// What comes before the first row: binary's header, or the line of names that the style asks
  /// for.
  void begin(proto::writer& out) const;
  /// Throws `programming_error` when the values do not go to the columns, in number or in type, and
  /// `data_error` when one of them cannot be encoded: its details have the column's name, and as
  /// `copy_line` the row's number from 1, refused ones counted.
  template <class... V>
  void row(proto::writer& out, const V&... values) {
    if constexpr (((copy_way_of<V>() != copy_way::general) && ...)) {
      if (direct_ == &copy_signature_of<V...>) [[likely]] {
        if (write_directly(out, std::index_sequence_for<V...>(), copied(values)...)) [[likely]] {
          ++rows_;
          return;
        }
      }
    }
    write(out, make_parameters(values...), &copy_signature_of<V...>);
  }
  /// The same for values whose number is known only at run time.
  void put(proto::writer& out, std::span<const parameter> values) { write(out, values, nullptr); }
  /// What comes behind the last row: binary's trailer.
  void end(proto::writer& out) const;

  /// Rows written.
  [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }

 private:
  struct plan;

  /// False when the codecs must do it, or say why not; nothing is written then.
  template <std::size_t... I, class... C>
  [[gnu::always_inline]] bool write_directly(proto::writer& out, std::index_sequence<I...>,
                                             const C&... values) {
    if (format_ != copy_format::binary)
      return write_line(out, std::index_sequence<I...>(), values...);
    const std::size_t start = out.size();
    const std::size_t size = (std::size_t{2} + ... + size_in_row(values, widths_[I]));
    std::byte* to = size > most_row_bytes ? nullptr : out.claim(size);
    if (to == nullptr) [[unlikely]]
      return take_back(out, start);
    proto::store_big_endian(to, static_cast<std::int16_t>(sizeof...(C)));
    to += 2;
    if ((store_in_row(to, values, widths_[I]) && ...)) [[likely]]
      return true;
    return take_back(out, start);
  }
  /// The same for a line of text or CSV.
  template <std::size_t... I, class... C>
  [[gnu::noinline]] bool write_line(proto::writer& out, std::index_sequence<I...>, C... values) {
    const std::size_t start = out.size();
    char* at = open_line(out, (std::size_t{0} + ... + room_in_line(values)), sizeof...(C));
    const bool fits = at != nullptr && (put_in_line(at, I, values) && ...);
    if (!fits) [[unlikely]]
      return take_back(out, start);
    close_line(out, start, at);
    return true;
  }
  bool put_in_line(char*& at, std::size_t index, const copied_bytes& value) {
    at = put_value(at, index, value.data, value.size);
    return at != nullptr;
  }
  template <class T>
  bool put_in_line(char*& at, std::size_t index, copied_fixed<T> value) {
    alignas(8) std::array<std::byte, 16> binary;
    if (value.value != nullptr && !store_fixed(binary.data(), *value.value, widths_[index]))
      return false;
    at = put_value(at, index, value.value == nullptr ? nullptr : binary.data(), 0);
    return true;
  }
  /// Claims so much, and room for NULLs and delimiters. nullptr when that is too much.
  char* open_line(proto::writer& out, std::size_t room, std::size_t count) const;
  /// The value's characters, or the binary form of one of fixed size; NULL when there is none. A
  /// delimiter is put behind it. nullptr when the codec must say why not.
  char* put_value(char* at, std::size_t index, const void* data, std::size_t size);
  /// `end` is where the last delimiter ends.
  static void close_line(proto::writer& out, std::size_t start, char* end);
  static bool take_back(proto::writer& out, std::size_t start) noexcept;
  void write(proto::writer& out, std::span<const parameter> values, const copy_signature* from);

  copy_format format_;
  std::uint64_t rows_ = 0;
  /// The list of types whose values all go directly to their columns.
  const copy_signature* direct_ = nullptr;
  const std::uint8_t* widths_ = nullptr;  ///< of the values of fixed size, in bytes
  std::unique_ptr<plan> plan_;
};

}  // namespace tusk::detail
