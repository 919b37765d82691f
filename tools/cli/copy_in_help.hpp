#pragma once

#include <string_view>

namespace cli {

inline constexpr std::string_view copy_in_help =
    R"(Loads a file, or standard input, into a table by COPY.

usage: tusk copy-in [OPTION...] [--] DSN TABLE [FILE]

  DSN      where to connect: postgresql://user@host:port/dbname or keyword=value pairs; what it
           leaves out comes from the PG* environment variables. May be empty: "".
  TABLE    NAME or SCHEMA.NAME, exact: no quotes, and capitals count. The first point parts the
           two, unless --schema is given.
  FILE     what to load; standard input when not given, or for -

  --format text|csv|binary
           as COPY knows them; when not given csv for a FILE that ends in .csv, binary for .bin, and
           text otherwise
  --schema NAME
           the table's schema; TABLE is then the name alone, points included. "" goes by the search
           path.
  --columns A,B,...  and  --column NAME
           the columns that the data has, exact names, in the data's order; --column takes a name
           with a comma in it. All of the table's when neither is given.
  --delimiter C, --null TEXT, --quote C, --escape C
           as COPY's options; C is one byte, or \t
  --header the first line is no row: csv, and text from PostgreSQL 15 on (with --jobs: always);
           or --options "header match" alone, where the server shall compare its names
  --options SQL
           more of what stands in COPY's parentheses: "encoding 'latin1'", "freeze"
  --jobs N loads over N sessions at once, by batches of whole rows in the file's order, each
           a transaction of its own: a batch that fails is reported with its lines, and the others
           are loaded. Without it all is one COPY, and all or nothing.
  --batch ROWS|BYTES
           the size of a batch: 10000 rows, or bytes with their unit, B, kB, MB or GB; 4MB when not
           given. Some 2N batches are held in memory.
  --timeout SECONDS
           gives up when it all takes longer
  --progress
           tells of progress every three seconds where there is no terminal; on a terminal a line
           shows it in any case
  --quiet  shows neither progress nor the summary
  --       ends the options
  --help   prints this

Errors show the place as FILE:LINE: column "NAME":, or FILE: row N: for binary data. Lines are those
of the file, for standard input without --jobs those that the server counts. With --jobs, files in
an encoding that has quotes, backslashes or line ends inside of its characters (SJIS, BIG5, GBK,
GB18030, UHC) must not be given. Ctrl-C stops the server's work, too; then nothing is loaded, and
with --jobs only whole batches are.

exit status: 0  everything is loaded
             1  the server refused the data, or some of the batches
             2  the command line, DSN or environment is wrong
             3  no connection, or it was lost; time is up; the input cannot be read, or is cut short
           else ended by a signal
)";

}  // namespace cli
