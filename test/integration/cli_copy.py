#!/usr/bin/env python3
"""Runs `tusk copy-in` and `tusk copy-out` against a real server, with psql as the judge.

Usage: cli_copy.py PATH-OF-TUSK   (TUSK_TEST_DSN names the server; see tools/postgres)
"""
import contextlib
import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import tempfile
import termios
import threading
import time
import unittest

from cli import DSN, LIMIT, TUSK, named, psql, run, unique_name

FORMATS = ("text", "csv", "binary")
COPYING = "query ilike 'copy%' and state = 'active'"
# Rows of many kinds, whose texts are easily cut at the wrong place.
SOURCE = """
    create table copy_source as
    select i::int8 as id, case when i % 7 <> 0 then i / 3.0 end as n, i * 1.5::float8 as f,
      case i % 9 when 0 then null when 1 then '' when 2 then E'two\\nlines' when 3 then '"quoted"'
        when 4 then E'tab\\tback\\\\slash' when 5 then '\\.' when 6 then E'carriage\\r\\nreturn'
        when 7 then ',;|' else repeat('x', i % 50) end as t,
      timestamptz '2024-02-29 12:00:00+00' + i * interval '1 second' as at,
      decode(md5(i::text), 'hex') as b, i % 2 = 0 as even
    from generate_series(1, {rows}) i"""


def only(sql):
    """What a query gives, one row of one column."""
    done = subprocess.run(["psql", "-X", "-A", "-t", "-q", "-d", DSN, "-c", sql],
                          capture_output=True, timeout=LIMIT, check=True)
    return done.stdout.decode().strip()


def wait_until(sql, wanted="t"):
    end = time.monotonic() + LIMIT
    while only(sql) != wanted:
        assert time.monotonic() < end, sql
        time.sleep(0.05)


@contextlib.contextmanager
def locked_target():
    """Another session holds the table meanwhile."""
    holder = subprocess.Popen(["psql", "-X", "-q", "-d", DSN], stdin=subprocess.PIPE)
    holder.stdin.write(b"begin; lock table copy_target;\n")
    holder.stdin.flush()
    try:
        wait_until("select count(*) = 1 from pg_locks where mode = 'AccessExclusiveLock' and "
                   "granted and relation = 'copy_target'::regclass")
        yield
    finally:
        holder.stdin.close()
        holder.wait(LIMIT)


class CopyCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.name = unique_name()
        self.table("copy_target", "id int8, n numeric")

    def table(self, name, columns):
        psql(f'drop table if exists "{name}"; create table "{name}" ({columns})')
        self.addCleanup(psql, f'drop table if exists "{name}"')

    def source(self, rows):
        psql("drop table if exists copy_source")
        psql(SOURCE.format(rows=rows))
        self.addCleanup(psql, "drop table if exists copy_source")
        self.table("copy_target", "like copy_source")

    def sessions(self, kind="true"):
        """Where the server shows the sessions of this test's programs, those of a kind."""
        return f"from pg_stat_activity where application_name = '{self.name}' and {kind}"

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, data):
        with open(self.path(name), "wb") as file:
            file.write(data if isinstance(data, bytes) else data.encode())
        return self.path(name)

    def good(self, *words, **more):
        done = run(*words, **more)
        self.assertEqual(done.returncode, 0, done)
        return done

    def fails(self, status, *words, **more):
        done = run(*words, **more)
        self.assertEqual(done.returncode, status, done)
        return done.stderr.decode()

    def assert_same(self, rows):
        self.assertEqual(only("select count(*) from copy_target"), str(rows))
        self.assertEqual(only("""select count(*) from
            ((table copy_source except all table copy_target) union all
             (table copy_target except all table copy_source)) t"""), "0")

    @staticmethod
    def close(stream):
        try:
            stream.close()
        except BrokenPipeError:
            pass

    def begin(self, *words, **more):
        program = subprocess.Popen([TUSK, *words], stderr=subprocess.PIPE, env=named(self.name),
                                   **more)
        for stream in (program.stdin, program.stdout, program.stderr):
            if stream:
                self.addCleanup(self.close, stream)
        self.addCleanup(program.wait)
        self.addCleanup(program.kill)
        return program

    def begin_batches(self, rows):
        """Batches of ten, of which the first ten are loaded."""
        program = self.begin("copy-in", "--jobs=2", "--batch=10", DSN, "copy_target",
                             stdin=subprocess.PIPE)
        program.stdin.write(b"".join(b"%d\t1\n" % i for i in range(rows)))
        program.stdin.flush()
        wait_until("select count(*) = 100 from copy_target")
        return program


