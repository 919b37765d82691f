#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "tusk/sql_value.hpp"

namespace tusk {

class sql;

namespace detail {

enum class sql_piece_kind : std::uint8_t {
  fragment,    ///< SQL as it stands
  identifier,  ///< a name without its quotes
  literal,     ///< a text without its quotes
  null,        ///< the keyword
  numeral,     ///< digits, with a minus in front or not
  value,       ///< a parameter
};

struct sql_piece {
  sql_piece_kind kind = sql_piece_kind::fragment;
  std::string text{};
  std::shared_ptr<const void> owned{};  ///< what `value` points to, unless that is a view
  parameter value{};
};

/// What the compiled part of tusk sees of an `sql`.
struct sql_access;

// Called, they end the compilation: their names are its message.
void the_text_of_an_sql_has_a_brace_that_is_no_field_so_write_it_twice();
void the_text_of_an_sql_must_have_one_field_for_each_of_the_parts_behind_it();
void the_text_of_an_sql_must_not_contain_a_nul();

/// How many fields `{}` the text has.
[[nodiscard]] constexpr std::size_t count_fields(std::string_view text) {
  std::size_t fields = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\0') the_text_of_an_sql_must_not_contain_a_nul();
    if (c != '{' && c != '}') continue;
    const char next = ++at < text.size() ? text[at] : '\0';
    if (next != '}' && next != c)
      the_text_of_an_sql_has_a_brace_that_is_no_field_so_write_it_twice();
    if (c == '}' && next != '}')
      the_text_of_an_sql_has_a_brace_that_is_no_field_so_write_it_twice();
    if (c == '{' && next == '}') ++fields;
  }
  return fields;
}

/// A text that stands in the program, checked when that is compiled.
template <std::size_t Fields>
class sql_text {
 public:
  template <std::size_t Size>
  consteval sql_text(const char (&text)[Size]) : text_(text, Size - 1) {  // NOLINT: converts
    check();
  }
  consteval sql_text(std::string_view text) : text_(text) { check(); }  // NOLINT: converts

  [[nodiscard]] constexpr std::string_view text() const noexcept { return text_; }

 private:
  consteval void check() const {
    if (count_fields(text_) != Fields)
      the_text_of_an_sql_must_have_one_field_for_each_of_the_parts_behind_it();
  }

  std::string_view text_;
};

}  // namespace detail

/// A statement, or a part of one, put together without concatenating strings:
///
///     tusk::sql q("select {} from {} where {} = {}", tusk::ident("name"),
///                 tusk::ident(schema, table), tusk::ident(column), tusk::bind(7));
///     if (newest) q.append(" order by {} desc", tusk::ident("created"));
///     for (const std::string& name : db.query<std::string>(q)) ...
///
/// Each `{}` of the text takes one of the parts behind it, which is an `sql` itself: `ident()`,
/// `bind()`, `literal()`, `numeral()`, `raw()`, `join()`, or one that was put together before. A
/// brace itself is written twice. The text can only be a constant of the program: what is known at
/// run time is a name, a value or a literal, and becomes SQL only by `raw()`. A text whose fields
/// do not match the parts does not compile.
///
/// The verbs take it in place of a text, without further values when it has some of its own; then
/// those are `$1`, `$2`, ... in their order, in all of it. Names and literals are quoted as the
/// session's client_encoding asks for. Before anything is sent the whole is read by the rules of
/// the server's lexer, and each part must be just one token there: `'{}'` or `-- {}`, where the
/// part would end up in quotes or in a comment, is a `programming_error`, and so is one that
/// touches a name or a quote, such as `t{}`.
///
/// Statements with names or literals in them are different statements to the session's cache; those
/// that differ in values only are one.
class sql {
 public:
  /// Empty: a part that adds nothing.
  sql() = default;
  /// The text, with the parts in its fields.
  template <class... Parts>
  explicit sql(detail::sql_text<sizeof...(Parts)> text, const Parts&... parts) {
    append(text, parts...);
  }

