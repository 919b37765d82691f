#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tusk/types/tsvector.hpp"

namespace tusk {

/// What a text search looks for: lexemes joined by operators, or nothing at all.
///
///     const auto wanted = tusk::tsquery::term("fat") & (tusk::tsquery::term("cat") |
///                                                       tusk::tsquery::term("rat"));
///     db.query<int>("select id from docs where words @@ $1", wanted);
///
/// The tree lies flat, in the order of the wire: each operator before its operands, the right one
/// before the left. Everything that walks it does so without recursion, so no depth is too great.
///
/// Equal when the trees are: `a & (b & c)` is not `a & b & c`, to the server neither. The server's
/// text leaves those parentheses out, so that text reads back as `(a & b) & c`; only the binary
/// form keeps them. There is no ordering: the server's own goes by sizes in memory.
class tsquery {
 public:
  /// The largest distance that the server reads in text.
  static constexpr std::int16_t max_distance = 16384;

  enum class kind : std::uint8_t {
    lexeme,
    logical_not,
    logical_and,
    logical_or,
    phrase,  ///< the right operand follows the left one at a distance
  };

  struct node {
    kind what = kind::lexeme;
    bool is_prefix = false;     ///< lexeme: any that begins with it will do
    std::uint8_t weights = 0;   ///< lexeme: bit 1 << ts_weight for each that will do; 0 for any
    std::int16_t distance = 0;  ///< phrase: 1 when they are next to each other
    /// Operator: how many nodes behind it its left or only operand is; the right one is the next.
    std::uint32_t left = 0;
    std::string text;  ///< lexeme: in the client encoding

    friend bool operator==(const node&, const node&) = default;
  };

  /// A query of nothing, which finds nothing.
  tsquery() noexcept = default;
  /// One lexeme, taken as it is: nothing stems it or looks it up. Throws `data_error` when it is
  /// empty, has a NUL in it, or is longer than `tsvector::max_lexeme_size` bytes.
  [[nodiscard]] static tsquery term(std::string_view lexeme,
                                    std::initializer_list<ts_weight> weights = {},
                                    bool is_prefix = false);

  /// Operators. A query of nothing joined with another is that other one, as with the server's &&.
  [[nodiscard]] friend tsquery operator&(const tsquery& left, const tsquery& right) {
    return join({kind::logical_and, false, 0, 0, 0, {}}, left, right);
  }
  [[nodiscard]] friend tsquery operator|(const tsquery& left, const tsquery& right) {
    return join({kind::logical_or, false, 0, 0, 0, {}}, left, right);
  }
  [[nodiscard]] friend tsquery operator!(const tsquery& operand) { return negate(operand); }
  /// `left <distance> right`. Throws `data_error` unless distance is within 0 and `max_distance`.
  [[nodiscard]] static tsquery phrase(const tsquery& left, const tsquery& right, int distance = 1);

  /// Reads what the server's input function takes (tsqueryin): lexemes bare or in single quotes
  /// with
  /// `:` and weights and `*` behind them, `!`, `&`, `|`, `<->`, `<3>`, parentheses.
  [[nodiscard]] static std::optional<tsquery> parse(std::string_view text);
  /// The server's own text, with its parentheses and spaces.
  [[nodiscard]] std::string to_string() const;

  [[nodiscard]] bool is_empty() const noexcept { return nodes_.empty(); }
  /// The tree; its root is the first.
  [[nodiscard]] const std::vector<node>& nodes() const noexcept { return nodes_; }

  [[nodiscard]] std::size_t hash() const noexcept;
  friend bool operator==(const tsquery&, const tsquery&) = default;

 private:
  friend detail::value_wire<tsquery>;

  static tsquery join(node joint, const tsquery& left, const tsquery& right);
  static tsquery negate(const tsquery& operand);
  /// Sets every `left`. False when the nodes are not one tree.
  bool link();

  std::vector<node> nodes_;
};

template <>
struct codec<tsquery> : detail::value_codec<tsquery, oids::tsquery, oids::tsquery_array> {
  static constexpr std::string_view name = "tusk::tsquery";
};

}  // namespace tusk

template <>
struct std::hash<tusk::tsquery> {
  std::size_t operator()(const tusk::tsquery& value) const noexcept { return value.hash(); }
};