class RoundTrips(CopyCase):
    def test_a_hundred_thousand_rows_are_equal_after_in_every_format_by_file_and_by_pipe(self):
        self.source(100_000)
        for form in FORMATS:
            with self.subTest(format=form):
                file = self.path("data." + form)
                self.good("copy-out", "--format", form, DSN, "copy_source", file)
                psql("truncate copy_target")
                said = self.good("copy-in", "--format", form, DSN, "copy_target", file)
                self.assertRegex(said.stderr.decode(), r"tusk: 100,000 rows, [\d.]+ MB in ")
                self.assert_same(100_000)
                psql("truncate copy_target")
                out = self.begin("copy-out", "--format", form, DSN, "copy_source",
                                 stdout=subprocess.PIPE)
                self.good("copy-in", "--format", form, DSN, "copy_target", stdin=out.stdout)
                out.stdout.close()
                self.assertEqual(out.wait(LIMIT), 0)
                self.assert_same(100_000)

    def test_sessions_side_by_side_load_the_same(self):
        self.source(100_000)
        for form in FORMATS:
            with self.subTest(format=form):
                file = self.path("data." + form)
                header = ["--header"] if form == "csv" else []
                self.good("copy-out", "--format", form, *header, DSN, "copy_source", file)
                for batch in ("64kB", "777"):
                    psql("truncate copy_target")
                    self.good("copy-in", "--format", form, *header, "--jobs", "3", "--batch",
                              batch, DSN, "copy_target", file)
                    self.assert_same(100_000)

    def test_options_are_copys_own(self):
        self.source(500)
        for options, sql in (
                (["--format=csv", "--header", "--delimiter=;", "--null=\\N"],
                 "format csv, header, delimiter ';', null '\\N'"),
                (["--format=csv", "--quote='", "--escape=\\", "--options=force_quote *"],
                 "format csv, quote '''', escape '\\', force_quote *"),
                (["--delimiter=|", "--null=none"], "delimiter '|', null 'none'"),
                (["--format=csv", "--delimiter", "\\t"], "format csv, delimiter E'\\t'")):
            with self.subTest(options=options):
                wanted = psql(f"copy copy_source to stdout ({sql})")
                done = self.good("copy-out", *options, DSN, "copy_source")
                self.assertEqual(done.stdout.decode(), wanted)
                if "force_quote" in sql:
                    continue
                for jobs in ([], ["--jobs=2", "--batch=50"]):
                    psql("truncate copy_target")
                    self.good("copy-in", *options, *jobs, DSN, "copy_target", input=done.stdout)
                    self.assert_same(500)

    def test_names_are_exact_and_columns_may_be_chosen(self):
        psql('drop schema if exists "Copy S" cascade; create schema "Copy S"')
        self.addCleanup(psql, 'drop schema if exists "Copy S" cascade')
        psql('create table "Copy S"."T.1" (a int, "B, c" text, d int default 7)')
        self.good("copy-in", "--column", "B, c", "--columns", "a", DSN, "Copy S.T.1",
                  input=b"x\t1\ny\t2\n")
        rows = b"1\tx\t7\n2\ty\t7\n"
        for words in (["Copy S.T.1"], ["--schema", "Copy S", "T.1"]):
            self.assertEqual(self.good("copy-out", DSN, *words).stdout, rows)
        done = self.good("copy-out", "--columns=d,a", DSN, "Copy S.T.1")
        self.assertEqual(done.stdout, b"7\t1\n7\t2\n")

    def test_a_query_is_saved_in_the_format_that_the_files_name_tells(self):
        for name, wanted in (("a.csv", b'1,"a,b"\n'), ("a.dat", b"1\ta,b\n")):
            done = self.good("copy-out", "--query", "select 1, 'a,b'", DSN, self.path(name))
            self.assertEqual(done.stdout, b"")
            with open(self.path(name), "rb") as file:
                self.assertEqual(file.read(), wanted)
        self.good("copy-out", "--query", "select 1", DSN, self.path("a.bin"))
        with open(self.path("a.bin"), "rb") as file:
            self.assertTrue(file.read().startswith(b"PGCOPY\n"))

    def test_nothing_is_a_file_too(self):
        for form in FORMATS:
            for jobs in ([], ["--jobs", "2"]):
                out = self.good("copy-out", "--format", form, DSN, "copy_target").stdout
                self.good("copy-in", "--format", form, *jobs, DSN, "copy_target", input=out)
                self.assertEqual(only("select count(*) from copy_target"), "0")

    def test_a_descriptors_name_is_that_descriptor_which_goes_on_where_it_stands(self):
        sql = ["copy-out", "-q", "--query", "select 7", DSN]
        for name in ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"):
            with open(self.path("all"), "w+b") as file:
                file.write(b"before\n")
                file.flush()
                self.assertEqual(subprocess.run([TUSK, *sql, name], stdout=file).returncode, 0)
                os.write(file.fileno(), b"after\n")
                file.seek(0)
                self.assertEqual(file.read(), b"before\n7\nafter\n", name)
        self.assertEqual(os.listdir(self.folder), ["all"])
        with open(self.write("rows", "1\t1\n2\t2\n"), "rb", buffering=0) as file:
            file.read(4)
            self.good("copy-in", DSN, "copy_target", "/dev/stdin", stdin=file)
        self.assertEqual(only("select min(id) || ' ' || count(*) from copy_target"), "2 1")

    def test_a_closed_output_is_an_error_and_never_the_servers_connection(self):
        for rows in (1, 200_000):
            for words in (["query", DSN, f"select generate_series(1, {rows})"],
                          ["copy-out", "--query", f"select generate_series(1, {rows})", DSN]):
                done = subprocess.run(["sh", "-c", 'exec "$@" >&-', "sh", TUSK, *words],
                                      stderr=subprocess.PIPE, timeout=LIMIT)
                self.assertEqual(done.returncode, 3, done)
                self.assertIn(b"Bad file descriptor", done.stderr)
        # Its messages go nowhere.
        done = subprocess.run(["sh", "-c", 'exec "$@" 2>&-', "sh", TUSK, "query", DSN,
                               "do $$ begin raise notice 'heard'; end $$"], timeout=LIMIT)
        self.assertEqual(done.returncode, 0)

    def test_a_file_that_is_replaced_keeps_its_mode_and_a_link_stays_a_link(self):
        file = self.write("real.csv", "old")
        os.chmod(file, 0o640)
        os.symlink("real.csv", self.path("link.csv"))
        self.good("copy-out", "--query", "select 1", DSN, self.path("link.csv"))
        self.assertTrue(os.path.islink(self.path("link.csv")))
        with open(file, "rb") as written:
            self.assertEqual(written.read(), b"1\n")
        self.assertEqual(os.stat(file).st_mode & 0o777, 0o640)
        self.assertEqual(sorted(os.listdir(self.folder)), ["link.csv", "real.csv"])


