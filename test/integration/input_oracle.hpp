#pragma once

#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "integration/server.hpp"
#include "support/catch.hpp"

namespace tusk::test {

/// What the server's input function makes of each text, printed again; nullopt where it refuses.
inline std::vector<std::optional<std::string>> read_by_server(
    session& db, const std::string& type, const std::vector<std::string>& texts) {
  db.execute("set client_min_messages = warning");
  db.execute(
      "create function pg_temp.read_text(t text) returns text language plpgsql as "
      "$$ begin return format('%s', t::" +
      type + "); exception when others then return null; end $$");
  auto read = db.scalar<std::vector<std::optional<std::string>>>(
      "select array_agg(pg_temp.read_text(t) order by n) "
      "from unnest($1::text[]) with ordinality as u(t, n)",
      texts);
  db.execute("drop function pg_temp.read_text(text)");
  return read;
}

/// `count` texts made of `seeds`, each with a few pieces put in, taken out or doubled.
inline std::vector<std::string> mangle(const std::vector<std::string>& seeds,
                                       const std::vector<std::string>& pieces, int count) {
  std::mt19937_64 source(20000301);
  std::vector<std::string> texts = seeds;
  for (int i = 0; i < count; ++i) {
    std::string text = seeds[source() % seeds.size()];
    for (std::uint64_t changes = source() % 4; changes > 0; --changes) {
      const std::size_t at = source() % (text.size() + 1);
      const std::string& piece = pieces[source() % pieces.size()];
      switch (source() % 3) {
        case 0: text.insert(at, piece); break;
        case 1: text.erase(at, 1); break;
        default: text.insert(at, text.substr(at, source() % 4)); break;
      }
    }
    texts.push_back(std::move(text));
  }
  return texts;
}

/// T reads what the server reads, as the value that the server reads, and refuses what it refuses.
template <class T>
void compare_input(const std::string& type, const std::vector<std::string>& seeds,
                   const std::vector<std::string>& pieces) {
  session db = connect();
  const std::vector<std::string> texts = mangle(seeds, pieces, 3000);
  const auto expected = read_by_server(db, type, texts);
  REQUIRE(expected.size() == texts.size());
  std::size_t taken = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    CAPTURE(type, texts[i]);
    const std::optional<T> own = T::parse(texts[i]);
    if (own.has_value() != expected[i].has_value())
      CHECK(own.has_value() == expected[i].has_value());
    if (own && expected[i] && own->to_string() != *expected[i])
      CHECK(own->to_string() == *expected[i]);
    if (expected[i]) ++taken;
  }
  // Both sides of the comparison were seen.
  CHECK(taken >= seeds.size());
  CHECK(taken < texts.size());
}

}  // namespace tusk::test
