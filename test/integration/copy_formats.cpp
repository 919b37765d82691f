// The server is the judge of COPY's formats: what it writes is read back as what it holds, and data
// made by hand is read as it reads it.
#include <random>

#include "integration/server.hpp"
#include "session/copy_options.hpp"
#include "support/catch.hpp"
#include "support/copy_rows.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

using rows = std::vector<copied_row>;

/// Texts that a format might trip over.
std::vector<std::string> nasty_texts() {
  std::vector<std::string> all{
      "",     " ",    "\\N",     "N",      "\\",   "\\\\",   "\\.",        ".",       "NULL",
      "null", "\"",   "\"\"",    "'",      "''",   ",",      ";",          "|",       "\t",
      "\n",   "\r",   "\r\n",    "\n\n",   "a\nb", "a\r\nb", "\\n",        "\\x41",   "\\101",
      "a\\",  "\\\n", "\"a\",b", "a\"b",   "a''b", "é€😀",   "\\é",        "\"\n\"",  "!",
      "!\"",  "\\\"", "a b",     "\v\f\b", "%",    "PGCOPY", "a,b;c|d\te", "\n\\.\n", "\"\\.\""};
  for (char c = 1; c < 32; ++c) {
    all.emplace_back(1, c);
    all.push_back(std::string("x") + c + "y");
  }
  all.emplace_back(100000, 'v');
  all.push_back(std::string(70000, '"') + std::string(70000, '\\'));
  return all;
}

std::vector<copy_style> styles(copy_format format) {
  if (format == copy_format::binary) return {{}};
  std::vector<copy_style> all(4);
  all[1].delimiter = '|';
  all[1].null = "NULL";
  all[2].delimiter = ';';
  all[2].null = "";
  all[3].null = "\\.";
  if (format == copy_format::text) return all;
  all[1].quote = '\'';
  all[2].escape = '\\';
  all[2].header = true;
  all.emplace_back().escape = '!';
  all.emplace_back().quote = '%';
  all.back().delimiter = '\t';
  all.back().header = true;
  return all;
}

std::string data_of(copy_out out) {
  std::string all;
  out.write_to([&all](bytes_view part) {
    all.append(reinterpret_cast<const char*>(part.data()), part.size());
  });
  return all;
}

rows held(session& db, std::string_view sql) {
  rows all;
  for (const row each : db.query(sql)) {
    copied_row& values = all.emplace_back();
    for (std::size_t i = 0; i < each.size(); ++i)
      values.push_back(each[i].as<copied_value>());
  }
  return all;
}

/// What the server makes of data; nothing when it refuses it.
std::optional<rows> loaded(session& db, copy_format format, const copy_style& style,
                           std::string_view data) {
  db.execute("truncate loaded");
  try {
    copy_in in = db.copy_in({.table = "loaded", .format = format, .style = style});
    in.write(data);
    in.finish();
  } catch (const data_error& e) {
    CHECK(e.sqlstate() == sqlstate::bad_copy_file_format);
    return std::nullopt;
  }
  return held(db, "select * from loaded");
}

/// Reads data whole and in pieces.
copied read(copy_format format, const copy_style& style, std::uint32_t columns,
            std::string_view data) {
  const copied whole = read_whole(format, style, columns, data);
  CHECK(whole.sound);
  for (const std::size_t step : {1U, 2U, 7U, 1000U})
    CHECK((read_cut(format, style, columns, data, every(step, data.size())) == whole));
  return whole;
}

void fill(session& db) {
  db.execute("create temp table held (id int, a text, b text)");
  db.execute("create temp table loaded (a text, b text)");
  const std::vector<std::string> texts = nasty_texts();
  int id = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    db.execute("insert into held values ($1, $2, $3)", id++, texts[i], texts[texts.size() - 1 - i]);
    db.execute("insert into held values ($1, $2, null), ($1 + 1, null, $2)", id, texts[i]);
    id += 2;
  }
  db.execute("insert into held values ($1, null, null)", id);
}

}  // namespace

