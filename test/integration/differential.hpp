#pragma once

#include <cmath>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "integration/server.hpp"
#include "support/catch.hpp"

namespace tusk::test {

/// What a type's own text must be: the server's.
inline std::string shown(bool value) {
  return value ? "t" : "f";
}
inline std::string shown(char value) {
  return value == 0 ? "" : std::string(1, value);
}
inline std::string shown(const std::string& value) {
  return value;
}
inline std::string shown(const json& value) {
  return value.text;
}
template <whole_number T>
std::string shown(T value) {
  return std::to_string(value);
}
template <class T>
  requires requires(const T& value) {
    { value.to_string() } -> std::same_as<std::string>;
  }
std::string shown(const T& value) {
  return value.to_string();
}

/// Equal, where a NaN equals itself.
template <class T>
bool same(const T& left, const T& right) {
  if constexpr (std::floating_point<T>) {
    if (std::isnan(left) || std::isnan(right)) return std::isnan(left) && std::isnan(right);
    return left == right && std::signbit(left) == std::signbit(right);
  } else {
    return left == right;
  }
}

/// One expression of one type against the server's own text of it: read in binary, read in text,
/// printed, and sent back as a parameter.
template <class T>
void compare_value(session& db, const std::string& type, const std::string& expression) {
  CAPTURE(type, expression.substr(0, 80));
  const std::string cast = "(" + expression + ")::" + type;
  const std::string text = server_text(db, cast);
  const auto binary = db.query<T>("select " + cast + " as c");
  const T value = binary.front();
  if constexpr (requires { shown(value); }) CHECK(shown(value) == text);
  CHECK(same(db.script("select " + cast).at(0).at(0)[0].template as<T>(), value));
  const auto untyped = db.query("select " + cast);
  CHECK(print(untyped.front()[0].raw()) == text);
  CHECK(db.scalar<std::string>("select " + cast) == text);
  const auto back = db.query({.formats = formats::text}, "select $1::" + type, value);
  CHECK(back.front()[0].template as<std::string>() == text);
  const auto from_text = db.query<T>("select $1::" + type, text);
  CHECK(same(from_text.front(), value));
}

/// The same for an array of all the expressions and a NULL.
template <class T>
void compare_array(session& db, const std::string& type,
                   const std::vector<std::string>& expressions) {
  CAPTURE(type);
  std::string array = "array[null";
  for (const std::string& each : expressions)
    array += ", (" + each + ")::" + type;
  array += "]::" + type + "[]";
  const std::string text = server_text(db, array);
  using elements = std::vector<std::optional<T>>;
  const auto value = db.scalar<elements>("select " + array);
  REQUIRE(value.size() == expressions.size() + 1);
  CHECK_FALSE(value[0].has_value());
  const auto from_script = db.script("select " + array).at(0).at(0)[0].template as<elements>();
  REQUIRE(from_script.size() == value.size());
  for (std::size_t i = 1; i < value.size(); ++i) {
    CAPTURE(i);
    REQUIRE(value[i].has_value());
    REQUIRE(from_script[i].has_value());
    CHECK(same(*value[i], *from_script[i]));
  }
  const auto back = db.query({.formats = formats::text}, "select $1::" + type + "[]", value);
  CHECK(back.front()[0].template as<std::string>() == text);
  CHECK(db.scalar<std::string>("select " + array) == text);
}

/// Everything that one type must do: each expression, NULL both ways, arrays, the empty array.
template <class T>
void compare(const std::string& type, const std::vector<std::string>& expressions) {
  session db = connect();
  for (const std::string& each : expressions)
    compare_value<T>(db, type, each);
  CAPTURE(type);
  CHECK_FALSE(db.scalar<std::optional<T>>("select null::" + type).has_value());
  CHECK(db.scalar<bool>("select $1::" + type + " is null", std::optional<T>()));
  CHECK(db.scalar<bool>("select $1::" + type + " is null", std::nullopt));
  compare_array<T>(db, type, expressions);
  CHECK(db.scalar<std::vector<T>>("select '{}'::" + type + "[]").empty());
  CHECK(db.scalar<std::string>("select $1::" + type + "[]", std::vector<T>()) == "{}");
  CHECK(db.scalar<bool>("select $1::" + type + "[] is null", std::optional<std::vector<T>>()));
}

}  // namespace tusk::test
