#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "tusk/types/type_ref.hpp"

namespace tusk::detail {

/// One row of what the catalogs say about a type.
struct catalog_row {
  oid number;
  std::string schema;
  std::string name;
  std::string sql_name;
  char kind;  ///< typtype; 'a' for a true array
  char delimiter;
  oid part;
  std::vector<std::string> attributes;
  std::vector<oid> attribute_types;
  std::vector<std::string> labels;
};

/// What a session has learnt of the types that are not built in.
class type_registry {
 public:
  using pointer = std::shared_ptr<const type_info>;

  /// Null for a type that was not looked up.
  [[nodiscard]] pointer find(oid type) const;
  /// Takes in rows about types and the types that they are made of; what they refer to and neither
  /// they nor the registry have stays unknown.
  void add(const std::vector<catalog_row>& rows);
  /// Remembers that there is no such type.
  void add_unknown(oid type);
  /// What was not there may be by now: it is there for the server as soon as it is made, for
  /// queries only when their snapshot has it.
  void forget_unknown();
  /// Forgets a type and those that it is made of.
  void forget(oid type);
  void clear();
  /// Whether a codec has met a value that does not fit what is known.
  [[nodiscard]] bool is_outdated() const noexcept {
    return outdated_->load(std::memory_order_relaxed);
  }

 private:
  std::unordered_map<oid, pointer> known_;
  std::shared_ptr<std::atomic<bool>> outdated_ = std::make_shared<std::atomic<bool>>(false);
};

/// Whether the type is one that only the catalogs know.
[[nodiscard]] inline bool is_of_the_catalogs(oid type) noexcept {
  return type != 0 && type_name(type).empty();
}

/// The statement that asks for `catalog_row`s of these types.
[[nodiscard]] std::string catalog_query(const std::vector<oid>& types);

/// The types that these rows refer to and that only the catalogs know.
[[nodiscard]] std::vector<oid> referred_types(const catalog_row& row);

}  // namespace tusk::detail
