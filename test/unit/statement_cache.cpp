#include "session/statement_cache.hpp"

#include "support/catch.hpp"

using namespace tusk;
using detail::statement;
using detail::statement_cache;
using names = std::vector<std::string>;

namespace {

statement named(statement_cache& cache, std::string sql) {
  statement fresh;
  fresh.sql = std::move(sql);
  fresh.name = cache.next_name();
  return fresh;
}

constexpr std::size_t plenty = std::size_t{1} << 20;

}  // namespace

TEST_CASE("a kept statement is found by its text") {
  statement_cache cache(10, plenty);
  CHECK(cache.find("select 1") == nullptr);
  const statement& kept = cache.insert(named(cache, "select 1"));
  CHECK(cache.find("select 1") == &kept);
  CHECK(cache.find("select 2") == nullptr);
  CHECK(cache.evicted().empty());
}

TEST_CASE("the least recently used statement goes first, and is to be closed") {
  statement_cache cache(2, plenty);
  const std::string a = cache.insert(named(cache, "a")).name;
  const std::string b = cache.insert(named(cache, "b")).name;
  CHECK(a != b);
  REQUIRE(cache.find("a") != nullptr);  // now b is the oldest
  cache.insert(named(cache, "c"));
  CHECK(cache.size() == 2);
  CHECK(cache.find("b") == nullptr);
  CHECK(cache.find("a") != nullptr);
  CHECK(cache.find("c") != nullptr);
  CHECK(cache.evicted() == names{b});
}

TEST_CASE("statements go when their bytes are too many, but the newest stays for its call") {
  statement probe;
  probe.sql = std::string(1000, 'x');
  statement_cache cache(100, 3 * probe.cost());
  for (char each = 'a'; each <= 'e'; ++each)
    cache.insert(named(cache, std::string(1000, each)));
  CHECK(cache.size() == 3);
  CHECK(cache.evicted().size() == 2);
  const std::string huge(10'000, 'h');
  cache.insert(named(cache, huge));
  CHECK(cache.size() == 1);
  CHECK(cache.find(huge) != nullptr);
  cache.insert(named(cache, "small"));
  CHECK(cache.find(huge) == nullptr);
  CHECK(cache.find("small") != nullptr);
}

TEST_CASE("the descriptions of columns and parameters count as bytes") {
  statement plain;
  plain.sql = "select";
  statement wide = plain;
  wide.columns.resize(100);
  wide.parameters.resize(10);
  CHECK(wide.cost() > plain.cost() + 100 * sizeof(column));
}

TEST_CASE("a cache of no entries prepares the unnamed statement, which is never closed") {
  statement_cache cache(0, plenty);
  CHECK(cache.insert(named(cache, "a")).name.empty());
  CHECK(cache.insert(named(cache, "b")).name.empty());
  CHECK(cache.size() == 1);
  CHECK(cache.evicted().empty());
}

TEST_CASE("a removed statement is to be closed, and its text can come again") {
  statement_cache cache(10, plenty);
  const std::string first = cache.insert(named(cache, "a")).name;
  cache.remove("never seen");
  cache.remove("a");
  CHECK(cache.find("a") == nullptr);
  CHECK(cache.evicted() == names{first});
  const std::string second = cache.insert(named(cache, "a")).name;
  CHECK(first != second);
  REQUIRE(cache.find("a") != nullptr);
  CHECK(cache.find("a")->name == second);
}

TEST_CASE("statements that the server has forgotten are not closed, and names are not used again") {
  statement_cache cache(10, plenty);
  const std::string first = cache.insert(named(cache, "a")).name;
  cache.clear();
  CHECK(cache.size() == 0);
  CHECK(cache.find("a") == nullptr);
  CHECK(cache.evicted().empty());
  CHECK(cache.insert(named(cache, "a")).name != first);
}

TEST_CASE("the count of bytes comes down again as statements go") {
  statement probe;
  probe.sql = std::string(1000, 'x');
  statement_cache cache(100, 2 * probe.cost());
  for (int round = 0; round < 50; ++round) {
    cache.insert(named(cache, std::string(1000, 'a')));
    cache.remove(std::string(1000, 'a'));
  }
  cache.insert(named(cache, std::string(1000, 'b')));
  cache.insert(named(cache, std::string(1000, 'c')));
  CHECK(cache.size() == 2);
}
