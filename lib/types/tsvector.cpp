#include "tusk/types/tsvector.hpp"

#include <algorithm>

#include "types/ascii.hpp"
#include "types/ts_text.hpp"
#include "types/value_wire.hpp"

namespace tusk {
namespace {

using lexeme = tsvector::lexeme;
using position = tsvector::position;

// A place on the wire: the weight in the upper two bits, the place in the others (WordEntryPos).
constexpr unsigned weight_shift = 14;
constexpr unsigned place_mask = 0x3FFF;

/// What is wrong with a lexeme's text, or nothing.
std::string_view complaint(std::string_view text) noexcept {
  if (text.empty()) return "a lexeme is empty";
  if (text.size() > tsvector::max_lexeme_size) return "a lexeme is longer than 2046 bytes";
  if (text.find('\0') != std::string_view::npos)
    return "a lexeme has a NUL in it, which no PostgreSQL text can hold";
  return {};
}

/// Sorts, and keeps each place once with its highest weight (uniquePos).
void normalize(std::vector<position>& places) {
  for (position& each : places)
    each.at = std::min(each.at, tsvector::max_position);
  std::sort(places.begin(), places.end());
  // The weight is the second thing sorted by, so the last of equals has the highest.
  const auto last = std::unique(places.rbegin(), places.rend(),
                                [](const auto& a, const auto& b) { return a.at == b.at; });
  places.erase(places.begin(), last.base());
  if (places.size() > tsvector::max_positions) places.resize(tsvector::max_positions);
}

/// Sorts, and keeps each lexeme once with the places of all (uniqueentry).
void normalize(std::vector<lexeme>& lexemes) {
  std::sort(lexemes.begin(), lexemes.end(),
            [](const lexeme& a, const lexeme& b) { return a.text < b.text; });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < lexemes.size(); ++i) {
    if (kept > 0 && lexemes[kept - 1].text == lexemes[i].text) {
      std::vector<position>& into = lexemes[kept - 1].positions;
      into.insert(into.end(), lexemes[i].positions.begin(), lexemes[i].positions.end());
    } else {
      if (kept != i) lexemes[kept] = std::move(lexemes[i]);
      ++kept;
    }
  }
  lexemes.resize(kept);
  for (lexeme& each : lexemes)
    normalize(each.positions);
}

std::optional<ts_weight> read_weight(detail::lexeme_reader& in) noexcept {
  switch (ascii::lower(in.peek())) {
    case '*':
    case 'a': return ts_weight::a;
    case 'b': return ts_weight::b;
    case 'c': return ts_weight::c;
    case 'd': return ts_weight::d;
    default: return std::nullopt;
  }
}

/// `3A,5`, what stands behind a lexeme's colon. The server takes a weight behind a D, and passes
/// over digits behind a weight.
bool read_places(detail::lexeme_reader& in, std::vector<position>& into) {
  do {
    const int place = in.number(tsvector::max_position);
    if (place < 1) return false;
    position next{static_cast<std::uint16_t>(place), ts_weight::d};
    while (const std::optional<ts_weight> weight = read_weight(in)) {
      if (next.weight != ts_weight::d) return false;
      next.weight = *weight;
      in.take(in.peek());
      in.number(0);
    }
    into.push_back(next);
  } while (in.take(','));
  return true;
}

/// All lexemes in the order and as often as they are written. Of a stored value's text it is the
/// server that says which lexemes there are.
bool read_lexemes(std::string_view text, bool is_stored, std::vector<lexeme>& into) {
  if (text.find('\0') != std::string_view::npos) return false;
  detail::lexeme_reader in(text, false, is_stored);
  for (in.skip_space(); !in.at_end(); in.skip_space()) {
    lexeme& next = into.emplace_back();
    if (!in.lexeme(next.text)) return false;
    if (!is_stored && next.text.size() > tsvector::max_lexeme_size) return false;
    if (!in.take(':')) continue;
    if (!read_places(in, next.positions)) return false;
    if (is_stored && next.positions.size() > tsvector::max_positions) return false;
    if (!in.at_end() && !in.at_space()) return false;
  }
  return true;
}

}  // namespace