class Batches(CopyCase):
    def test_the_mark_of_the_end_means_in_batches_what_it_means_to_this_server(self):
        self.table("copy_target", "t text")
        for form in ("text", "csv"):
            data = b"a\nb\nc\n\\.\nd\ne\n"
            counts = []
            for jobs in ([], ["--jobs=2", "--batch=1"], ["--jobs=2", "--batch=5"]):
                psql("truncate copy_target")
                self.good("copy-in", "--format", form, *jobs, DSN, "copy_target", input=data)
                counts.append(only("select string_agg(t, ' ' order by t) from copy_target"))
            self.assertEqual(counts, [counts[0]] * 3, form)

    def test_line_ends_in_quotes_are_no_borders_wherever_batches_end(self):
        self.table("copy_target", "id int8, t text")
        for end in ("\n", "\r\n", "\r"):
            data = "id,t" + end + "".join(
                f'{i},"a{end}""b""{end * (i % 4)}"{end}' for i in range(200))
            file = self.write("data.csv", data.encode())
            for batch in ("1", "3", "7", "20B", "100B"):
                with self.subTest(end=end, batch=batch):
                    psql("truncate copy_target")
                    self.good("copy-in", "--jobs=3", "--header", "--batch", batch, DSN,
                              "copy_target", file)
                    self.assertEqual(only("select count(*) || ' ' || count(distinct id) || ' ' || "
                                          "sum(length(t)) from copy_target"),
                                     f"200 200 {sum(4 + len(end) * (1 + i % 4) for i in range(200))}")

    def test_a_bad_row_costs_its_batch_alone_and_is_found_in_the_file(self):
        lines = ["id,n"] + [f'{i},"{i}\n"' if i % 10 == 0 else f"{i},{i}" for i in range(1, 101)]
        lines[57] = "57,bad"
        before = "\n".join(lines[:57]) + "\n"
        place = before.count("\n") + 1
        file = self.write("data.csv", "\n".join(lines) + "\n")
        shown = self.fails(1, "copy-in", "--header", "--jobs=3", "--batch=10", DSN, "copy_target",
                           file)
        self.assertIn(f'{file}:{place}: column "n": ERROR:  invalid input syntax for type numeric:'
                      ' "bad"', shown)
        self.assertIn(f", line {place}, column n:", shown)
        first = "\n".join(lines[:51]).count("\n") + 2
        last = "\n".join(lines[:61]).count("\n") + 1
        self.assertIn(f"tusk: batch 6 of {file} (lines {first} to {last}) is not loaded", shown)
        self.assertIn("1 of 10 batches failed, the others are loaded", shown)
        self.assertIn("tusk: 90 rows, ", shown)
        self.assertEqual(only("select count(*) from copy_target where id not between 51 and 60"),
                         "90")
        self.assertEqual(only("select count(*) from copy_target"), "90")

    def test_failures_are_told_in_the_files_order(self):
        data = "".join(f"{i}\t{'bad' if i % 10 == 5 else i}\n" for i in range(1000))
        shown = self.fails(1, "copy-in", "--jobs=3", "--batch=10", DSN, "copy_target",
                           input=data.encode())
        told = [int(n) for n in re.findall(r"tusk: batch (\d+) of standard input", shown)]
        self.assertEqual(told, list(range(1, 101)))
        self.assertEqual([int(n) for n in re.findall(r"^standard input:(\d+): ", shown, re.M)],
                         list(range(6, 1001, 10)))

    def test_a_bad_tuple_is_found_by_its_row(self):
        header = b"PGCOPY\n\xff\r\n\0" + bytes(8)
        def row(i, size=8):
            return struct.pack(">hi", 1, size) + bytes(size - 1) + bytes([i])
        rows = [row(i) for i in range(100)]
        rows[41] = row(41, 7)
        file = self.write("data.bin", header + b"".join(rows) + b"\xff\xff")
        shown = self.fails(1, "copy-in", "--jobs=2", "--batch=10", "--columns=id", DSN,
                           "copy_target", file)
        self.assertIn(f'{file}: row 42: column "id": ERROR:', shown)
        self.assertIn("(rows 41 to 50) is not loaded", shown)
        self.assertEqual(only("select count(*) from copy_target"), "90")

    def test_damaged_binary_data_ends_it_and_says_from_where_on(self):
        header = b"PGCOPY\n\xff\r\n\0" + bytes(8)
        row = struct.pack(">hiq", 1, 8, 1)
        file = self.write("data.bin", header + row * 25 + row[:5])
        shown = self.fails(3, "copy-in", "--jobs=2", "--batch=10", "--columns=id", DSN,
                           "copy_target", file)
        self.assertIn("row 26: it ends inside of the row: from row 21 on nothing is loaded", shown)
        self.assertEqual(only("select count(*) from copy_target"), "20")
        shown = self.fails(3, "copy-in", "--jobs=2", "--format=binary", DSN, "copy_target",
                           input=b"id,n\n1,2\n" * 3)
        self.assertIn("signature", shown)

    def test_what_every_batch_would_meet_is_told_once(self):
        data = "".join(f"{i}\t{i}\n" for i in range(100_000)).encode()
        shown = self.fails(1, "copy-in", "--jobs=2", "--batch=10", DSN, "copy_nowhere", input=data)
        self.assertLess(shown.count("does not exist"), 3)
        self.assertRegex(shown, r"from line \d+ on nothing is loaded")

    def test_a_session_that_is_killed_is_replaced_and_no_row_is_lost(self):
        program = self.begin_batches(100)
        wait_until(f"select count(*) = 2 {self.sessions()}")
        killed = only(f"select count(pg_terminate_backend(pid)) {self.sessions()}")
        self.assertEqual(killed, "2")
        wait_until(f"select count(*) = 0 {self.sessions()}")
        program.stdin.write(b"".join(b"%d\t1\n" % i for i in range(100, 2000)))
        program.stdin.close()
        said = program.stderr.read().decode()
        self.assertEqual(program.wait(LIMIT), 0, said)
        self.assertEqual(only("select count(*) || ' ' || count(distinct id) from copy_target"),
                         "2000 2000")

    def test_memory_does_not_grow_with_the_input(self):
        def peak(rows):
            program = subprocess.Popen([TUSK, "copy-in", "--jobs=2", "--batch=256kB", "--quiet",
                                        "--columns=id", DSN, "copy_target"], stdin=subprocess.PIPE)
            for _ in range(rows // 1000):
                program.stdin.write(b"1234567890123456\n" * 1000)
            program.stdin.close()
            _, status, usage = os.wait4(program.pid, 0)
            program.returncode = os.waitstatus_to_exitcode(status)
            self.assertEqual(program.returncode, 0)
            return usage.ru_maxrss
        little, much = peak(1000), peak(1_500_000)
        self.assertEqual(only("select count(*) from copy_target"), "1501000")
        with open(TUSK, "rb") as program:
            if b"__asan_init" in program.read():
                return  # what was freed is kept for a while, to catch those who use it still
        self.assertLess(much - little, 12_000, "KiB more at the peak, for 25 MB")


class Failures(CopyCase):
    def test_a_row_that_the_server_refuses_is_found_in_the_file_and_nothing_is_loaded(self):
        for end in ("\n", "\r\n"):
            data = end.join(["id,n", '1,"1\n\n"', '2,"\n2"', "3,bad", "4,4", ""])
            file = self.write("data.csv", data.encode())
            shown = self.fails(1, "copy-in", "--header", DSN, "copy_target", file)
            self.assertTrue(shown.startswith(f'{file}:7: column "n": ERROR:  invalid input'), shown)
            self.assertEqual(only("select count(*) from copy_target"), "0")
        shown = self.fails(1, "copy-in", "--format=csv", DSN, "copy_target", input=b"1,1\n2\n")
        self.assertTrue(shown.startswith("standard input:2: ERROR:  missing data"), shown)

    def test_a_null_that_is_not_allowed_is_found_in_its_column(self):
        psql("alter table copy_target alter n set not null")
        file = self.write("data", "1\t1\n2\t\\N\n")
        shown = self.fails(1, "copy-in", DSN, "copy_target", file)
        self.assertTrue(shown.startswith(f'{file}:2: column "n": ERROR:  null value'), shown)

    def test_what_has_no_line_has_no_place(self):
        shown = self.fails(1, "copy-in", DSN, "copy_nowhere", input=b"1\n")
        self.assertTrue(shown.startswith('ERROR:  relation "copy_nowhere" does not exist'), shown)
        self.assertIn("copy_nowhere", self.fails(1, "copy-out", DSN, "copy_nowhere"))
        self.fails(1, "copy-out", "--query", "select 1/0", DSN, self.path("x"))

    def test_wrong_calls_are_2(self):
        for words in ([], [DSN], [DSN, "t", "f", "g"], [DSN, "t", "--format=json"],
                      [DSN, "t", "--nope"], [DSN, "t", "--jobs=0"], [DSN, "t", "--batch=5"]):
            self.fails(2, "copy-in", *words)
            self.fails(2, "copy-out", *words)
        self.fails(2, "copy-in", "hots=x", "t", input=b"")

    def test_files_that_cannot_be_read_are_3(self):
        for file, said in ((self.path("none.csv"), "No such file"), (self.folder, "directory")):
            for jobs in ([], ["--jobs=2"]):
                shown = self.fails(3, "copy-in", *jobs, DSN, "copy_target", file)
                self.assertIn(file, shown)
                self.assertIn(said, shown)

    def test_files_that_cannot_be_written_are_3(self):
        for file, said in (("/dev/full", "No space left"), (self.folder, "directory"),
                           (self.path("none/x.csv"), "No such file")):
            shown = self.fails(3, "copy-out", "--query", "select 1", DSN, file)
            self.assertIn(said, shown)
        with open("/dev/full", "wb") as full:
            done = subprocess.run([TUSK, "copy-out", "--query", "select 1", DSN], stdout=full,
                                  stderr=subprocess.PIPE, timeout=LIMIT, check=False)
        self.assertEqual(done.returncode, 3)
        self.assertIn(b"standard output: No space left", done.stderr)

    def test_a_failure_in_the_middle_leaves_the_file_that_was_there(self):
        file = self.write("data.csv", "old\n")
        self.fails(1, "copy-out", "--query", "select 1/(30000 - i) from generate_series(1, 50000) i",
                   DSN, file)
        with open(file, "rb") as kept:
            self.assertEqual(kept.read(), b"old\n")
        self.assertEqual(os.listdir(self.folder), ["data.csv"])

    def test_a_reader_that_goes_away_ends_it(self):
        program = self.begin("copy-out", "--query", "select generate_series(1, 1000000000)", DSN,
                             stdout=subprocess.PIPE)
        program.stdout.readline()
        program.stdout.close()
        self.assertIn(b"standard output: Broken pipe", program.stderr.read())
        self.assertEqual(program.wait(LIMIT), 3)

    def kill_backend(self):
        wait_until(f"select count(pg_terminate_backend(pid)) = 1 {self.sessions(COPYING)}")

    def test_a_backend_that_is_killed_while_rows_come_is_3_and_nothing_is_loaded(self):
        program = self.begin("copy-in", DSN, "copy_target", stdin=subprocess.PIPE)
        program.stdin.write(b"1\t1\n" * 100_000)
        program.stdin.flush()
        self.kill_backend()
        try:
            for _ in range(1000):
                program.stdin.write(b"1\t1\n" * 10_000)
            program.stdin.close()
        except BrokenPipeError:
            pass
        said = program.stderr.read().decode()
        self.assertEqual(program.wait(LIMIT), 3, said)
        self.assertIn("terminating connection", said)
        self.assertEqual(only("select count(*) from copy_target"), "0")

    def test_a_backend_that_is_killed_while_rows_go_is_3_and_there_is_no_file(self):
        file = self.path("data.csv")
        program = self.begin("copy-out", "--query", "select generate_series(1, 10000000000)", DSN,
                             file)
        self.kill_backend()
        said = program.stderr.read().decode()
        self.assertEqual(program.wait(LIMIT), 3, said)
        self.assertEqual(os.listdir(self.folder), [])

    def test_time_that_is_up_is_3(self):
        shown = self.fails(3, "copy-out", "--timeout=0.5", "--query", "select pg_sleep(600)", DSN)
        self.assertIn("time is up (--timeout 0.5)", shown)
        for jobs in ([], ["--jobs=2"]):
            program = self.begin("copy-in", "--timeout=0.5", *jobs, DSN, "copy_target",
                                 stdin=subprocess.PIPE)
            self.assertIn(b"time is up", program.stderr.read())
            self.assertEqual(program.wait(LIMIT), 3)

    def test_time_that_is_up_ends_all_batches_and_not_only_those_that_are_under_way(self):
        with locked_target():
            file = self.write("data", "".join(f"{i}\t1\n" for i in range(10_000)))
            shown = self.fails(3, "copy-in", "--jobs=2", "--batch=10", "--timeout=5", DSN,
                               "copy_target", file)
        self.assertLessEqual(shown.count("is not loaded"), 2, shown)
        self.assertIn("2 of 2 batches failed\n", shown)
        self.assertIn("given up: from line 21 on nothing is loaded", shown)
        self.assertEqual(only("select count(*) from copy_target"), "0")


class Signals(CopyCase):
    def assert_interrupted(self, program, number):
        program.send_signal(number)
        said = program.stderr.read()
        self.assertEqual(program.wait(LIMIT), -number, said)
        self.assertIn(b"interrupted", said)
        wait_until(f"select count(*) = 0 {self.sessions()}")

    def test_a_load_that_waits_for_input_is_interrupted_and_nothing_is_loaded(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            program = self.begin("copy-in", DSN, "copy_target", stdin=subprocess.PIPE)
            program.stdin.write(b"1\t1\n" * 1000)
            program.stdin.flush()
            wait_until(f"select count(*) = 1 {self.sessions(COPYING)}")
            self.assert_interrupted(program, number)
            self.assertEqual(only("select count(*) from copy_target"), "0")

    def test_a_signal_that_was_ignored_before_stays_ignored(self):
        program = self.begin("copy-in", DSN, "copy_target", stdin=subprocess.PIPE,
                             preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
        program.stdin.write(b"1\t1\n")
        program.stdin.flush()
        wait_until(f"select count(*) = 1 {self.sessions(COPYING)}")
        program.send_signal(signal.SIGINT)
        program.stdin.write(b"2\t2\n")
        program.stdin.close()
        said = program.stderr.read()
        self.assertEqual(program.wait(LIMIT), 0, said)
        self.assertEqual(only("select count(*) from copy_target"), "2")

    def test_a_server_that_waits_for_a_lock_is_cancelled(self):
        for jobs in ([], ["--jobs=2"]):
            with locked_target():
                program = self.begin("copy-in", *jobs, DSN, "copy_target", stdin=subprocess.PIPE)
                program.stdin.write(b"1\t1\n")
                program.stdin.close()
                waiting = self.sessions("wait_event_type = 'Lock'")
                wait_until(f"select count(*) >= 1 {waiting}")
                self.assert_interrupted(program, signal.SIGINT)
            self.assertEqual(only("select count(*) from copy_target"), "0")

    def test_batches_that_are_loaded_stay_and_it_is_said_where_they_end(self):
        program = self.begin_batches(105)
        program.send_signal(signal.SIGINT)
        said = program.stderr.read()
        self.assertEqual(program.wait(LIMIT), -signal.SIGINT, said)
        self.assertIn(b"interrupted: from line 101 on nothing is loaded", said)
        self.assertEqual(only("select count(*) from copy_target"), "100")

    def test_saving_is_interrupted_while_the_server_works_and_while_nobody_reads(self):
        for sql in ("select pg_sleep(600)", "select generate_series(1, 10000000000)"):
            for file in (self.path("data.csv"), "-"):
                program = self.begin("copy-out", "--query", sql, DSN, file,
                                     stdout=subprocess.PIPE)
                wait_until(f"select count(*) = 1 {self.sessions(COPYING)}")
                self.assert_interrupted(program, signal.SIGINT)
                self.assertEqual(os.listdir(self.folder), [])


class Progress(CopyCase):
    def on_terminal(self, width, *words, slow=b""):
        """What is shown on a terminal of that width; standard input is given slowly."""
        terminal, end = pty.openpty()
        fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
        program = subprocess.Popen([TUSK, *words], stdin=subprocess.PIPE, stderr=end)
        os.close(end)
        shown = []

        def read():
            try:
                while more := os.read(terminal, 65536):
                    shown.append(more)
            except OSError:
                pass  # that is how the end of a terminal looks
        thread = threading.Thread(target=read)
        thread.start()
        try:
            for _ in range(8 if slow else 0):
                drawn = len(shown)
                program.stdin.write(slow)
                program.stdin.flush()
                time.sleep(0.12)
                end_of_patience = time.monotonic() + 2
                while (len(shown) == drawn and program.poll() is None
                       and time.monotonic() < end_of_patience):
                    time.sleep(0.01)
        except BrokenPipeError:
            pass
        self.close(program.stdin)
        status = program.wait(LIMIT)
        thread.join(LIMIT)
        os.close(terminal)
        return status, b"".join(shown).decode()

    def test_a_terminal_has_one_line_that_is_rewritten_and_fits(self):
        for width in (25, 100):
            status, shown = self.on_terminal(width, "copy-in", "--columns=id", DSN, "copy_target",
                                             slow=b"1\n" * 1000)
            self.assertEqual(status, 0, shown)
            lines = [part.replace("\x1b[K", "") for part in shown.split("\r") if part.strip()]
            progress = [line for line in lines if line and not line.startswith("tusk:")
                        and line != "\n"]
            self.assertGreater(len(progress), 2, shown)
            for line in progress:
                self.assertLess(len(line), width)
                self.assertRegex(line, r"^\d(,000)? rows  [\d.]+ k?B")
            self.assertEqual("/s" in progress[-1], width == 100)
            self.assertRegex(lines[-1 if lines[-1] != "\n" else -2],
                             r"^tusk: 8,000 rows, 15.6 kB in [\d.]+ s \([\d,]+ rows/s, ")

    def test_the_end_of_a_file_is_foreseen_on_a_terminal(self):
        file = self.write("data.csv", b"1,1\n" * 400_000)
        for jobs in ([], ["--jobs=2", "--batch=100kB"]):
            status, shown = self.on_terminal(100, "copy-in", *jobs, DSN, "copy_target", file)
            self.assertEqual(status, 0, shown)
            self.assertIn("400,000 rows", shown)
            if "%" in shown:  # a fast machine is done before anything is shown
                self.assertRegex(shown, r"\d+%  \d+:\d\d left|100%")

    def test_an_error_stands_on_a_line_of_its_own(self):
        status, shown = self.on_terminal(100, "copy-in", DSN, "copy_target",
                                         slow=b"1\t1\n" * 30_000 + b"x\t1\n")
        self.assertEqual(status, 1, shown)
        self.assertRegex(shown, r'(^|\x1b\[K|\n)standard input:30001: column "id": ERROR:  ')

    def test_without_a_terminal_there_is_only_the_last_line_unless_asked_for(self):
        said = self.good("copy-in", DSN, "copy_target", input=b"1\t1\n").stderr.decode()
        self.assertRegex(said, r"^tusk: 1 row, 4 B in [\d.]+ s( \(.*\))?\n$")
        said = self.good("copy-in", "--quiet", DSN, "copy_target", input=b"1\t1\n").stderr
        self.assertEqual(said, b"")
        said = self.good("copy-out", "--quiet", DSN, "copy_target").stderr
        self.assertEqual(said, b"")

    def test_plain_lines_come_now_and_then(self):
        begun = time.monotonic()
        program = self.begin("copy-in", "--progress", "--columns=id", DSN, "copy_target",
                             stdin=subprocess.PIPE)
        wait_until(f"select count(*) = 1 {self.sessions(COPYING)}")
        for _ in range(45):
            program.stdin.write(b"1\n")
            program.stdin.flush()
            time.sleep(0.1)
        program.stdin.close()
        lines = program.stderr.read().decode().splitlines()
        self.assertEqual(program.wait(LIMIT), 0)
        intervals = int((time.monotonic() - begun) / 3)
        self.assertIn(len(lines) - 1, range(1, intervals + 1), lines)
        self.assertRegex(lines[0], r"^tusk: \d+ rows  \d+ B  \d+ B/s$")
        self.assertRegex(lines[-1], "^tusk: 45 rows, 90 B in ")


if __name__ == "__main__":
    unittest.main()
