#include "session/statement_cache.hpp"

#include "support/catch.hpp"

using namespace tusk;
using detail::prepared_statement;
using detail::statement_cache;
using names = std::vector<std::string>;

namespace {

/// A cache, with the names that are to be closed and the numbers of the names given.
struct kept {
  kept(std::size_t entries, std::size_t bytes) : cache(entries, bytes) {}

  std::string insert(std::string sql) {
    const auto fresh = std::make_shared<prepared_statement>();
    fresh->sql = std::move(sql);
    if (cache.keeps()) fresh->name = "s" + std::to_string(++numbers);
    cache.insert(fresh, evicted);
    return fresh->name;
  }
  void remove(std::string_view sql) { cache.remove(sql, evicted); }

  statement_cache cache;
  names evicted;
  int numbers = 0;
};

constexpr std::size_t plenty = std::size_t{1} << 20;

}  // namespace

TEST_CASE("a kept statement is found by its text") {
  kept cache(10, plenty);
  CHECK(cache.cache.find("select 1") == nullptr);
  const std::string name = cache.insert("select 1");
  REQUIRE(cache.cache.find("select 1") != nullptr);
  CHECK(cache.cache.find("select 1")->name == name);
  CHECK(cache.cache.find("select 2") == nullptr);
  CHECK(cache.evicted.empty());
}

TEST_CASE("the least recently used statement goes first, and is to be closed") {
  kept cache(2, plenty);
  const std::string a = cache.insert("a");
  const std::string b = cache.insert("b");
  CHECK(a != b);
  REQUIRE(cache.cache.find("a") != nullptr);  // now b is the oldest
  cache.insert("c");
  CHECK(cache.cache.size() == 2);
  CHECK(cache.cache.find("b") == nullptr);
  CHECK(cache.cache.find("a") != nullptr);
  CHECK(cache.cache.find("c") != nullptr);
  CHECK(cache.evicted == names{b});
}

TEST_CASE("statements go when their bytes are too many, but the newest stays for its call") {
  prepared_statement probe;
  probe.sql = std::string(1000, 'x');
  kept cache(100, 3 * probe.cost());
  for (char each = 'a'; each <= 'e'; ++each)
    cache.insert(std::string(1000, each));
  CHECK(cache.cache.size() == 3);
  CHECK(cache.evicted.size() == 2);
  const std::string huge(10'000, 'h');
  cache.insert(huge);
  CHECK(cache.cache.size() == 1);
  CHECK(cache.cache.find(huge) != nullptr);
  cache.insert("small");
  CHECK(cache.cache.find(huge) == nullptr);
  CHECK(cache.cache.find("small") != nullptr);
}

TEST_CASE("the descriptions of columns and parameters count as bytes") {
  prepared_statement plain;
  plain.sql = "select";
  prepared_statement wide = plain;
  wide.columns.resize(100);
  wide.parameters.resize(10);
  CHECK(wide.cost() > plain.cost() + 100 * sizeof(column));
}

TEST_CASE("a cache of no entries prepares the unnamed statement, which is never closed") {
  kept cache(0, plenty);
  CHECK(cache.insert("a").empty());
  CHECK(cache.insert("b").empty());
  CHECK(cache.cache.size() == 1);
  CHECK(cache.evicted.empty());
}

TEST_CASE("a removed statement is to be closed, and its text can come again") {
  kept cache(10, plenty);
  const std::string first = cache.insert("a");
  cache.remove("never seen");
  cache.remove("a");
  CHECK(cache.cache.find("a") == nullptr);
  CHECK(cache.evicted == names{first});
  const std::string second = cache.insert("a");
  CHECK(first != second);
  REQUIRE(cache.cache.find("a") != nullptr);
  CHECK(cache.cache.find("a")->name == second);
}

TEST_CASE("statements that the server has forgotten are not closed, and names are not used again") {
  kept cache(10, plenty);
  const std::string first = cache.insert("a");
  cache.cache.clear();
  CHECK(cache.cache.size() == 0);
  CHECK(cache.cache.find("a") == nullptr);
  CHECK(cache.evicted.empty());
  CHECK(cache.insert("a") != first);
}

TEST_CASE("the count of bytes comes down again as statements go") {
  prepared_statement probe;
  probe.sql = std::string(1000, 'x');
  kept cache(100, 2 * probe.cost());
  for (int round = 0; round < 50; ++round) {
    cache.insert(std::string(1000, 'a'));
    cache.remove(std::string(1000, 'a'));
  }
  cache.insert(std::string(1000, 'b'));
  cache.insert(std::string(1000, 'c'));
  CHECK(cache.cache.size() == 2);
}
