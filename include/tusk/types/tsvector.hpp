#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tusk/types/value_codec.hpp"

namespace tusk {

/// How much a place in a document counts, from the least to the most; D is the default.
enum class ts_weight : std::uint8_t { d, c, b, a };

/// A document prepared for text search: distinct lexemes, each with the places where it stands.
///
/// Lexemes are in the order of their bytes, as the server keeps them; a value that came from a
/// server keeps that server's order, which is another one where the database's encoding orders
/// characters otherwise than the client's. Equal when lexemes, places and their order are. There is
/// no ordering: the server's own goes by sizes in memory.
class tsvector {
 public:
  /// Bytes of a lexeme, places of a lexeme, and the last place there is (MAXSTRLEN, MAXNUMPOS,
  /// MAXENTRYPOS).
  static constexpr std::size_t max_lexeme_size = 2046;
  static constexpr std::size_t max_positions = 256;
  static constexpr std::uint16_t max_position = 16383;

  /// A word's place in the document.
  struct position {
    std::uint16_t at = 1;  ///< 1 to `max_position`
    ts_weight weight = ts_weight::d;

    friend constexpr bool operator==(const position&, const position&) noexcept = default;
    friend constexpr auto operator<=>(const position&, const position&) noexcept = default;
  };

  struct lexeme {
    std::string text;                 ///< in the client encoding
    std::vector<position> positions;  ///< ascending; none when they were not kept

    friend bool operator==(const lexeme&, const lexeme&) = default;
  };

  /// No lexemes.
  tsvector() noexcept = default;
  /// Sorts the lexemes and their places and merges those that are alike, as the server does when it
  /// reads a text (tsvectorin): a place keeps its highest weight, places beyond `max_position`
  /// count as that one, and those beyond the first `max_positions` are dropped. Throws `data_error`
  /// for a lexeme that is empty, too long or has a NUL in it, and for place 0.
  explicit tsvector(std::vector<lexeme> lexemes);

  /// Reads what the server's input function takes: lexemes apart by white space, bare or in single
  /// quotes, with places behind them: `cat:3A,5 'fat rat':7`. nullopt for anything else, for places
  /// 0 and lexemes that are too long.
  [[nodiscard]] static std::optional<tsvector> parse(std::string_view text);
  /// The server's own text: every lexeme in quotes.
  [[nodiscard]] std::string to_string() const;

  [[nodiscard]] const std::vector<lexeme>& lexemes() const noexcept { return lexemes_; }
  /// The lexeme with this text, or nullptr. Lives as long as this value and its contents.
  [[nodiscard]] const lexeme* find(std::string_view text) const noexcept;

  [[nodiscard]] std::size_t hash() const noexcept;
  friend bool operator==(const tsvector&, const tsvector&) = default;

 private:
  friend detail::value_wire<tsvector>;

  std::vector<lexeme> lexemes_;
};

template <>
struct codec<tsvector> : detail::value_codec<tsvector, oids::tsvector, oids::tsvector_array> {
  static constexpr std::string_view name = "tusk::tsvector";
};

}  // namespace tusk

template <>
struct std::hash<tusk::tsvector> {
  std::size_t operator()(const tusk::tsvector& value) const noexcept { return value.hash(); }
};
