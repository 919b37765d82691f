#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "tusk/batch.hpp"
#include "tusk/copy_row_writer.hpp"
#include "tusk/proto/bytes.hpp"
#include "tusk/types/copy_format.hpp"

namespace tusk {

class copy_out;

/// Where `copy_in` puts its rows. Names are quoted, so they are taken as they stand, upper case
/// included, and refused as `executor::quote_identifier` tells; `where` and `options` are SQL and
/// become part of the statement as they are.
struct copy_into {
  std::string schema{};  ///< empty: by the search path
  std::string table{};
  std::vector<std::string> columns{};  ///< empty: all but generated ones, in the table's order
  std::string where{};    ///< what follows WHERE: rows for which it is not true are left out
  std::string options{};  ///< more of what stands in COPY's parentheses, such as `freeze`
  copy_format format = copy_format::binary;
  // Last, for GCC 12 warns, wrongly, of what is made of a literal behind an optional.
  copy_style style{};
};

namespace detail {

class session_core;

/// What a row needs of an open COPY FROM STDIN.
struct copy_feed {
  proto::writer* out = nullptr;        ///< behind the header of the CopyData that is being filled
  copy_row_writer* encoder = nullptr;  ///< none before the first row
  std::size_t full_at = 0;             ///< the size of `out` at which it is sent
};

/// Fills a piece of memory with the next bytes of something; 0 at its end.
struct byte_pull {
  void* context;
  std::size_t (*read)(void* context, std::span<std::byte> into);
};

struct copy_in_state;

}  // namespace detail

/// A COPY FROM STDIN that is under way: rows, or bytes, go to the server as they are given, in
/// pieces of 64 KiB, in memory that does not grow with their number.
///
///     auto in = db.copy_in({.table = "accounts", .columns = {"id", "name"}});
///     for (const account& a : accounts)
///       in.row(a.id, a.name);
///     in.finish();
///
/// It is all or nothing: `finish()` completes it, and whatever ends it otherwise leaves none of its
/// rows. Destroyed without `finish()` it is ended by a CopyFail, which inside of a transaction
/// block aborts that, as any error does.
///
/// The server checks rows as they come. Its error (a value that it cannot read, a constraint)
/// comes out of the call during which it is noticed, which may be some pieces after the row that
/// caused it: `error_details::copy_line` and `copy_column` say where it was. The COPY is over then,
/// and the session is usable. A call's timeout counts for the whole, from opening it to `finish()`;
/// time is looked at when something is sent.
///
/// While it is open the session refuses other work. Protocol documentation: "COPY Operations".
class copy_in {
 public:
  copy_in(std::shared_ptr<detail::session_core> core,
          std::shared_ptr<detail::copy_in_state> state) noexcept;
  copy_in(copy_in&& other) noexcept;
  copy_in& operator=(copy_in&& other) noexcept;
  /// Ends it by a CopyFail, unless it is over. Takes at most the session's drain_timeout; the
  /// session is given up as broken when that is not enough. Destroyed while an exception is being
  /// handled, that is where it is caught, it tells the server the exception's text.
  ~copy_in() { leave({}); }

  /// The next row: a value for each column, or one struct, tuple or pair of them, or a
  /// `dynamic_parameters`. A COPY by table name encodes each value for its column's real type, as a
  /// statement's parameters are; one by SQL text for the type that its C++ type stands for. Throws
  /// `programming_error` when number or types do not fit, and `data_error` for a value that cannot
  /// be encoded: such a row is not sent, and the COPY goes on with the next one.
  template <class... V>
  void row(const V&... values) {
    static_assert(sizeof...(V) != 0, "tusk: a row has a value for each column");
    if constexpr (sizeof...(V) == 1) {
      put_whole(values...);
    } else {
      encoder().row(*feed_->out, values...);
    }
    push_when_full();
  }
  /// All rows of a range, whose elements are as `executor::insert_many` takes them.
  template <class Rows>
  void rows(Rows&& range) {
    detail::row_feed<std::remove_reference_t<Rows>> from(range);
    while (const auto* row = from.next_element()) {
      put_whole(*row);
      push_when_full();
    }
  }

