#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tusk/types/codec.hpp"

namespace tusk {

/// The value of the extension hstore: texts under keys, each of which stands once; a value may be
/// NULL. The entries are in the order in which the server keeps and prints them: shorter keys
/// first, and keys of one length by their bytes.
class hstore {
 public:
  using entry = std::pair<std::string, std::optional<std::string>>;

  hstore() = default;
  /// Of entries in any order; of those with the same key the first counts.
  hstore(std::initializer_list<entry> entries) : hstore(std::vector<entry>(entries)) {}
  explicit hstore(std::vector<entry> entries);

  /// Reads what hstore_in reads: `"a"=>"1", b => NULL`. nullopt for anything else.
  [[nodiscard]] static std::optional<hstore> parse(std::string_view text);
  /// As hstore_out prints it: `"a"=>"1", "b"=>NULL`.
  [[nodiscard]] std::string to_string() const;

  /// The value under a key, which may be NULL, a std::nullopt; nullptr when there is none. It lives
  /// until the hstore is changed.
  [[nodiscard]] const std::optional<std::string>* find(std::string_view key) const noexcept;
  [[nodiscard]] bool contains(std::string_view key) const noexcept { return find(key) != nullptr; }
  /// Adds or replaces the value under `key`.
  void set(std::string key, std::optional<std::string> value);
  /// False when there is none.
  bool erase(std::string_view key);

  [[nodiscard]] const std::vector<entry>& entries() const noexcept { return entries_; }
  [[nodiscard]] auto begin() const noexcept { return entries_.begin(); }
  [[nodiscard]] auto end() const noexcept { return entries_.end(); }
  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
  [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }
  [[nodiscard]] std::size_t hash() const noexcept;

  /// The same keys with the same values. There is no order: hstore's own, for indexes, means
  /// nothing.
  friend bool operator==(const hstore&, const hstore&) = default;

 private:
  std::vector<entry> entries_;
};

/// `hstore`, by its name, in whatever schema the extension is.
template <>
struct codec<hstore> {
  static constexpr std::string_view name = "tusk::hstore";
  static constexpr oid type = 0;

  static bool reads(type_ref from) noexcept {
    return from.kind() == type_kind::base && from.is("hstore");
  }
  static bool writes(type_ref to) noexcept { return reads(to); }
  static format read_format(type_ref) noexcept { return format::binary; }
  static hstore decode(const field& value);
  /// Text where the server was not asked. Throws `data_error` for a NUL, which no text can hold.
  static format encode(value_writer& to, const hstore& value);
};

}  // namespace tusk

template <>
struct std::hash<tusk::hstore> {
  std::size_t operator()(const tusk::hstore& value) const noexcept { return value.hash(); }
};