TEST_CASE("what the server copies out is what it holds, in every format and style",
          "[session][copy]") {
  session db = connect();
  fill(db);
  const rows all = held(db, "select a, b from held order by id");
  for (const copy_format format : every_format) {
    for (const copy_style& style : styles(format)) {
      const std::string data = data_of(db.copy_out(
          {.query = "select a, b from held order by id", .format = format, .style = style}));
      const copied found = read(format, style, 2, data);
      CAPTURE(name_of(format), style.null.value_or("-"), style.delimiter, style.escape);
      CHECK(found.error == "");
      CHECK(found.at_end == (format == copy_format::binary));
      // In text a value that looks like NULL is NULL, to the server too.
      const bool is_plain = format != copy_format::text || !style.null;
      CHECK((!is_plain || found.rows == all));
      if (format == copy_format::text && style.null == "\\.") continue;  // it cannot read that
      const std::optional<rows> theirs = loaded(db, format, style, data);
      CHECK((theirs && found.rows == *theirs));
    }
  }
}

TEST_CASE("one column of anything comes back, with a NULL alone on its line", "[session][copy]") {
  session db = connect();
  fill(db);
  const rows all = held(db, "select a from held order by id");
  for (const copy_format format : every_format) {
    for (const copy_style& style : styles(format)) {
      if (format == copy_format::text && style.null) continue;
      const copied found =
          read(format, style, 1,
               data_of(db.copy_out(
                   {.query = "select a from held order by id", .format = format, .style = style})));
      CAPTURE(name_of(format), style.null.value_or("-"), style.delimiter, style.escape);
      CHECK(found.error == "");
      CHECK((found.rows == all));
    }
  }
}

TEST_CASE("rows without columns are counted in every format", "[session][copy]") {
  session db = connect();
  db.execute("create temp table nothing ()");
  for (int i = 0; i < 3; ++i)
    db.execute("insert into nothing default values");
  for (const copy_format format : every_format) {
    const copied found =
        read(format, {}, 0, data_of(db.copy_out({.table = "nothing", .format = format})));
    CHECK(found.error == "");
    CHECK(found.rows.size() == 3);
  }
}

TEST_CASE("a line of names in text is passed over", "[session][copy]") {
  session db = connect();
  if (major_version(db) < 15) return;  // COPY's text has none before
  copy_style style;
  style.header = true;
  const std::string data = data_of(db.copy_out({.query = R"(select 1 as "a	b", 'x' as "c\")",
                                                .format = copy_format::text,
                                                .style = style}));
  CHECK(read(copy_format::text, style, 2, data).rows == rows{{"1", "x"}});
}

TEST_CASE("the options read out of a COPY's text are those the server follows", "[session][copy]") {
  session db = connect();
  fill(db);
  const rows all = held(db, "select a, b from held order by id");
  for (const std::string_view options :
       {"", "binary", "with csv header delimiter ';' null 'x' quote '%' escape E'\\\\'",
        "csv delimiter as E'\\t' force quote a, b", "(format csv, delimiter U&'\\007c', header on)",
        "with (format 'csv', quote E'\\x27', null $$\\.$$)", "(format binary)",
        "(format text, delimiter E'\\001')", "with delimiter '!' null '\\N'"}) {
    const std::string sql =
        "copy (select a, b from held order by id) to stdout " + std::string(options);
    CAPTURE(sql);
    const auto said = detail::read_copy_options(sql, true);
    REQUIRE(said);
    CHECK(said->direction == detail::copy_direction::out);
    const copied found = read(said->format, said->style, 2, data_of(db.copy_out(sql)));
    CHECK(found.error == "");
    CHECK((found.rows == all));
  }
  db.execute("insert into loaded select a, b from held order by id");
  const std::string old = "copy loaded to stdout using delimiters '|' with null '\\N'";
  const auto said = detail::read_copy_options(old, true);
  REQUIRE(said);
  CHECK((read(said->format, said->style, 2, data_of(db.copy_out(old))).rows == all));
}

