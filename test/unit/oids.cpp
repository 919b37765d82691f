#include "tusk/types/oids.hpp"

#include <string>

#include "support/catch.hpp"

namespace oids = tusk::oids;
using tusk::array_type;
using tusk::element_type;
using tusk::type_name;

TEST_CASE("Built-in types have the names that SQL gives them") {
  CHECK(type_name(oids::bool_) == "boolean");
  CHECK(type_name(oids::char_) == "\"char\"");
  CHECK(type_name(oids::int4) == "integer");
  CHECK(type_name(oids::int4_array) == "integer[]");
  CHECK(type_name(oids::timestamptz) == "timestamp with time zone");
  CHECK(type_name(oids::timestamptz_array) == "timestamp with time zone[]");
  CHECK(type_name(oids::int8multirange_array) == "int8multirange[]");
}

TEST_CASE("An OID that is no built-in type has no name, element or array") {
  // Before the first, between two, after the last, a user's, and the largest.
  for (const tusk::oid unknown : {0U, 15U, 115U, 6158U, 16384U, 0xFFFFFFFFU}) {
    CHECK(type_name(unknown).empty());
    CHECK(element_type(unknown) == 0);
    CHECK(array_type(unknown) == 0);
  }
}

TEST_CASE("Element and array types lead to each other, for every type") {
  int arrays = 0;
  for (tusk::oid type = 1; type < 10'000; ++type) {
    const tusk::oid array = array_type(type);
    if (array == 0) continue;
    ++arrays;
    CHECK(element_type(array) == type);
    CHECK(array_type(array) == 0);
    CHECK(std::string{type_name(array)} == std::string{type_name(type)} + "[]");
  }
  CHECK(arrays > 70);
}

TEST_CASE("The vector types have elements but are nobody's array type") {
  CHECK(element_type(oids::int2vector) == oids::int2);
  CHECK(element_type(oids::oidvector) == oids::oid);
  CHECK(array_type(oids::int2) == oids::int2_array);
  CHECK(array_type(oids::int2vector) == oids::int2vector_array);
}

TEST_CASE("Types that merely have parts, as point has, are no arrays") {
  CHECK(element_type(oids::point) == 0);
  CHECK(element_type(oids::name) == 0);
  CHECK(array_type(oids::void_) == 0);
}