tsvector::tsvector(std::vector<lexeme> lexemes) : lexemes_(std::move(lexemes)) {
  for (const lexeme& each : lexemes_) {
    const std::string_view wrong = complaint(each.text);
    if (!wrong.empty()) detail::fail_conversion(codec<tsvector>::name, wrong);
    for (const position& place : each.positions)
      if (place.at == 0)
        detail::fail_conversion(codec<tsvector>::name, "places are counted from 1, not from 0");
  }
  normalize(lexemes_);
}

std::optional<tsvector> tsvector::parse(std::string_view text) {
  tsvector result;
  if (!read_lexemes(text, false, result.lexemes_)) return std::nullopt;
  normalize(result.lexemes_);
  return result;
}

std::string tsvector::to_string() const {
  constexpr std::string_view letters = "DCBA";
  std::string text;
  for (const lexeme& each : lexemes_) {
    if (!text.empty()) text.push_back(' ');
    detail::append_lexeme(each.text, text);
    char delimiter = ':';
    for (const position& place : each.positions) {
      text.push_back(delimiter);
      text.append(std::to_string(place.at));
      if (place.weight != ts_weight::d)
        text.push_back(letters[static_cast<std::size_t>(place.weight)]);
      delimiter = ',';
    }
  }
  return text;
}

const tsvector::lexeme* tsvector::find(std::string_view text) const noexcept {
  for (const lexeme& each : lexemes_)
    if (each.text == text) return &each;
  return nullptr;
}

std::size_t tsvector::hash() const noexcept {
  std::size_t hash = lexemes_.size();
  for (const lexeme& each : lexemes_) {
    hash = hash * 31 + std::hash<std::string_view>{}(each.text);
    for (const position& place : each.positions)
      hash = hash * 31 + place.at * 4U + static_cast<unsigned>(place.weight);
  }
  return hash;
}

namespace detail {

/// The binary form of tsvectorsend: a count, and for each lexeme its text, a NUL, and its places.
template <>
struct value_wire<tsvector> {
  static constexpr std::string_view what = "a tsvector";

  static std::optional<tsvector> parse(std::string_view text) {
    tsvector result;
    if (!read_lexemes(text, true, result.lexemes_)) return std::nullopt;
    return result;
  }

  static std::string_view read(proto::reader& in, tsvector& into) {
    // The count is not believed: memory grows with what is there.
    const std::int32_t count = in.i32();
    if (count < 0) return "it announces fewer than no lexemes";
    for (std::int32_t i = 0; i < count && in.ok(); ++i) {
      lexeme& next = into.lexemes_.emplace_back();
      next.text = in.cstring();
      const std::uint16_t places = in.u16();
      if (places > tsvector::max_positions) return "a lexeme has more than 256 positions";
      for (std::uint16_t j = 0; j < places && in.ok(); ++j) {
        const unsigned both = in.u16();
        next.positions.push_back({static_cast<std::uint16_t>(both & place_mask),
                                  static_cast<ts_weight>(both >> weight_shift)});
      }
    }
    return {};
  }

  static void write(value_writer& to, const tsvector& value) {
    if (value.lexemes_.size() > INT32_MAX)
      to.fail(codec<tsvector>::name, "it has more than 2147483647 lexemes");
    proto::writer& out = to.out();
    out.i32(static_cast<std::int32_t>(value.lexemes_.size()));
    for (const lexeme& each : value.lexemes_) {
      out.text(each.text);
      out.u8(0);
      out.u16(static_cast<std::uint16_t>(each.positions.size()));
      for (const position& place : each.positions) {
        const unsigned weight = static_cast<unsigned>(place.weight) << weight_shift;
        out.u16(static_cast<std::uint16_t>(weight | place.at));
      }
    }
  }
};

template struct value_codec<tsvector, oids::tsvector, oids::tsvector_array>;

}  // namespace detail
}  // namespace tusk
