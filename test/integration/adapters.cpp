#include <bit>
#include <boost/json/src.hpp>
#include <cmath>
#include <random>

#include "integration/server.hpp"
#include "support/catch.hpp"
#include "tusk/adapt/boost_json.hpp"
#include "tusk/adapt/boost_multiprecision.hpp"
#include "tusk/tusk.hpp"

using namespace tusk;
using namespace tusk::test;

namespace mp = boost::multiprecision;

TEST_CASE("numbers of Boost.Multiprecision mean to the server what they mean here") {
  session db = connect();
  mp::cpp_int factorial = 1;
  for (int i = 2; i <= 100; ++i)
    factorial *= i;
  CHECK(db.scalar<mp::cpp_int>("select factorial(100)") == factorial);
  CHECK(db.scalar<bool>("select $1 = factorial(100)", factorial));
  CHECK(db.scalar<std::string>("select $1::numeric::text", mp::cpp_int(-factorial)) ==
        mp::cpp_int(-factorial).str());
  CHECK(db.scalar<mp::cpp_int>("select $1::bigint", mp::cpp_int(-1)) == -1);
  using decimal = mp::cpp_dec_float_50;
  const decimal third = decimal(1) / 3;
  CHECK(db.scalar<decimal>("select $1::numeric", third) == third);
  CHECK(db.scalar<decimal>("select 1.10::numeric") == decimal("1.1"));
  CHECK(db.scalar<bool>("select $1::numeric = 1.1", decimal("1.1")));
  const auto list = db.scalar<std::vector<decimal>>("select array[0.1, 1e40, -2.50]");
  CHECK(list == std::vector<decimal>{decimal("0.1"), decimal("1e40"), decimal("-2.5")});
  CHECK_THROWS_AS(db.scalar<decimal>("select repeat('7', 200)::numeric"), data_error);
  CHECK_THROWS_AS(db.scalar<mp::cpp_int>("select 1.5"), data_error);
  CHECK(db.scalar<int>("select 1") == 1);
}

TEST_CASE("values of Boost.JSON go to json and jsonb and come back, also with random numbers") {
  session db = connect();
  const boost::json::value sent =
      boost::json::parse(R"({"b": [1, -2, 18446744073709551615], "a": "\u00e9\"\\"})");
  for (const char* type : {"json", "jsonb"})
    CHECK(db.scalar<boost::json::value>("select $1::" + std::string(type), sent) == sent);
  CHECK(db.scalar<std::string>("select $1::jsonb ->> 'a'", sent) == "\u00e9\"\\");
  std::mt19937_64 random(20240229);
  boost::json::array numbers;
  while (numbers.size() < 2000) {
    const double each = std::bit_cast<double>(random());
    if (std::isfinite(each)) numbers.emplace_back(each);
  }
  const boost::json::value all(numbers);
  CHECK(db.scalar<boost::json::value>("select $1::json", all) == all);
  const auto stored = db.scalar<boost::json::value>("select $1::jsonb", all);
  // jsonb writes whole numbers without an exponent, and those that fit are read as integers.
  for (std::size_t i = 0; i < numbers.size(); ++i)
    CHECK(stored.at(i).to_number<double>() == numbers[i].as_double());
}
