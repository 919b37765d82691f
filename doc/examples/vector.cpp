// The nearest neighbours of a point, by the extension pgvector and a codec of one's own. Give a
// connection string; without one the environment says where the server is. Ends with 77 where the
// server does not have the extension.
#include <iostream>
#include <string>

#include "vector_codec.hpp"

int main(int count, char** arguments) {
  try {
    tusk::session db{count > 1 ? arguments[1] : ""};
    const bool is_there = db.scalar<bool>(
        "select exists (select from pg_available_extensions where name = 'vector')");
    if (!is_there) {
      std::cout << "this server does not have pgvector\n";
      return 77;
    }
    db.execute("create extension if not exists vector");
    db.execute("create temp table item (name text, place vector(3))");

    const std::string insert = "insert into item values ($1, $2)";
    db.execute(insert, "near", pgvector::vector{{1, 2, 3}});
    db.execute(insert, "far", pgvector::vector{{-40, 0.5F, 7}});
    db.execute(insert, "nowhere", std::optional<pgvector::vector>());

    const pgvector::vector wanted{{1, 2, 2.5F}};
    const auto found = db.query<std::string, pgvector::vector>(
        "select name, place from item where place is not null order by place <-> $1", wanted);
    for (const auto& [name, place] : found)
      std::cout << name << ' ' << tusk::codec<pgvector::vector>::to_text(place) << '\n';
    return found.size() == 2 && found[0] == std::tuple("near", pgvector::vector{{1, 2, 3}}) ? 0 : 1;
  } catch (const tusk::error& failed) {
    std::cerr << failed.what() << '\n';
    return 1;
  }
}