TEST_CASE("data made by hand is read as the server reads it, or refused as by it",
          "[session][copy]") {
  session db = connect();
  db.execute("create temp table loaded (a text, b text)");
  std::mt19937_64 random(90);
  int accepted = 0;
  for (int round = 0; round < 600; ++round) {
    const copy_format format = round % 2 == 0 ? copy_format::text : copy_format::csv;
    const std::vector<copy_style> all = styles(format);
    const copy_style style = all[random() % all.size()];
    // Escapes with the digit 4 give ASCII only. Where a dot is an end marker depends on the
    // version.
    constexpr std::string_view alphabet = "abN\\\\\\x4,;|\t\t\"\"''!%\r\n";
    std::string few;
    for (int i = 0; i < 5; ++i)
      few += alphabet[random() % alphabet.size()];
    const char delimiter = style.delimiter != 0         ? style.delimiter
                           : format == copy_format::csv ? ','
                                                        : '\t';
    std::string data;
    for (std::size_t lines = 1 + random() % 3; lines > 0; --lines) {
      for (std::size_t part = 0; part < 2; ++part) {
        if (part == 1) data += delimiter;
        for (std::size_t size = random() % 5; size > 0; --size)
          data += few[random() % few.size()];
      }
      data += random() % 6 == 0 ? "\r\n" : "\n";
    }
    CAPTURE(round, data, name_of(format), style.null.value_or("-"), delimiter, style.quote,
            style.escape);
    const std::optional<rows> theirs = loaded(db, format, style, data);
    const copied ours = read(format, style, 2, data);
    // The server takes a last line without its end, and a header whose quotes are open at the end.
    // Data that was cut short looks like that.
    const bool is_cut = ours.error.find("the data ends in the middle") != std::string::npos ||
                        ours.error.starts_with("COPY data: the data ends");
    if (!is_cut) CHECK(theirs.has_value() == ours.error.empty());
    if (theirs && ours.error.empty()) {
      CHECK((ours.rows == *theirs));
      ++accepted;
    }
  }
  // Else this would compare refusals only.
  CHECK(accepted > 100);
}

TEST_CASE("ends of lines and of the data are the server's", "[session][copy]") {
  session db = connect();
  db.execute("create temp table loaded (a text)");
  for (const copy_format format : {copy_format::text, copy_format::csv}) {
    for (const std::string_view data : {"a\rb\r", "\r", "\r\r", "a\r\nb\r\n", "\r\n", "a\r\nb\r",
                                        "a\rb\n", "a\nb\r\n", "a\r\nb\n", "", "\n", "a\\\nb\n",
                                        "a\\\rb\r", "a\\\r\nb\n", "\"a\nb\"\n", "\"a\r\nb\"\r\n"}) {
      CAPTURE(std::string(data), name_of(format));
      const std::optional<rows> theirs = loaded(db, format, {}, data);
      const copied ours = read(format, {}, 1, data);
      CHECK(theirs.has_value() == ours.error.empty());
      if (theirs && ours.error.empty()) CHECK((ours.rows == *theirs));
    }
  }
  for (const std::string_view data :
       {"a\n\\.\n", "a\n\\.\nrest\n", "a\r\n\\.\r\n", "\\.\r\n", "a\n\\.\r\n", "a\n\\.x\n"}) {
    CAPTURE(std::string(data));
    const std::optional<rows> theirs = loaded(db, copy_format::text, {}, data);
    const copied ours = read(copy_format::text, {}, 1, data);
    CHECK(theirs.has_value() == ours.error.empty());
    if (theirs && ours.error.empty()) CHECK((ours.rows == *theirs));
    if (major_version(db) < 18) continue;  // they took it for the end in CSV, too
    const std::optional<rows> csv = loaded(db, copy_format::csv, {}, data);
    CHECK((csv ? read(copy_format::csv, {}, 1, data).rows == *csv
               : !read(copy_format::csv, {}, 1, data).error.empty()));
  }
}
