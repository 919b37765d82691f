#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tusk/options.hpp"
#include "tusk/parameter.hpp"
#include "tusk/row_traits.hpp"

namespace tusk::detail {

/// The columns as one way of reading them wants them, and the formats to ask for.
struct column_choice {
  const row_shape* shape = nullptr;
  tusk::formats formats = tusk::formats::automatic;
  std::shared_ptr<const column_set> columns;
  std::vector<format> codes;  ///< as Bind wants them: one for all, or one for each
};

/// A statement that is prepared on the server, with what Describe said of it.
struct statement {
  std::string sql;
  std::string name;
  std::vector<oid> parameters;
  std::vector<column> columns;
  column_choice choice;                               ///< the last one, which is mostly the next
  std::vector<const parameter_operations*> accepted;  ///< C++ types that have been found to fit

  /// Bytes that it is counted as.
  [[nodiscard]] std::size_t cost() const noexcept;
};

/// The statements that are kept prepared, the least recently used last; bounded in number and in
/// bytes.
class statement_cache {
 public:
  statement_cache(std::size_t entries, std::size_t bytes)
      : most_entries_(entries), most_bytes_(bytes) {}

  /// The statement with this text, now the most recently used; nullptr when there is none.
  [[nodiscard]] statement* find(std::string_view sql);
  /// Keeps a statement, except that one larger than the bounds only lives until the next call.
  /// Those that must go are appended to `evicted()`.
  statement& insert(statement fresh);
  /// Forgets a statement; its name is appended to `evicted()`.
  void remove(std::string_view sql);
  /// Forgets all, because the server has.
  void clear() noexcept;

  /// Names that are to be closed on the server; the caller empties it.
  [[nodiscard]] std::vector<std::string>& evicted() noexcept { return evicted_; }
  /// The name for a new statement; empty, which is the unnamed statement, when none is kept.
  [[nodiscard]] std::string next_name();
  [[nodiscard]] std::size_t size() const noexcept { return by_use_.size(); }

 private:
  void drop_last();

  std::list<statement> by_use_;
  std::unordered_map<std::string_view, std::list<statement>::iterator> by_text_;
  std::vector<std::string> evicted_;
  std::size_t most_entries_;
  std::size_t most_bytes_;
  std::size_t bytes_ = 0;
  std::uint64_t names_ = 0;
};

}  // namespace tusk::detail
