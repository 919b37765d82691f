#!/usr/bin/env python3
"""Runs the program tusk against a real server, with psql and COPY as what it is compared with.

Usage: cli.py PATH-OF-TUSK   (TUSK_TEST_DSN names the server; see tools/postgres)
"""
import json
import os
import resource
import socket
import subprocess
import sys
import threading
import time
import unittest

TUSK = sys.argv.pop(1)
DSN = os.environ["TUSK_TEST_DSN"]
LIMIT = 60  # seconds for any one program; none comes near it

# Values whose text is easily got wrong, each a column.
VALUES = [
    "true", "false", "null::bool",
    "'-32768'::int2", "2147483647::int4", "'-9223372036854775808'::int8", "4294967295::oid",
    "1.5::float4", "0.1::float8", "1e300::float8", "1e-7::float8", "'NaN'::float8",
    "'-Infinity'::float4", "-0.0::float8", "3.4028235e38::float4", "123456789012345678::float8",
    "1.10::numeric", "'NaN'::numeric", "1e40::numeric", "0.000::numeric", "-0.00012::numeric(20,8)",
    "'text'::text", "''::text", "null::text", "'a,b'::text", "'say \"hi\"'::text", "'  x  '::text",
    "'ab'::char(5)", "'v'::varchar(3)", "'name'::name", "'c'::\"char\"",
    "E'back\\\\slash'::text", "U&'\\00e9\\4e2d\\d83d\\de00'::text",
    "'\\x00ff5c'::bytea", "''::bytea",
    "'2024-02-29'::date", "'4713-01-01 BC'::date", "'infinity'::date",
    "'24:00:00'::time", "'12:34:56.789'::time", "'12:00:00+05:30'::timetz",
    "'2024-02-29 12:34:56.123456'::timestamp", "'-infinity'::timestamp",
    "'2024-02-29 12:00:00+00'::timestamptz", "'0044-03-15 12:00:00+00 BC'::timestamptz",
    "'1 year -2 days 3.5 s'::interval", "'-1 mon'::interval",
    "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid", "'{\"b\": 1,  \"a\": [2]}'::json",
    "'{\"b\": 1,  \"a\": [2]}'::jsonb", "12.34::money", "'10.1.2.3/24'::inet", "'(1,2)'::point",
    "B'101'", "'{1,NULL,3}'::int[]", "'{{1,2},{3,4}}'::int[]", "'[0:1]={1,2}'::int[]",
    "'{}'::text[]", "array['a,b','NULL',null,'','q\"',E'\\\\']", "'{0.1,NaN}'::float8[]",
    "'{2024-02-29}'::date[]", "'[1,5)'::int4range", "'1 2 3'::int2vector", "'(1,null,x)'::text",
    "row(1,null,'x y')", "'pg_class'::regclass", "'a & b'::tsquery", "'<a/>'::xml",
    "null::int", "'16/B374D848'::pg_lsn",
]
SETTINGS = [
    "",
    "-c DateStyle=SQL,DMY -c TimeZone=Europe/Paris",
    "-c DateStyle=German -c IntervalStyle=sql_standard -c bytea_output=escape",
    "-c DateStyle=Postgres,MDY -c IntervalStyle=iso_8601 -c TimeZone=America/St_Johns",
    "-c IntervalStyle=postgres_verbose -c extra_float_digits=0",
    "-c extra_float_digits=-5 -c lc_monetary=C",
]


def accepts(value):
    """Whether the server knows the type: some are built without xml, and old ones lack types."""
    return query(DSN, "select " + value).returncode == 0


def run(*words, **more):
    return subprocess.run([TUSK, *words], capture_output=True, timeout=LIMIT, **more)


def query(*words, **more):
    return run("query", *words, **more)


def text_of(*words, **more):
    done = query(*words, **more)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def psql(sql, **more):
    done = subprocess.run(["psql", "-X", "-q", "-P", "pager=off", "-d", DSN, "-c", sql],
                          capture_output=True, timeout=LIMIT, **more)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def settings(options):
    return dict(os.environ, PGOPTIONS=options, LC_ALL="C.UTF-8")


