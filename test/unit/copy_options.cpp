#include "session/copy_options.hpp"

#include <string>

#include "session/sql_constant.hpp"
#include "support/catch.hpp"

using namespace tusk;
using namespace tusk::detail;

namespace {

using enum copy_format;

/// All that was read, as one line: "in csv delimiter=; null=x quote=' escape=! header".
std::string shown(const std::optional<copy_options_read>& read) {
  if (!read) return "none";
  std::string all = read->direction == copy_direction::in ? "in " : "out ";
  all += name_of(read->format);
  const copy_style& style = read->style;
  if (style.delimiter != 0) all.append(" delimiter=").append(1, style.delimiter);
  if (style.null) all.append(" null=").append(*style.null);
  if (style.quote != 0) all.append(" quote=").append(1, style.quote);
  if (style.escape != 0) all.append(" escape=").append(1, style.escape);
  if (style.header) all += " header";
  if (read->matches_header) all += " match";
  if (read->encoding) all.append(" encoding=").append(*read->encoding);
  if (read->default_mark) all.append(" default=").append(*read->default_mark);
  return all;
}

std::string read(std::string_view sql, bool conforming = true) {
  return shown(read_copy_options(sql, conforming));
}

}  // namespace

TEST_CASE("a COPY says in its text where data goes and how it is laid out", "[copy]") {
  CHECK(read("copy t from stdin") == "in text");
  CHECK(read("COPY t TO STDOUT;") == "out text");
  CHECK(read("copy t (a, \"from\", b) from stdin binary") == "in binary");
  CHECK(read("copy binary \"s\".\"to\" to stdout") == "out binary");
  CHECK(read("copy (select a from b where c = ')' /* to stdout csv */) to stdout csv") ==
        "out csv");
  CHECK(read(" ;; /* x */ copy -- y\n t from stdin with (format binary)") == "in binary");
  // Either word stands for the client's end.
  CHECK(read("copy t from stdout") == "in text");
  CHECK(read("copy t to stdin") == "out text");
}

TEST_CASE("what is no COPY from or to the client is told apart", "[copy]") {
  for (const std::string_view sql :
       {"", "copy", "copy t", "copy t from", "copy t from '/tmp/stdin'", "copy t to 'stdout'",
        "copy t from program 'cat'", "select 1", "copies t from stdin", "copy t; from stdin",
        "copy (select 1 from stdin", "(copy t from stdin)", "insert into t select 'copy'",
        "copy /* t from stdin"}) {
    CAPTURE(std::string(sql));
    CHECK(read(sql) == "none");
  }
}

TEST_CASE("COPY's options are read in parentheses", "[copy]") {
  CHECK(read("copy t from stdin with (format csv, delimiter E'\\t', header true, null '')") ==
        "in csv delimiter=\t null= header");
  CHECK(read("copy t to stdout (format 'csv', quote '''', escape '\\', header)") ==
        "out csv quote=' escape=\\ header");
  CHECK(read("copy t to stdout (FORMAT Text, NULL 'x''y', DELIMITER $$|$$)") ==
        "out text delimiter=| null=x'y");
  CHECK(read("copy t from stdin (force_not_null (a, b), freeze, format binary)") == "in binary");
  CHECK(read("copy t to stdout (force_quote *, format csv, encoding 'UTF8')") ==
        "out csv encoding=UTF8");
  CHECK(read("copy t from stdin (default '\\D', header match)") ==
        "in text header match default=\\D");
  CHECK(read("copy t from stdin (\"format\" csv) where a > 1") == "in csv");
  CHECK(read("copy t from stdin (format csv, on_error ignore, reject_limit 3, log_verbosity "
             "verbose)") == "in csv");
  CHECK(read("copy t from stdin (null null)") == "in text null=null");
  CHECK(read("copy t from stdin ()") == "in text");
  for (const std::string_view word : {"true", "on", "1", "TRUE", "'On'", ""})
    CHECK(read("copy t from stdin (format csv, header " + std::string(word) + ")") ==
          "in csv header");
  for (const std::string_view word : {"false", "off", "0", "'FALSE'"})
    CHECK(read("copy t from stdin (format csv, header " + std::string(word) + ")") == "in csv");
}

