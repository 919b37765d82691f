#include "tusk/formatter.hpp"

#if __has_include(<format>)

#include "support/catch.hpp"

using namespace tusk;

TEST_CASE("std::format takes tusk's values, under the rules of strings") {
  const uuid id = *uuid::parse("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11");
  CHECK(std::format("{}", id) == id.to_string());
  CHECK(std::format("<{:>40}>", id) == "<    " + id.to_string() + ">");
  CHECK(std::format("{:*^10}", numeric("1.50")) == "***1.50***");
  CHECK(std::format("{:.4}", date(8825)) == "2024");
  CHECK(std::format("{:{}}|", numeric(7), 3) == "7  |");
  CHECK(std::format("{} {} {}", interval(1, -2, 3), json{"[1]"}, *inet::parse("10.0.0.1/8")) ==
        "1 mon -2 days +00:00:00.000003 [1] 10.0.0.1/8");
}

TEST_CASE("std::format knows every value class with a text of its own, and no other") {
  STATIC_REQUIRE(detail::bounded_value_class<uuid>);
  STATIC_REQUIRE(detail::bounded_value_class<timestamptz>);
  STATIC_REQUIRE(detail::value_class<bit_string>);
  STATIC_REQUIRE(detail::value_class<pg_snapshot>);
  STATIC_REQUIRE_FALSE(detail::value_class<money>);  // it needs the count of fraction digits
  STATIC_REQUIRE_FALSE(detail::value_class<std::string>);
  STATIC_REQUIRE_FALSE(detail::value_class<int>);
}

#endif
