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
  date_order dates = date_order::unknown;
  std::shared_ptr<const column_set> columns;
  std::vector<format> codes;  ///< as Bind wants them: one for all, or one for each
};

/// A statement that is prepared on the server, with what is known of it.
struct prepared_statement : std::enable_shared_from_this<prepared_statement> {
  std::string sql;
  std::string name;
  std::vector<oid> parameters;  ///< as described, or as declared: 0 for what the server infers
  std::vector<column> columns;
  /// What values are written as, once `check_parameters` has found that: the parameters' types, or
  /// a domain's base. Empty for the parameters' own, when all are built in.
  std::vector<type_ref> targets;
  /// What the catalogs say of the parameters; empty, or one for each, null where it is built in.
  std::vector<std::shared_ptr<const type_info>> parameter_info;
  bool types_learnt = false;  ///< the catalogs have been asked of all types that are not built in
  bool described = false;     ///< the columns are known
  bool owned = false;         ///< by a `statement` of the caller's, and not by a cache
  std::uint64_t epoch = 0;    ///< of the session, when it was prepared; 0 before that
  column_choice choice;       ///< the last one, which is mostly the next
  std::vector<std::byte> bind_head;  ///< of a Bind to the unnamed portal, once written
  std::vector<const parameter_operations*> accepted;  ///< C++ types that have been found to fit

  std::size_t counted = 0;    ///< the cost when the cache took it
  std::uint64_t held_by = 0;  ///< the last pipeline that has kept it alive
  /// The group of a pipeline that its Parse was written in; 0 once the server has taken it.
  std::uint64_t parsed_in = 0;

  [[nodiscard]] type_ref parameter_type(std::size_t index) const noexcept {
    return {parameters[index], parameter_info.empty() ? nullptr : parameter_info[index].get()};
  }
  [[nodiscard]] type_ref target(std::size_t index) const noexcept {
    return targets.empty() ? type_ref(parameters[index]) : targets[index];
  }
  /// Its values are to be written as those of another statement.
  void take_parameters(const prepared_statement& from);

  /// Bytes that it takes.
  [[nodiscard]] std::size_t cost() const noexcept;
};

/// The statements that are kept prepared, the least recently used last; bounded in number and in
/// bytes.
class statement_cache {
 public:
  statement_cache(std::size_t entries, std::size_t bytes)
      : most_entries_(entries), most_bytes_(bytes) {}

  using pointer = std::shared_ptr<prepared_statement>;

  /// The statement with this text, now the most recently used; nullptr when there is none. The
  /// reference lives until the cache is next asked for anything.
  [[nodiscard]] const pointer& find(std::string_view sql);
  /// Keeps a statement, except that one larger than the bounds only lives until the next call.
  /// The names of those that must go are appended to `evicted`.
  void insert(pointer fresh, std::vector<std::string>& evicted);
  /// Forgets a statement; its name is appended to `evicted`.
  void remove(std::string_view sql, std::vector<std::string>& evicted);
  /// Forgets all, because the server has.
  void clear() noexcept;
  /// Forgets all; their names are appended to `evicted`.
  void clear(std::vector<std::string>& evicted);

  /// Whether it keeps anything at all.
  [[nodiscard]] bool keeps() const noexcept { return most_entries_ != 0; }
  [[nodiscard]] std::size_t size() const noexcept { return by_use_.size(); }

 private:
  void drop_last(std::vector<std::string>& evicted);

  std::list<pointer> by_use_;
  std::unordered_map<std::string_view, std::list<pointer>::iterator> by_text_;
  std::size_t most_entries_;
  std::size_t most_bytes_;
  std::size_t bytes_ = 0;
};

}  // namespace tusk::detail