TEST_CASE("COPY's options are read as words", "[copy]") {
  CHECK(read("copy t from stdin with csv header delimiter ';' null 'x' quote '\"' escape '!'") ==
        "in csv delimiter=; null=x quote=\" escape=! header");
  CHECK(read("copy t from stdin null as 'n' delimiter as '|' csv quote as '%' escape as '^'") ==
        "in csv delimiter=| null=n quote=% escape=^");
  CHECK(read("copy t to stdout with delimiter '|' force quote a, \"b\" csv") ==
        "out csv delimiter=|");
  CHECK(read("copy t to stdout csv force quote * header") == "out csv header");
  CHECK(read("copy t from stdin csv force not null a, b header force null c") == "in csv header");
  CHECK(read("copy t from stdin encoding 'latin1' freeze csv") == "in csv encoding=latin1");
  CHECK(read("copy t from stdin using delimiters '|' with null 'x'") ==
        "in text delimiter=| null=x");
  CHECK(read("copy t from stdin delimiters '|'") == "in text delimiter=|");
  CHECK(read("copy t from stdin csv where header = 'csv'") == "in csv");
}

TEST_CASE("constants in COPY's options are what they are to the server", "[copy]") {
  CHECK(read("copy t from stdin (null E'\\\\N', delimiter E'\\x2c')") ==
        "in text delimiter=, null=\\N");
  CHECK(read("copy t from stdin (null '\\N')") == "in text null=\\N");
  CHECK(read("copy t from stdin (null '\\\\N')", false) == "in text null=\\N");
  CHECK(read("copy t from stdin (delimiter '\\t')", false) == "in text delimiter=\t");
  CHECK(read("copy t from stdin (delimiter U&'\\0009')") == "in text delimiter=\t");
  CHECK(read("copy t from stdin (delimiter U&'!0009' uescape '!', format csv)") ==
        "in csv delimiter=\t");
  // What the server refuses is left open.
  CHECK(read("copy t from stdin (delimiter '\\t')") == "in text");
  CHECK(read("copy t from stdin (delimiter ',,', format xml)") == "in text");
}

TEST_CASE("a string constant's value is taken out of its quotes", "[sql]") {
  CHECK(constant_value("'a''b'", true) == "a'b");
  CHECK(constant_value("''", true).empty());
  CHECK(constant_value("''''", true) == "'");
  CHECK(constant_value("'a\\n'", true) == "a\\n");
  CHECK(constant_value("'a\\n'", false) == "a\n");
  CHECK(constant_value("n'a\\'", true) == "a\\");
  CHECK(constant_value("E'\\'\\\\\\b\\f\\n\\r\\t\\v\\q'", true) == "'\\\b\f\n\r\t\vq");
  CHECK(constant_value("e'\\101\\18\\x41\\x4g\\xg\\u00e9\\U0001F600'", true) ==
        "A\0018A\004gxgé😀");
  CHECK(constant_value("'a'\n  -- it's not '\n 'b'", true) == "ab");
  CHECK(constant_value("E'\\\\'\n'\\\\'", true) == "\\\\");
  CHECK(constant_value("U&'d\\0061t\\+000061\\\\'", true) == "data\\");
  CHECK(constant_value("u&'d!0061!!\\'", true, '!') == "da!\\");
  CHECK(constant_value("$$a'b\\$$", true) == "a'b\\");
  CHECK(constant_value("$x$a$$b$x$", true) == "a$$b");
}

TEST_CASE("a COPY says in its text what is copied", "[copy]") {
  const auto source = [](std::string_view sql) {
    const auto found = read_copy_options(sql, true);
    REQUIRE(found);
    return std::string(found->table) + "|" + std::string(found->columns) + "|" +
           std::string(found->query);
  };
  CHECK(source("copy t from stdin") == "t||");
  CHECK(source("copy binary s . \"A b\" (a, \"to\") to stdout") == "s . \"A b\"|a, \"to\"|");
  CHECK(source("copy \"from\"(\"(\") from stdin (format csv)") == "\"from\"|\"(\"|");
  CHECK(source("copy (select ')', f(1) from t where (a)) to stdout (format binary)") ==
        "||select ')', f(1) from t where (a)");
  CHECK(source(" ; copy /* t */ t /* (x) */ ( a -- b\n, c) to stdout") == "t| a -- b\n, c|");
}

TEST_CASE("every beginning of a COPY is read without harm", "[copy]") {
  const std::string whole =
      "copy s.\"t\" (a, b) from stdin with (format csv, null U&'x' uescape '!', delimiter "
      "$q$;$q$, quote E'\\x27', header match) where a > 1";
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const std::string prefix = whole.substr(0, size);
    const auto found = read_copy_options(prefix, true);
    CHECK(found.has_value() == (size >= whole.find("stdin") + 5));
  }
  CHECK(read(whole) == "in csv delimiter=; null=x quote=' header match");
}