  /// Bytes of the data, cut anywhere, in the COPY's own format. They cannot be mixed with rows.
  void write(bytes_view data);
  void write(std::string_view data) { write(std::as_bytes(std::span(data))); }
  /// All that `source` gives: it fills the memory that it is called with, from its beginning, and
  /// returns how many bytes it has filled, 0 at the end. What it throws comes out as it is, and the
  /// COPY goes on. It must not write into this COPY itself, or finish it, which throws
  /// `programming_error`. Gives the number of bytes.
  template <class Source>
    requires std::is_invocable_r_v<std::size_t, Source&, std::span<std::byte>>
  std::uint64_t write_from(Source&& source) {
    using source_type = std::remove_reference_t<Source>;
    return write_pulled({const_cast<void*>(static_cast<const void*>(&source)),
                         [](void* context, std::span<std::byte> into) -> std::size_t {
                           return (*static_cast<source_type*>(context))(into);
                         }});
  }
  /// The same of a stream, to its end. Throws `operational_error` when it cannot be read to there,
  /// and what its buffer throws as it is, whatever the stream's exceptions() say.
  std::uint64_t write_from(std::istream& source);
  /// The same of what read(2) gives, to its end; the descriptor must block, and stays the caller's.
  /// Throws `operational_error` with the system's message when reading fails.
  std::uint64_t write_from_descriptor(int descriptor);
  /// The same of what another session's COPY TO STDOUT gives, as it comes: from server to server
  /// without keeping it. Formats must be equal. When the source fails, this COPY is given up, too.
  std::uint64_t write_from(copy_out& source);

  /// Sends what is left, ends the COPY, and waits for the server's word. Gives the number of rows
  /// that the server has taken in: those that `where` has left out, or a trigger, do not count.
  std::uint64_t finish();
  /// Gives it up: the server is told why, and takes in nothing. The text, of at most 1000 bytes,
  /// appears in its log; an empty one stands for that of the exception that is being handled.
  /// Throws nothing: should the connection be lost meanwhile, that shows in the next call.
  void fail(std::string_view why) noexcept { leave(why); }
  /// Whether rows can still be given: false after `finish()`, `fail()` and errors of the server's.
  [[nodiscard]] bool is_open() const noexcept;

  /// The format that the data is in.
  [[nodiscard]] copy_format format() const noexcept;
  /// How many columns a row has, as the server says.
  [[nodiscard]] std::size_t columns() const noexcept;
  /// What `finish()` has given; 0 before that.
  [[nodiscard]] std::uint64_t rows_taken() const noexcept;
  /// Rows given so far, those that are still to be sent included.
  [[nodiscard]] std::uint64_t rows_written() const noexcept;
  /// Bytes of data so far, likewise.
  [[nodiscard]] std::uint64_t bytes_written() const noexcept;

 private:
  // A struct, a tuple, or a single value, which is a row of one column.
  template <class Row>
  void put_whole(const Row& row) {
    if constexpr (std::is_same_v<Row, dynamic_parameters>) {
      encoder().put(*feed_->out, row.list());
    } else {
      detail::with_values(row,
                          [this](const auto&... values) { encoder().row(*feed_->out, values...); });
    }
  }
  detail::copy_row_writer& encoder() {
    if (feed_ == nullptr || feed_->encoder == nullptr) [[unlikely]]
      begin_rows();
    return *feed_->encoder;
  }
  void push_when_full() {
    if (feed_->out->size() >= feed_->full_at) [[unlikely]]
      push();
  }
  [[nodiscard]] detail::copy_in_state& open_state() const;
  void begin_rows();
  void push();
  std::uint64_t write_pulled(const detail::byte_pull& source);
  void leave(std::string_view why) noexcept;

  std::shared_ptr<detail::session_core> core_;
  std::shared_ptr<detail::copy_in_state> state_;
  detail::copy_feed* feed_ = nullptr;  ///< of the state
};

}  // namespace tusk