  /// Appends more text with its parts. The text is appended as it is: begin it with a blank.
  template <class... Parts>
  sql& append(detail::sql_text<sizeof...(Parts)> text, const Parts&... parts) {
    static_assert((std::is_same_v<Parts, sql> && ...),
                  "tusk: a part of an sql must say what it is: ident(name) for a name, bind(value) "
                  "for a value that is sent apart, literal(value) for one that becomes part of the "
                  "text, raw(text) for SQL that you vouch for; or another sql");
    const std::array<const sql*, sizeof...(Parts)> list{&parts...};
    append_parts(text.text(), list);
    return *this;
  }
  sql& operator+=(const sql& other);
  sql& operator+=(detail::sql_text<0> text) { return append(text); }
  [[nodiscard]] friend sql operator+(sql left, const sql& right) {
    return std::move(left += right);
  }

  [[nodiscard]] bool empty() const noexcept { return pieces_.empty(); }
  /// How many values it has: its parameters are `$1` to that.
  [[nodiscard]] std::size_t values() const noexcept;

  /// The text as a session sends it whose client_encoding is UTF8, for logs and tests. Throws
  /// `programming_error` as the verbs do. See also `executor::text_of`.
  [[nodiscard]] std::string text() const;

 private:
  friend struct detail::sql_access;

  void append_parts(std::string_view text, std::span<const sql* const> parts);

  std::vector<detail::sql_piece> pieces_;
};

namespace detail {

[[nodiscard]] sql make_identifier(std::span<const std::string_view> names);
[[nodiscard]] sql make_literal(const parameter& value);
[[nodiscard]] sql make_numeral(std::string digits);
[[nodiscard]] sql make_value(const parameter& value, std::shared_ptr<const void> owned);

}  // namespace detail

/// A name, or one with what it belongs to: `ident("s", "t")` is `"s"."t"`. Refused when it is run
/// as `quote_identifier` tells.
template <std::convertible_to<std::string_view>... Names>
  requires(sizeof...(Names) > 0)
[[nodiscard]] sql ident(const Names&... names) {
  const std::array<std::string_view, sizeof...(Names)> list{names...};
  return detail::make_identifier(list);
}

/// A value that is sent apart from the text, as a parameter. It is a copy: views (std::string_view,
/// const char*, std::span) are copied with what they view.
template <class T>
[[nodiscard]] sql bind(const T& value) {
  auto owned = std::make_shared<const detail::owned_t<T>>(detail::ownership<T>::own(value));
  const detail::parameter what = detail::make_parameter(*owned);
  return detail::make_value(what, std::move(owned));
}

/// The same without a copy: the value must live, unmoved, as long as this or any copy of it is run.
template <class T>
[[nodiscard]] sql bind_view(const T& value) {
  return detail::make_value(detail::make_parameter(value), nullptr);
}
template <class T>
sql bind_view(const T&& value) = delete;  // it would be gone before the call

/// A value as a constant in the text, for the statements that take no parameters: `create role`,
/// `alter system`, partition bounds. It is the value's text in quotes, without a type, and `NULL`
/// for what is NULL; where the type matters, write the cast behind it: `{}::date`. Throws what the
/// value's codec throws.
template <class T>
[[nodiscard]] sql literal(const T& value) {
  return detail::make_literal(detail::make_parameter(value));
}

/// A whole number without quotes, for where the grammar wants digits: `connection limit {}`,
/// `varchar({})`, `restart with {}`.
template <std::integral T>
  requires(!std::same_as<T, bool> && !std::same_as<T, char>)
[[nodiscard]] sql numeral(T value) {
  return detail::make_numeral(std::to_string(value));
}

/// SQL that is only known at run time. The one way by which a string becomes SQL: whoever calls it
/// answers for where the string comes from.
[[nodiscard]] sql raw(std::string_view text);

/// The parts, with the separator between: `join(" and ", conditions)`.
[[nodiscard]] sql join(detail::sql_text<0> separator, std::span<const sql> parts);
[[nodiscard]] inline sql join(detail::sql_text<0> separator, std::initializer_list<sql> parts) {
  return join(separator, std::span<const sql>(parts.begin(), parts.size()));
}
/// The same of what `make` makes of each element of a range:
/// `join(", ", names, [](const std::string& name) { return tusk::ident(name); })`.
template <class Range, class Make>
[[nodiscard]] sql join(detail::sql_text<0> separator, const Range& range, Make&& make) {
  std::vector<sql> parts;
  for (const auto& each : range)
    parts.push_back(make(each));
  return join(separator, parts);
}

}  // namespace tusk
