// The calls that faults are tried on. Each sends and receives the same bytes each time.

#include <cstdint>
#include <stdexcept>
#include <string>

#include "integration/fault_trials.hpp"

namespace tusk::test {

namespace {

void require(bool as_expected, const char* what) {
  if (!as_expected) throw std::runtime_error(what);
}

void nothing(session&) {}

constexpr const char* three_rows = "select i, repeat('x', i) from generate_series(1, $1) i";

void query(session& db, const call_options& options) {
  int rows = 0;
  for (auto [id, text] : db.query<int, std::string_view>(options, three_rows, 3)) {
    ++rows;
    require(id == rows && text.size() == static_cast<std::size_t>(rows), "the rows are others");
  }
  require(rows == 3, "there are not three rows");
}

void run_once(session& db) {
  query(db, {});
}

void make_table(session& db) {
  db.script("create temp table filled(id int, note text)");
}

void execute(session& db, const call_options& options) {
  const auto done = db.execute(options, "insert into filled values ($1, $2)", 7, "seven");
  require(done.rows() == 1, "not one row was inserted");
}

void script(session& db, const call_options& options) {
  const auto all = db.script(
      options, "select 1 as a; insert into filled values (1, 'x'); select id, note from filled");
  require(all.size() == 3 && all[2].size() == 1 && all[2][0][1].as<std::string>() == "x",
          "the script's results are others");
}

constexpr int many_rows = 3000;

void stream(session& db, const call_options& options) {
  std::int64_t sum = 0;
  for (auto [id, text] : db.stream<int, std::string_view>(
           options, "select i, repeat('y', 60) from generate_series(1, $1) i", many_rows)) {
    require(text.size() == 60, "a row is another");
    sum += id;
  }
  require(sum == std::int64_t{many_rows} * (many_rows + 1) / 2, "the rows are others");
}

void leave_stream(session& db, const call_options& options) {
  for (auto [id, text] : db.stream<int, std::string_view>(
           options, "select i, repeat('z', 60) from generate_series(1, $1) i", many_rows)) {
    require(id == 1, "the first row is another");
    break;
  }
}

void prepare(session& db, const call_options& options) {
  const statement find = db.prepare(options, three_rows);
  require(find.parameters().size() == 1 && find.columns().size() == 2,
          "the description is another");
}

void pipeline(session& db, const call_options& options) {
  tusk::pipeline all = db.pipeline(options);
  auto rows = all.query<int, std::string_view>(three_rows, 3);
  all.execute("insert into filled values ($1, $2)", 1, "one");
  all.sync();
  auto done = all.execute("insert into filled values ($1, $2)", 2, "two");
  auto note = all.query<std::string>("select note from filled where id = $1", 1);
  require(rows.get().size() == 3, "there are not three rows");
  require(done.get().rows() == 1, "not one row was inserted");
  require(note.get().front() == "one", "the row is another");
  all.finish();
}

void copy_in(session& db, const call_options& options) {
  tusk::copy_in in = db.copy_in(options, copy_into{.table = "filled"});
  for (int i = 0; i < 5; ++i)
    in.row(i, "copied");
  require(in.finish() == 5, "not five rows were copied in");
}

// Its data goes in several pieces.
void copy_much_in(session& db, const call_options& options) {
  tusk::copy_in in = db.copy_in(options, "copy filled from stdin (format csv)");
  std::string lines;
  for (int i = 0; i < many_rows; ++i)
    lines += std::to_string(i) + "," + std::string(60, 'c') + "\n";
  in.write(lines);
  require(in.finish() == many_rows, "not all rows were copied in");
}

void give_copy_up(session& db, const call_options& options) {
  tusk::copy_in in = db.copy_in(options, copy_into{.table = "filled"});
  in.row(1, "given up");
}

constexpr const char* many_copied = "select i, repeat('c', 60) from generate_series(1, 3000) i";

void copy_out(session& db, const call_options& options) {
  std::int64_t sum = 0;
  for (auto [id, text] :
       db.copy_rows<int, std::string_view>(options, copy_from{.query = many_copied})) {
    require(text.size() == 60, "a row is another");
    sum += id;
  }
  require(sum == std::int64_t{many_rows} * (many_rows + 1) / 2, "the rows are others");
}

void leave_copy_out(session& db, const call_options& options) {
  tusk::copy_out out =
      db.copy_out(options, copy_from{.query = many_copied, .format = copy_format::text});
  const auto part = out.next();
  require(part && part->size() > 60, "the data is another");
}

void fill_in_transaction(session& db) {
  make_table(db);
  db.script("begin; insert into filled values (1, 'x')");
}

void commit(session& db, const call_options& options) {
  db.execute(options, "commit");
}

}  // namespace

const std::vector<verb>& verbs() {
  static const session_options remembering_nothing{.statement_cache_entries = 0};
  static const std::vector<verb> all{
      {"query", nothing, query},
      {"prepared query", run_once, query},
      {"query without a cache", nothing, query, remembering_nothing},
      {"query, declared", nothing, query, {.mode = statement_mode::declared}},
      {"query, unnamed", nothing, query, {.mode = statement_mode::unnamed}},
      {"query, simple", nothing, query, {.mode = statement_mode::simple}},
      {"prepare", nothing, prepare},
      {"pipeline", make_table, pipeline, {}, false, true},
      {"execute", make_table, execute},
      {"script", make_table, script},
      {.name = "stream", .prepare = nothing, .run = stream, .goes_on = true},
      {"stream that is left early", nothing, leave_stream, {}, true},
      {"copy in", make_table, copy_in},
      {"copy in, simple", make_table, copy_in, {.mode = statement_mode::simple}},
      {"copy in of much", make_table, copy_much_in},
      {"copy in that is given up", make_table, give_copy_up, {}, true},
      {.name = "copy out", .prepare = nothing, .run = copy_out, .goes_on = true},
      {.name = "copy out, simple",
       .prepare = nothing,
       .run = copy_out,
       .options = {.mode = statement_mode::simple},
       .goes_on = true},
      {"copy out that is left early", nothing, leave_copy_out, {}, true},
      {"commit", fill_in_transaction, commit},
  };
  return all;
}

}  // namespace tusk::test
