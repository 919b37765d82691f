#include "tusk/sqlstate.hpp"

#include <string>
#include <string_view>

#include "support/catch.hpp"

using tusk::name_of;
using tusk::sqlstate_code;
namespace sqlstate = tusk::sqlstate;

// A code is known at compile time, so that it can stand in a case label's comparison.
static_assert(sqlstate::unique_violation.text() == "23505");
static_assert(sqlstate::unique_violation.class_code() == "23");
static_assert(sqlstate::unique_violation == sqlstate_code{"23505"});
static_assert(sqlstate::unique_violation != sqlstate::foreign_key_violation);
static_assert(sqlstate_code{}.empty() && sqlstate_code{}.text().empty());

TEST_CASE("An SQLSTATE that is not five digits and capital letters is empty") {
  for (const std::string_view text :
       {"", "2350", "235050", "2350a", "23 05", "2350\xC9", "-3505", "23505\n"}) {
    INFO(text);
    CHECK(sqlstate_code{text}.empty());
    CHECK(sqlstate_code{text} == sqlstate_code{});
    CHECK(sqlstate_code{text}.class_code().empty());
  }
  CHECK(sqlstate_code{std::string_view{"2350\0", 5}}.empty());
}

TEST_CASE("An SQLSTATE may be one that PostgreSQL does not define") {
  const sqlstate_code own{"ZX9A0"};
  CHECK(own.text() == "ZX9A0");
  CHECK(name_of(own).empty());
  CHECK(name_of(sqlstate_code{}).empty());
}

TEST_CASE("SQLSTATEs are ordered as their text is") {
  CHECK(sqlstate_code{} < sqlstate_code{"00000"});
  CHECK(sqlstate_code{"23505"} < sqlstate_code{"23514"});
  CHECK(sqlstate_code{"25P02"} < sqlstate_code{"2BP01"});
}

TEST_CASE("Every SQLSTATE knows its condition name, first and last of the list too") {
  CHECK(name_of(sqlstate::successful_completion) == "successful_completion");
  CHECK(name_of(sqlstate::unique_violation) == "unique_violation");
  CHECK(name_of(sqlstate::serialization_failure) == "serialization_failure");
  CHECK(name_of(sqlstate_code{"40P01"}) == "deadlock_detected");
  CHECK(name_of(sqlstate_code{"57P01"}) == "admin_shutdown");
  CHECK(name_of(sqlstate::index_corrupted) == "index_corrupted");
}

TEST_CASE("Codes that share a condition name have constants of their own") {
  CHECK(sqlstate::string_data_right_truncation.text() == "22001");
  CHECK(sqlstate::warning_string_data_right_truncation.text() == "01004");
  CHECK(name_of(sqlstate::warning_string_data_right_truncation) == "string_data_right_truncation");
  CHECK(sqlstate::null_value_not_allowed.text() == "22004");
  CHECK(sqlstate::external_routine_exception_modifying_sql_data_not_permitted.text() == "38002");
  CHECK(sqlstate::sql_routine_exception_modifying_sql_data_not_permitted.text() == "2F002");
}
