#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "integration/server.hpp"

namespace tusk::test {

// The types of the schema tusk_types, as C++ has them.

enum class mood : std::uint8_t { sad, ok, very_happy };

struct address {
  std::string street;
  std::optional<std::int64_t> zip;
  friend bool operator==(const address&, const address&) = default;
};

/// The same type, by position.
struct place {
  std::optional<std::string> first;
  std::optional<int> second;
  friend bool operator==(const place&, const place&) = default;
};

/// The same type, which has no city.
struct misfit {
  std::string street;
  std::optional<int> zip;
  std::string city;
};

/// Its members are in another order than the type's attributes.
struct person {
  std::optional<int> lucky;
  std::optional<mood> feels;
  std::string name;
  std::optional<address> home;
  std::optional<std::vector<std::optional<address>>> others;
  friend bool operator==(const person&, const person&) = default;
};

/// A table's row.
struct home {
  int id;
  address a;
  std::vector<std::optional<int>> zips;
  friend bool operator==(const home&, const home&) = default;
};

/// A table's row, too, which is altered more freely than a composite type's values.
struct spot {
  std::string street;
  std::int64_t zip;
  friend bool operator==(const spot&, const spot&) = default;
};

/// The schema with its types, as long as it lives.
class catalog_fixture {
 public:
  catalog_fixture() {
    db_.script(
        "set client_min_messages = warning;"
        "drop schema if exists tusk_types cascade;"
        "create schema tusk_types;"
        "create type tusk_types.mood as enum ('sad', 'ok', 'very happy');"
        "create type tusk_types.address as (street text, zip int);"
        "create table tusk_types.spot (street text, zip int);"
        "insert into tusk_types.spot values ('x', 7);"
        "create domain tusk_types.zip as int check (value > 0);"
        "create domain tusk_types.zips as int[];"
        "create domain tusk_types.good_mood as tusk_types.mood check (value > 'sad');"
        "create domain tusk_types.known_address as tusk_types.address;"
        "create type tusk_types.person as (name text, home tusk_types.address,"
        " others tusk_types.address[], feels tusk_types.mood, lucky tusk_types.zip);");
  }
  ~catalog_fixture() { drop(); }
  catalog_fixture(const catalog_fixture&) = delete;
  catalog_fixture& operator=(const catalog_fixture&) = delete;

  /// Another session, for what is changed behind a session's back.
  [[nodiscard]] session& other() const { return db_; }

 private:
  void drop() noexcept {
    try {
      db_.script("drop schema tusk_types cascade");
    } catch (const std::exception&) {
      // The next one drops it.
    }
  }

  mutable session db_ = connect();
};

}  // namespace tusk::test

template <>
struct tusk::enum_type<tusk::test::mood> {
  using mood = tusk::test::mood;
  static constexpr std::string_view name = "tusk_types.mood";
  static constexpr std::pair<mood, std::string_view> labels[] = {
      {mood::sad, "sad"}, {mood::ok, "ok"}, {mood::very_happy, "very happy"}};
};
template <>
struct tusk::composite_type<tusk::test::address> {
  static constexpr std::string_view name = "tusk_types.address";
};
template <>
struct tusk::composite_type<tusk::test::place> {
  static constexpr std::string_view name = "tusk_types.address";
  static constexpr bool by_position = true;
};
template <>
struct tusk::composite_type<tusk::test::misfit> {
  static constexpr std::string_view name = "tusk_types.address";
};
template <>
struct tusk::composite_type<tusk::test::person> {
  static constexpr std::string_view name = "person";
};
template <>
struct tusk::composite_type<tusk::test::spot> {
  static constexpr std::string_view name = "spot";
};
template <>
struct tusk::composite_type<tusk::test::home> {
  static constexpr std::string_view name = "home";
};
