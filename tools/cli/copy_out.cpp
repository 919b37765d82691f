#include "copy_out.hpp"

#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

#include "cancel_on_signal.hpp"
#include "copy_arguments.hpp"
#include "copy_file.hpp"
#include "output.hpp"
#include "progress.hpp"
#include "query.hpp"
#include "time_limit.hpp"
#include "tusk/copy_out.hpp"
#include "tusk/session.hpp"

namespace cli {
namespace {

constexpr std::string_view help =
    R"(Saves a table's or a query's rows in a file, or on standard output, by COPY.

usage: tusk copy-out [OPTION...] [--] DSN TABLE [FILE]
       tusk copy-out [OPTION...] --query SQL [--] DSN [FILE]

  DSN      where to connect: postgresql://user@host:port/dbname or keyword=value pairs; what it
           leaves out comes from the PG* environment variables. May be empty: "".
  TABLE    NAME or SCHEMA.NAME, exact: no quotes, and capitals count. The first point parts the
           two, unless --schema is given. What COPY takes: no views, use --query for those.
  FILE     where to; standard output when not given, or for -. The data is written beside it, into
           FILE.part-XXXXXX, which takes FILE's place once it is complete and on the disk: FILE is
           never half of it. A device or a pipe is written as it is.

  --query SQL
           saves what a SELECT, VALUES, or INSERT, UPDATE or DELETE with RETURNING gives
  --format text|csv|binary
           as COPY knows them; when not given csv for a FILE that ends in .csv, binary for .bin, and
           text otherwise
  --schema NAME
           the table's schema; TABLE is then the name alone, points included. "" goes by the search
           path.
  --columns A,B,...  and  --column NAME
           the columns to save, exact names; --column takes a name with a comma in it. All of the
           table's when neither is given.
  --delimiter C, --null TEXT, --quote C, --escape C
           as COPY's options; C is one byte, or \t
  --header a first line of the columns' names: csv, and text from PostgreSQL 15 on
  --options SQL
           more of what stands in COPY's parentheses: "force_quote *", "encoding 'latin1'"
  --timeout SECONDS
           gives up when it all takes longer
  --progress
           tells of progress every three seconds where there is no terminal; on a terminal a line
           shows it in any case
  --quiet  shows neither progress nor the summary
  --       ends the options
  --help   prints this

What was written to standard output before an error stays there: the exit status tells. Ctrl-C stops
the server's work, too.

exit status: 0  everything is saved
             1  the server refused
             2  the command line, DSN or environment is wrong
             3  no connection, or it was lost; time is up; the output cannot be written
           else ended by a signal
)";

tusk::copy_from what_is_asked(const copy_out_arguments& asked) {
  return {.schema = asked.schema,
          .table = asked.table,
          .columns = asked.columns,
          .query = asked.query,
          .options = asked.options,
          .format = asked.format,
          .style = asked.style};
}

std::string_view text_of(tusk::bytes_view part) {
  return {reinterpret_cast<const char*>(part.data()), part.size()};
}

void copy(tusk::session& db, const copy_out_arguments& asked, copy_sink& to,
          const time_limit& limit, progress_display& shown) {
  auto out = db.copy_out({.timeout = limit.left()}, what_is_asked(asked));
  // A part is a row, or something before or behind all rows: near enough for who watches.
  std::uint64_t parts = 0;
  while (const std::optional<tusk::bytes_view> part = out.next()) {
    to.write(text_of(*part));
    if (++parts % 64 == 0) shown.at(parts, out.bytes_read());
  }
  to.complete();
  shown.done(out.rows(), out.bytes_read());
}

int save(const copy_out_arguments& asked) {
  const time_limit limit(asked.timeout);
  tusk::session db(where_to(asked.dsn), tusk::environment::process(), {.timeout = limit.left()});
  show_notices(db);
  // Until here a signal simply ends the program.
  cancel_on_signal stop;
  stop.add(db.canceller());
  try {
    copy_sink to(asked.file, stop, limit);
    progress_display shown(asked.progress, std::nullopt);
    copy(db, asked, to, limit, shown);
  } catch (const std::exception&) {
    show_notices(db);
    if (!stop.came()) throw;
    std::fputs("tusk: interrupted: the output is not complete\n", stderr);
    cancel_on_signal::end_by_signal();
  }
  show_notices(db);
  return 0;
}

}  // namespace

int run_copy_out(std::span<const char* const> words) {
  const copy_out_arguments asked = parse_copy_out(words);
  if (asked.help) {
    output to;
    to.write(help);
    to.flush();
    return 0;
  }
  try {
    return save(asked);
  } catch (const tusk::error& failed) {
    if (failed.kind() == tusk::error_kind::timeout && asked.timeout)
      raise_late(failed, *asked.timeout);
    throw;
  }
}

}  // namespace cli
