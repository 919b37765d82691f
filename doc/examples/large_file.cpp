// Stores a file as a large object, as a whole or not at all, and reads it back: to the end of its
// bytes, from the middle, and as a stream of lines. Give a file and, behind it, a connection
// string; without one the environment says where the server is.
#include <iostream>
#include <string>
#include <tusk/large_object.hpp>
#include <tusk/large_object_stream.hpp>
#include <tusk/tusk.hpp>

namespace {

// The object and the row that knows its OID come about together, or neither does.
tusk::oid store(tusk::session& db, const std::string& path) {
  return db.transact([&](tusk::transaction& tx) {
    const tusk::oid id = tusk::large_object::import_from(tx, path);
    tx.execute("insert into document values ($1, $2)", path, id);
    return id;
  });
}

std::size_t count_lines(tusk::executor& in, tusk::oid id) {
  tusk::large_object_stream content(in, id);
  content.exceptions(std::ios::badbit);  // tusk's errors are thrown, not just noted
  std::size_t lines = 0;
  for (std::string line; std::getline(content, line);)
    ++lines;
  return lines;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) {
    std::cerr << "usage: large_file FILE [CONNECTION STRING]\n";
    return 2;
  }
  try {
    tusk::session db{count > 2 ? arguments[2] : ""};
    db.execute("create temp table document (name text, content oid)");
    const tusk::oid id = store(db, arguments[1]);

    tusk::transaction tx = db.begin();
    auto object = tusk::large_object::open(tx, id);
    const std::uint64_t size = object.size();
    object.seek(static_cast<std::int64_t>(size / 2));
    const std::uint64_t rest = object.write_to([](tusk::bytes_view) {});
    std::cout << "large object " << id << ": " << size << " bytes, " << count_lines(tx, id)
              << " lines, " << rest << " bytes in the second half\n";
    tusk::large_object::unlink(tx, id);
    tx.commit();
    return rest == size - size / 2 ? 0 : 1;
  } catch (const tusk::error& failed) {
    std::cerr << failed.report();
    return 1;
  }
}