class Values(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        values = [v for v in VALUES if "xml" not in v or accepts(v)]
        cls.select = "select " + ", ".join(f"{v} as c{i}" for i, v in enumerate(values))

    def test_csv_is_what_copy_writes_under_every_setting(self):
        for options in SETTINGS:
            with self.subTest(options=options):
                env = settings(options)
                copied = psql(f"copy ({self.select}) to stdout (format csv, header)", env=env)
                self.assertEqual(text_of("--format", "csv", DSN, self.select, env=env), copied)

    def test_the_table_is_psqls_under_every_setting(self):
        for options in SETTINGS:
            with self.subTest(options=options):
                env = settings(options)
                self.assertEqual(text_of(DSN, self.select, env=env), psql(self.select, env=env))

    def test_tables_of_awkward_shape_are_psqls(self):
        for sql in ("select 1", "select 1 as a where false", "select",
                    "select from generate_series(1, 3)",
                    "select i, repeat('x', i) as t, i * 1.5 as n from generate_series(0, 12) i",
                    "select E'one\\ntwo\\n' as \"first\", 7 as n, E'a\\n\\nbcd' as t",
                    "select 7 as n, E'a\\nb' as \"two\nlines\", 1 as \"a\nlong name\"",
                    "select E'tab\\there' as a, E'\\rret' as b, E'esc\\x1b[31m' as c, E'\\x7f' as d",
                    "select E'\\ttab' a, E'12345678\\tx' b, 1 c",
                    "select U&'\\4e2d\\6587' as \"\u6f22\u5b57\", U&'e\\0301' as b, 1 as c",
                    "select U&'\\0085' as a, 1",
                    "select null as a, '' as b union all select 'x', null"):
            with self.subTest(sql=sql):
                env = settings("")
                self.assertEqual(text_of(DSN, sql, env=env), psql(sql, env=env))

    def test_csv_quotes_what_it_must(self):
        sql = "select E'a\\nb' as \"x,y\", E'\\r' as b, '\"' as c, ',' as d, '' as e, null as f, '\\.' as g"
        self.assertEqual(text_of("--format=csv", DSN, sql),
                         '"x,y",b,c,d,e,f,g\n"a\nb","\r","""",",","",,"\\."\n')

    def test_json_has_numbers_booleans_and_json_as_such(self):
        sql = """select 1::int2 as a, -5::int8 as b, 1.50::numeric as c, 1e300::float8 as d,
            'NaN'::float8 as e, '-Infinity'::float4 as f, true as g, false as h, null::int as i,
            '{"x": [1, "y"]}'::json as j, '[null]'::jsonb as k, 7::oid as l, '{1,2}'::int[] as m,
            E'q"\\\\\\n\\x01é' as n, '' as o, date '2024-02-29' as p, 'NaN'::numeric as q"""
        raw = text_of("--format", "json", DSN, sql)
        self.assertIn('"c":1.50,', raw)
        self.assertEqual(json.loads(raw), [{
            "a": 1, "b": -5, "c": 1.5, "d": 1e300, "e": "NaN", "f": "-Infinity", "g": True,
            "h": False, "i": None, "j": {"x": [1, "y"]}, "k": [None], "l": "7", "m": "{1,2}",
            "n": 'q"\\\n\x01é', "o": "", "p": "2024-02-29", "q": "NaN"}])

    def test_json_of_no_one_and_many_rows_is_an_array(self):
        for count in (0, 1, 1000):
            sql = f"select i, 'r' || i as t from generate_series(1, {count}) i"
            self.assertEqual(json.loads(text_of("--format", "json", DSN, sql)),
                             [{"i": i, "t": f"r{i}"} for i in range(1, count + 1)])
        self.assertEqual(json.loads(text_of("--format", "json", DSN, "create temp table t ()")), [])


class Parameters(unittest.TestCase):
    def csv(self, *words):
        return text_of("--format", "csv", *words)

    def test_a_parameter_is_read_as_the_type_that_the_server_wants(self):
        self.assertEqual(self.csv(DSN, "select $1::int + 1 as a, $2::date + 1 as b, $3 as c, "
                                  "$4::numeric as d, $5::int[] as e, $6::bytea as f", "41",
                                  "2024-02-28", "it's", "1.50", "{1,2}", "\\xff"),
                         'a,b,c,d,e,f\n42,2024-02-29,it\'s,1.50,"{1,2}",\\xff\n')

    def test_null_is_the_token_that_was_chosen(self):
        sql = "select $1::text as a, $2::text as b"
        self.assertEqual(self.csv("--null", "NULL", DSN, sql, "NULL", "null"), "a,b\n,null\n")
        self.assertEqual(self.csv("--null=", DSN, sql, "", "x"), "a,b\n,x\n")
        self.assertEqual(self.csv(DSN, sql, "NULL", ""), 'a,b\nNULL,""\n')

    def test_options_may_stand_anywhere_before_two_dashes(self):
        sql = "select $1::text as a"
        for words in (["--format", "csv", DSN, sql, "x"], [DSN, "--format=csv", sql, "x"],
                      [DSN, sql, "x", "--format", "csv"], ["--format", "csv", "--", DSN, sql, "x"]):
            self.assertEqual(text_of(*words), "a\nx\n")
        self.assertEqual(self.csv(DSN, sql, "--", "--format"), "a\n--format\n")
        self.assertEqual(self.csv("--", DSN, sql, "--"), "a\n--\n")
        for word in ("-5", "-.5", "-", ""):
            self.assertEqual(self.csv(DSN, sql, word).splitlines()[1], word or '""')

    def test_a_thousand_parameters(self):
        sql = "select " + " + ".join(f"${i}::int" for i in range(1, 1001)) + " as n"
        self.assertEqual(self.csv(DSN, sql, *["2"] * 1000), "n\n2000\n")


class Statements(unittest.TestCase):
    def test_a_statement_without_rows_prints_its_tag(self):
        for sql, tag in (("create temp table t (i int)", "CREATE TABLE"), ("begin", "BEGIN"),
                         ("create temp table u as select 1 as a", "SELECT 1"), ("", "")):
            self.assertEqual(text_of(DSN, sql), tag + "\n")
            self.assertEqual(text_of("--format", "csv", DSN, sql), tag + "\n")

    def test_rows_of_a_changing_statement_are_printed(self):
        with_table = "with t as (select 1 as a) select a from t"
        self.assertEqual(text_of("--format", "csv", DSN, with_table), "a\n1\n")
        self.assertEqual(text_of("--format", "csv", DSN, "show integer_datetimes"),
                         "integer_datetimes\non\n")

    def test_notices_go_to_standard_error(self):
        done = query(DSN, "do $$ begin raise notice 'hello'; raise warning 'oh' using hint = 'h'; end $$")
        self.assertEqual((done.returncode, done.stdout), (0, b"DO\n"))
        lines = done.stderr.decode().splitlines()
        self.assertEqual(lines[0], "NOTICE:  hello")
        self.assertIn("WARNING:  oh", lines)
        self.assertIn("HINT:  h", lines)

    def test_the_servers_name_for_the_program(self):
        self.assertEqual(text_of("--format", "csv", DSN, "show application_name"),
                         "application_name\ntusk\n")
        env = dict(os.environ, PGAPPNAME="mine")
        self.assertEqual(text_of("--format", "csv", DSN, "show application_name", env=env),
                         "application_name\nmine\n")

    def test_a_large_result_is_not_held(self):
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        sql = "select i, repeat('x', 100) as t from generate_series(1, 600000) i"
        for form in ("csv", "json"):
            command = [TUSK, "query", "--format", form, DSN, sql]
            with subprocess.Popen(command, stdout=subprocess.PIPE) as program:
                size = sum(len(block) for block in iter(lambda: program.stdout.read(65536), b""))
            self.assertEqual(program.returncode, 0)
            self.assertGreater(size, 60_000_000)
        after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        self.assertLess(after, max(before, 40_000), "KiB at the peak")


class Failures(unittest.TestCase):
    def fails(self, status, *words, **more):
        done = query(*words, **more)
        self.assertEqual(done.returncode, status, done)
        return done.stderr.decode()

    def test_an_error_of_the_server_is_1_and_shows_the_place(self):
        shown = self.fails(1, DSN, "select 1 + nothing")
        self.assertTrue(shown.startswith('ERROR:  column "nothing" does not exist'), shown)
        self.assertIn("LINE 1: select 1 + nothing\n                   ^\n", shown)
        self.fails(1, DSN, "select 1/0")
        self.fails(1, DSN, "select $1::int", "x")
        self.fails(1, DSN, "select 1; select 2")

    def test_rows_before_an_error_are_printed(self):
        sql = "select 1/(3 - i) as a from generate_series(1, 5) i"
        done = query("--format", "csv", DSN, sql)
        self.assertEqual(done.returncode, 1)
        self.assertTrue(b"a\n0\n1\n".startswith(done.stdout), done)

    def test_a_wrong_command_line_is_2(self):
        self.assertIn("--formt", self.fails(2, "--formt", "csv", DSN, "select 1"))
        self.assertIn("table, csv and json", self.fails(2, "--format", "xml", DSN, "select 1"))
        self.assertIn("--timeout", self.fails(2, "--timeout", "0", DSN, "select 1"))
        self.assertIn("--timeout", self.fails(2, "--timeout", "soon", DSN, "select 1"))
        self.assertIn("--null", self.fails(2, DSN, "select 1", "--null"))
        self.assertIn("SQL is missing", self.fails(2, DSN))
        self.assertIn("DSN", self.fails(2))
        self.assertIn("1 parameter", self.fails(2, DSN, "select $1::int"))
        for words, said in (([], "command"), (["--nope"], "--nope"), (["quary"], "quary")):
            done = run(*words)
            self.assertEqual(done.returncode, 2)
            self.assertIn(said, done.stderr.decode())

    def test_a_wrong_dsn_is_2_and_keeps_its_secret(self):
        for dsn in ("host=h password=hunter2 bogus=1", "postgresql://u:hunter2@h:x/d",
                    "postgresql://h?sslmode=require&password=hunter2"):
            shown = self.fails(2, dsn, "select 1")
            self.assertIn("connection string", shown)
            self.assertNotIn("hunter2", shown)
        env = dict(os.environ, PGSSLMODE="verify-full")
        self.assertIn("PGSSLMODE", self.fails(2, DSN, "select 1", env=env))

    def test_no_session_is_3(self):
        self.fails(3, "host=/nonexistent user=u", "select 1")
        self.fails(3, "host=127.0.0.1 port=1 user=u", "select 1")
        shown = self.fails(3, DSN.replace("postgres?", "nonesuch?"), "select 1")
        self.assertIn('database "nonesuch" does not exist', shown)

    def test_a_lost_connection_is_3(self):
        self.fails(3, DSN, "select pg_terminate_backend(pg_backend_pid())")

    def test_time_that_is_up_is_3(self):
        start = time.monotonic()
        self.fails(3, "--timeout", "0.3", DSN, "select pg_sleep(30)")
        self.assertLess(time.monotonic() - start, 5)

    def with_peer(self, serve, *words):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            def accept():
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    serve(connection)
            thread = threading.Thread(target=accept)
            thread.start()
            dsn = f"host=127.0.0.1 port={listener.getsockname()[1]} user=u"
            try:
                return self.fails(3, *words, dsn, "select 1")
            finally:
                # Wakes accept() where the program never came.
                socket.create_connection(listener.getsockname()).close()
                thread.join()

    def test_a_silent_peer_is_3_when_time_is_up(self):
        start = time.monotonic()
        self.with_peer(lambda peer: [None for _ in iter(lambda: peer.recv(4096), b"")],
                       "--timeout", "0.3")
        self.assertLess(time.monotonic() - start, 5)

    def test_a_peer_that_is_no_postgresql_is_3(self):
        self.with_peer(lambda peer: (peer.recv(4096), peer.sendall(b"HTTP/1.1 400 Bad\r\n\r\n")))

    def test_output_that_cannot_be_written_is_noticed(self):
        for form in ("csv", "json", "table"):
            with open("/dev/full", "wb") as full:
                done = subprocess.run([TUSK, "query", "--format", form, DSN, "select 1"],
                                      stdout=full, stderr=subprocess.PIPE, timeout=LIMIT)
            self.assertEqual(done.returncode, 3)
            self.assertIn(b"No space left", done.stderr)

    def test_a_reader_that_goes_away_ends_it(self):
        sql = "select generate_series(1, 1000000000)"
        with subprocess.Popen([TUSK, "query", "--format", "csv", DSN, sql],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
            program.stdout.readline()
            start = time.monotonic()
            program.stdout.close()
            said = program.stderr.read()
        self.assertEqual(program.returncode, 3)
        self.assertIn(b"Broken pipe", said)
        self.assertLess(time.monotonic() - start, 20)


class Help(unittest.TestCase):
    def test_help_and_version_go_to_standard_output(self):
        for words, said in ((["--help"], "usage: tusk query"), (["query", "--help"], "--timeout"),
                            (["--version"], "tusk ")):
            done = run(*words)
            self.assertEqual((done.returncode, done.stderr), (0, b""))
            self.assertIn(said, done.stdout.decode())


if __name__ == "__main__":
    unittest.main()
