#include "auth/nfkc.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "auth/saslprep_tables.hpp"

namespace tusk::auth {
namespace {

// Hangul syllables compose from leading consonant (l), vowel (v) and trailing consonant (t) by
// arithmetic (The Unicode Standard, section 3.12).
constexpr char32_t s_base = 0xAC00;
constexpr char32_t l_base = 0x1100;
constexpr char32_t v_base = 0x1161;
constexpr char32_t t_base = 0x11A7;  // one before the first trailing consonant: none
constexpr char32_t l_count = 19;
constexpr char32_t v_count = 21;
constexpr char32_t t_count = 28;
constexpr char32_t s_count = l_count * v_count * t_count;

bool in_block(char32_t code, char32_t base, char32_t count) {
  return code >= base && code - base < count;
}

std::uint8_t combining_class(char32_t code) {
  const auto found =
      std::lower_bound(combining_classes.begin(), combining_classes.end(), code,
                       [](const class_range& range, char32_t key) { return range.last < key; });
  return found != combining_classes.end() && found->first <= code ? found->combining_class
                                                                  : std::uint8_t{0};
}

void decompose(char32_t code, secret_vector<char32_t>& to) {
  if (in_block(code, s_base, s_count)) {
    const char32_t index = code - s_base;
    to.push_back(l_base + index / (v_count * t_count));
    to.push_back(v_base + index / t_count % v_count);
    if (index % t_count != 0) to.push_back(t_base + index % t_count);
    return;
  }
  const auto run =
      std::lower_bound(decompositions.begin(), decompositions.end(), code,
                       [](const decomposition_run& row, char32_t key) { return row.last < key; });
  if (run == decompositions.end() || run->first > code) {
    to.push_back(code);
    return;
  }
  const std::size_t place = run->offset + std::size_t{code - run->first} * run->length;
  const auto parts = decomposition_pool.subspan(place, run->length);
  to.insert(to.end(), parts.begin(), parts.end());
}

// Sorts each run of combining marks by class, keeping the order of equal ones.
void put_in_canonical_order(secret_vector<char32_t>& text) {
  const auto is_starter = [](char32_t code) { return combining_class(code) == 0; };
  for (auto at = text.begin(); at != text.end();) {
    const auto first = std::find_if_not(at, text.end(), is_starter);
    const auto last = std::find_if(first, text.end(), is_starter);
    // An insertion sort, for std::stable_sort would copy secrets into a buffer that nobody wipes.
    for (auto next = first; next != last; ++next) {
      const auto place = std::upper_bound(first, next, *next, [](char32_t a, char32_t b) {
        return combining_class(a) < combining_class(b);
      });
      std::rotate(place, next, next + 1);
    }
    at = last;
  }
}

/// What two code points compose to, or 0.
char32_t compose(char32_t first, char32_t second) {
  if (in_block(first, l_base, l_count) && in_block(second, v_base, v_count)) {
    return s_base + ((first - l_base) * v_count + (second - v_base)) * t_count;
  }
  if (in_block(first, s_base, s_count) && (first - s_base) % t_count == 0 &&
      in_block(second, t_base + 1, t_count - 1)) {
    return first + (second - t_base);
  }
  const auto key = std::pair{first, second};
  const auto found =
      std::lower_bound(compositions.begin(), compositions.end(), key,
                       [](const composition& row, const auto& wanted) {
                         return std::pair<char32_t, char32_t>{row.first, row.second} < wanted;
                       });
  if (found == compositions.end() || found->first != first || found->second != second) return 0;
  return found->composite;
}

// A mark composes with the last starter unless a mark of the same or a higher class, or another
// starter, stands between them.
void compose_all(secret_vector<char32_t>& text) {
  std::size_t size = 0;
  std::size_t starter = 0;
  int last_class = -1;  // of what was kept after the starter; -1: nothing was
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char32_t code = text[at];
    const int own_class = combining_class(code);
    if (size > 0 && last_class < own_class) {
      if (const char32_t composite = compose(text[starter], code)) {
        text[starter] = composite;
        continue;
      }
    }
    if (own_class == 0) starter = size;
    last_class = own_class == 0 ? -1 : own_class;
    text[size++] = code;
  }
  text.resize(size);
}

}  // namespace

secret_vector<char32_t> nfkc(const secret_vector<char32_t>& text) {
  secret_vector<char32_t> result;
  result.reserve(text.size() * 2);
  for (const char32_t code : text)
    decompose(code, result);
  put_in_canonical_order(result);
  compose_all(result);
  return result;
}

}  // namespace tusk::auth
