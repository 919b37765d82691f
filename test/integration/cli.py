#!/usr/bin/env python3
"""Runs the program tusk against a real server, with psql and COPY as what it is compared with.

Usage: cli.py PATH-OF-TUSK   (TUSK_TEST_DSN names the server; see tools/postgres)
"""
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import unittest
import uuid

TUSK = sys.argv.pop(1)
DSN = os.environ["TUSK_TEST_DSN"]
HOST = os.environ["TUSK_TEST_HOST"]
PORT = os.environ["TUSK_TEST_PORT"]
PASSWORD = os.environ["TUSK_TEST_PASSWORD"]
ROOT_CERT = os.environ.get("TUSK_TEST_ROOT_CERT")
LIMIT = 300  # seconds for any one program; none comes near it

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
# Every other built-in type. Arrays of all of them are tried, too.
SCALARS = [
    "true", "'-32768'::int2", "7", "'-9223372036854775808'::int8", "0.1::float4", "1e-7::float8",
    "1.10::numeric", "'a b'::text", "'v'::varchar", "'ab'::char(5)", "'name'::name",
    "'c'::\"char\"", "'\\x00ff5c'::bytea", "'2024-02-29'::date", "'24:00:00'::time",
    "'23:59:59.999999-15:59:59'::timetz", "'2024-02-29 12:34:56.5'::timestamp",
    "'2024-02-29 12:00:00+00'::timestamptz", "'1 year -2 days 3.5 s'::interval",
    "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid", "'{\"b\": 1}'::json", "'{\"b\": 1}'::jsonb",
    "12.34::money", "'<a/>'::xml", "'4294967295'::oid", "'7'::xid", "'7'::cid", "'(1,2)'::tid",
    "'10:20:10,14,15'::txid_snapshot", "'16/B374D848'::pg_lsn", "'cur'::refcursor",
    "'10.1.2.3/24'::inet", "'::ffff:1.2.3.4/120'::inet", "'2001:db8::'::cidr", "'10.1.2.0/24'::cidr",
    "'08:00:2b:01:02:03'::macaddr", "'08:00:2b:ff:fe:01:02:03'::macaddr8",
    "B'101'", "''::varbit", "'10110'::varbit",
    "'(0.1,1e20)'::point", "'[(0,0),(1.5,2)]'::lseg", "'((0,0),(1,1),(2,0.3))'::path",
    "'[(0,0),(1,1)]'::path", "'(1,2),(0.1,0)'::box", "'((0,0),(1e20,0.1))'::polygon",
    "'{1,-1,0.3}'::line", "'<(0,0),1e-5>'::circle",
    "$$'a':1A,3 'b c':2 'it''s' 'back\\\\'$$::tsvector", "''::tsvector",
    "$$a & !b | c <2> 'd e':*AB$$::tsquery", "''::tsquery",
    "'$.\"a\"[*] ? (@.b > 1)'::jsonpath",
    "'pg_proc'::regclass", "'int4'::regtype", "'now'::regproc", "'abs(int)'::regprocedure",
    "'||/'::regoper", "'+(int,int)'::regoperator", "'english'::regconfig",
    "'simple'::regdictionary", "'pg_catalog'::regnamespace", "current_user::regrole",
    "'1 2'::oidvector", "'1 2 3'::int2vector", "makeaclitem(10, 10, 'SELECT', true)",
    "'[1,5)'::int4range", "'empty'::int4range", "'(,7]'::int8range", "'(1.10,2.0]'::numrange",
    "'[2024-02-29,infinity)'::daterange", "'(2024-02-29,)'::tsrange",
    "'[2024-02-29 12:00:00+00,)'::tstzrange",
]
# Some of the servers do not have these, or were built without.
NEWER = [
    "'123'::xid8", "'10:20:'::pg_snapshot", "'\"C\"'::regcollation",
    "'{[1,5),[7,)}'::int4multirange", "'{}'::int8multirange", "'{(,1.5]}'::nummultirange",
    "'{[2024-02-29,2024-03-01)}'::datemultirange", "'{[2024-02-29,)}'::tsmultirange",
    "'{[2024-02-29 12:00:00+00,)}'::tstzmultirange", "'infinity'::interval",
]
SETTINGS = [
    "",
    "-c DateStyle=SQL,DMY -c TimeZone=Europe/Paris",
    "-c DateStyle=German -c IntervalStyle=sql_standard -c bytea_output=escape",
    "-c DateStyle=Postgres,MDY -c IntervalStyle=iso_8601 -c TimeZone=America/St_Johns",
    "-c IntervalStyle=postgres_verbose -c extra_float_digits=0",
    "-c extra_float_digits=-5 -c lc_monetary=C",
    "-c extra_float_digits=-15 -c DateStyle=Postgres,DMY -c TimeZone=Asia/Kathmandu",
    "-c extra_float_digits=3 -c bytea_output=escape -c DateStyle=SQL,MDY -c TimeZone=UTC",
]


def accepts(value):
    """Whether the server knows the type: some are built without xml, and old ones lack types."""
    return query(DSN, "select " + value).returncode == 0


def run(*words, **more):
    return subprocess.run([TUSK, *words], capture_output=True, timeout=LIMIT, **more)


def unique_name():
    """For the programs of one test: the tests run side by side, and the server shows all sessions."""
    return f"tusk-{uuid.uuid4()}"


def named(name):
    """The environment of a program that calls itself so."""
    return dict(os.environ, PGAPPNAME=name)


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
        cls.select = cls.row_of(values)
        scalars = [v for v in SCALARS if "xml" not in v or accepts(v)]
        scalars += [v for v in NEWER if accepts(v)]
        cls.every_type = cls.row_of(scalars + ["pg_sleep(0)", "row(1, null, 'x y', 0.5::float8)"])
        # PostgreSQL 12 takes the array constructor of vectors for one of more dimensions.
        arrays = [f"array[{v}, null]" for v in scalars if "2vector" not in v and "oidvector" not in v]
        cls.arrays = cls.row_of(arrays + ["array[row(1, 'a b'), null]", "array[]::int4range[]",
                                          "'{1 2 3,NULL}'::int2vector[]", "'{1 2}'::oidvector[]"])

    @staticmethod
    def row_of(values):
        return "select " + ", ".join(f"{v} as c{i}" for i, v in enumerate(values))

    def test_every_type_and_arrays_of_it_print_as_the_server_does_under_every_setting(self):
        for options in SETTINGS:
            env = settings(options)
            for select in (self.every_type, self.arrays):
                with self.subTest(options=options, select=select[:40]):
                    copied = psql(f"copy ({select}) to stdout (format csv, header)", env=env)
                    self.assertEqual(text_of("--format", "csv", DSN, select, env=env), copied)

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
        self.assertEqual(text_of("--format", "csv", DSN, "show application_name", env=named("mine")),
                         "application_name\nmine\n")

    def test_a_large_result_is_not_held(self):
        def peak(form, rows):
            """Bytes printed, and KiB held at the most by this program alone."""
            sql = f"select i, repeat('x', 100) as t from generate_series(1, {rows}) i"
            program = subprocess.Popen([TUSK, "query", "--format", form, DSN, sql],
                                       stdout=subprocess.PIPE)
            with program.stdout as out:
                size = sum(len(block) for block in iter(lambda: out.read(65536), b""))
            _, status, usage = os.wait4(program.pid, 0)
            program.returncode = os.waitstatus_to_exitcode(status)
            self.assertEqual(program.returncode, 0)
            return size, usage.ru_maxrss
        for form in ("csv", "json"):
            _, little = peak(form, 10)
            size, much = peak(form, 600_000)
            self.assertGreater(size, 60_000_000)
            self.assertLess(much - little, 30_000, "KiB more at the peak")


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
                    "postgresql://h?sslmode=strict&password=hunter2"):
            shown = self.fails(2, dsn, "select 1")
            self.assertRegex(shown, "connection (string|parameter)")
            self.assertNotIn("hunter2", shown)
        env = dict(os.environ, PGSSLMODE="strict")
        self.assertIn("PGSSLMODE", self.fails(2, DSN, "select 1", env=env))

    def test_no_session_is_3(self):
        self.fails(3, "host=/nonexistent user=u", "select 1")
        self.fails(3, "host=127.0.0.1 port=1 user=u", "select 1")
        shown = self.fails(3, DSN.replace("postgres?", "nonesuch?"), "select 1")
        self.assertIn('database "nonesuch" does not exist', shown)

    def test_a_lost_connection_is_3(self):
        self.fails(3, DSN, "select pg_terminate_backend(pg_backend_pid())")

    def test_time_that_is_up_is_3(self):
        self.assertIn("time is up (--timeout 0.3)",
                      self.fails(3, "--timeout", "0.3", DSN, "select pg_sleep(3000)"))

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
        self.with_peer(lambda peer: [None for _ in iter(lambda: peer.recv(4096), b"")],
                       "--timeout", "0.3")

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
            program.stdout.close()
            said = program.stderr.read()
        self.assertEqual(program.returncode, 3)
        self.assertIn(b"Broken pipe", said)


def tcp(user, more=""):
    return f"host={HOST} port={PORT} dbname=postgres user={user} {more}"


class Folder(unittest.TestCase):
    """With a home of its own, and no PG* variables but those that a test sets."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = folder.name

    def env(self, **variables):
        kept = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        return dict(kept, HOME=self.home, **variables)

    def write(self, name, text, mode=0o600):
        path = os.path.join(self.home, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)
        return path

    def facts(self, *words, **variables):
        """What is printed in JSON, which is what is printed as text."""
        done = run(*words, env=self.env(**variables))
        self.assertEqual(done.returncode, 0, done)
        as_json = run(*words, "--format", "json", env=self.env(**variables))
        self.assertEqual(as_json.returncode, 0, as_json)
        read = json.loads(as_json.stdout, object_pairs_hook=list)
        self.assertTrue(all(isinstance(value, str) for _, value in read))
        names = [line.split("=", 1)[0] for line in done.stdout.decode().splitlines()]
        self.assertEqual(names, [name for name, _ in read])
        return dict(read)

    def refused(self, status, *words, **variables):
        done = run(*words, env=self.env(**variables))
        self.assertEqual((done.returncode, done.stdout), (status, b""), done)
        return done.stderr.decode()


class Dsn(Folder):
    def test_a_string_is_all_that_is_read_and_both_forms_mean_the_same(self):
        self.write(".pgpass", "*:*:*:*:other\n")
        wanted = {"host": "h,::1", "port": "1,2",
                  "dbname": "a b", "user": "ada", "sslmode": "require"}
        for dsn in ("postgresql://ada@h:1,[::1]:2/a%20b?sslmode=require",
                    "postgres+driver://ada@h:1,[::1]:2/a%20b?ssl=true",
                    "host=h,::1 port = 1,2 dbname='a b' user=ada sslmode=require"):
            self.assertEqual(self.facts("dsn", dsn, PGUSER="x", PGAPPNAME="y"), wanted)
        self.assertEqual(self.facts("dsn", ""), {})

    def test_text_is_one_line_for_each_keyword_whatever_the_value(self):
        done = run("dsn", "options='a\nb' application_name=q\\\\q user='\x01'", env=self.env())
        self.assertEqual(sorted(done.stdout.decode().splitlines()),
                         ["application_name=q\\\\q", "options=a\\nb", "user=\\x01"])

    def test_secrets_are_masked_unless_asked_for(self):
        secrets = ["password", "sslpassword", "oauth_client_secret", "scram_client_key",
                   "scram_server_key"]
        dsn = " ".join(f"{name}=hunter2" for name in secrets)
        self.assertEqual(self.facts("dsn", dsn), dict.fromkeys(secrets, "********"))
        self.assertEqual(self.facts("dsn", "--show-secrets", dsn),
                         dict.fromkeys(secrets, "hunter2"))

    def test_a_refused_string_is_2_with_the_offset_and_keeps_its_secret(self):
        for dsn, offset in (("host=h bogus=1", 7), ("password=hunter2 hunter2", 17),
                            ("postgresql://u:hunter2@h/d?nope=hunter2", 27), ("host='x", 5),
                            ("postgresql://u:hunter2@h/%zz", 25), ("host", 0)):
            shown = self.refused(2, "dsn", dsn)
            self.assertIn(f"offset {offset}:", shown)
            self.assertNotIn("hunter2", shown)

    def test_a_wrong_command_line_is_2(self):
        for words in ([], ["a=b", "c=d"], ["--format", "xml", ""], ["--nope", ""],
                      ["--defaults=1", ""]):
            self.refused(2, "dsn", *words)

    def test_defaults_are_the_service_files_then_the_variables_then_built_in(self):
        file = self.write(".pg_service.conf",
                          "[shop]\nhost=from.service\nuser=clerk\nsslmode=require\n")
        variables = {"PGHOST": "from.variable", "PGDATABASE": "stock", "PGCONNECT_TIMEOUT": "7"}
        wanted = {"host": "from.service", "user": "clerk", "dbname": "stock", "port": "5432",
                  "connect_timeout": "7", "sslmode": "disable", "service": "shop"}
        dsn = "service=shop sslmode=disable"
        found = self.facts("dsn", "--defaults", dsn, **variables)
        self.assertEqual({name: found.get(name) for name in wanted}, wanted)
        os.rename(file, file + ".moved")
        self.assertIn('"shop"', self.refused(2, "dsn", "--defaults", dsn))
        found = self.facts("dsn", "--defaults", dsn, PGSERVICEFILE=file + ".moved")
        self.assertEqual(found["user"], "clerk")

    def test_defaults_have_the_password_files_password_for_the_first_host(self):
        file = self.write(".pgpass", "other:*:*:*:no\nh:7:d:ada:fro\\:m\n")
        words = ("dsn", "--defaults", "host=h,other port=7 dbname=d user=ada")
        self.assertEqual(self.facts(*words)["password"], "********")
        self.assertEqual(self.facts(*words, "--show-secrets")["password"], "fro:m")
        self.assertEqual(self.facts(*words, "--show-secrets", PGPASSWORD="p")["password"], "p")
        os.chmod(file, 0o640)
        done = run(*words, env=self.env())
        self.assertEqual(done.returncode, 0)
        self.assertNotIn(b"password=", done.stdout)
        self.assertIn(b"WARNING:", done.stderr)
        self.assertIn(file.encode(), done.stderr)

    def test_defaults_check_the_values_and_name_where_they_are_from(self):
        self.assertIn("sslmode", self.refused(2, "dsn", "--defaults", "sslmode=strict"))
        self.assertIn("PGSSLMODE", self.refused(2, "dsn", "--defaults", "", PGSSLMODE="strict"))
        self.facts("dsn", "sslmode=strict")


class Ping(Folder):
    def ping(self, status, *words, **variables):
        done = run("ping", *words, env=self.env(**variables))
        self.assertEqual(done.returncode, status, done)
        return (done.stdout if status < 3 else done.stderr).decode()

    def test_a_server_that_takes_connections_is_0_whoever_asks(self):
        for dsn in (DSN, tcp("nobody_of_that_name"), tcp("u_scram"), tcp("u_reject"),
                    tcp("u_trust", "dbname=nowhere"), tcp("u_trust", "target_session_attrs=standby"),
                    f"host={HOST},{HOST} port=1,{PORT} user=u"):
            self.assertEqual(self.ping(0, dsn), "accepting connections\n")
        self.assertEqual(self.ping(0, "", PGHOST=HOST, PGPORT=PORT), "accepting connections\n")

    def test_a_server_that_is_starting_is_1(self):
        fatal = b"SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0"
        answer = b"E" + (len(fatal) + 4).to_bytes(4, "big") + fatal
        with socket.create_server((HOST, 0)) as listener:
            def serve():
                with listener.accept()[0] as peer:
                    peer.recv(4096)
                    peer.sendall(answer)
                    peer.recv(4096)
            thread = threading.Thread(target=serve)
            thread.start()
            port = listener.getsockname()[1]
            said = self.ping(1, f"host={HOST} port={port} user=u sslmode=disable")
            thread.join()
        self.assertTrue(said.startswith("rejecting connections: "), said)
        self.assertIn("starting up", said)

    def test_nobody_there_is_2_with_the_reason(self):
        self.assertIn(f"{HOST}:1", self.ping(2, f"host={HOST} port=1 user=u"))
        self.assertIn("/nonexistent/", self.ping(2, "host=/nonexistent user=u"))
        self.assertEqual(self.ping(2, "--quiet", f"host={HOST} port=1 user=u"), "")

    def test_a_silent_peer_is_2_in_time(self):
        with socket.create_server((HOST, 0)) as listener:
            port = listener.getsockname()[1]
            self.ping(2, "--timeout", "0.3", f"host={HOST} port={port} user=u")

    def test_what_cannot_be_asked_is_3(self):
        self.assertIn("hots", self.ping(3, "hots=h"))
        self.assertIn("sslmode", self.ping(3, "sslmode=strict"))
        self.assertIn("PGPORT", self.ping(3, "host=h", PGPORT="x"))
        self.assertIn("nowhere", self.ping(3, "service=nowhere"))
        self.assertIn("DSN", self.ping(3))
        self.assertIn("--nope", self.ping(3, "--nope", DSN))
        self.assertIn("--timeout", self.ping(3, "--timeout", "0", DSN))


class ConnectInfo(Folder):
    def test_a_unix_socket(self):
        found = self.facts("connect-info", DSN)
        self.assertEqual((found["user"], found["database"], found["port"], found["tls"]),
                         ("postgres", "postgres", PORT, "off"))
        self.assertEqual((found["authentication"], found["protocol"]), ("none", "3.0"))
        self.assertEqual(found["address"], found["host"] + "/.s.PGSQL." + PORT)
        shown = text_of("--format", "csv", DSN, "show server_version").splitlines()[1]
        self.assertEqual(found["server_version"], shown)
        self.assertGreater(int(found["server_process_id"]), 0)
        self.assertNotIn("tls_version", found)

    def test_tcp_with_a_password_that_is_not_printed(self):
        dsn = tcp("u_scram", "sslmode=disable password=" + PASSWORD)
        found = self.facts("connect-info", dsn)
        self.assertEqual((found["host"], found["address"], found["authentication"]),
                         (HOST, f"{HOST}:{PORT}", "SCRAM-SHA-256"))
        self.assertNotIn(PASSWORD, json.dumps(found))
        self.write(".pgpass", f"{HOST}:{PORT}:*:u_scram:{PASSWORD}\n")
        self.assertEqual(self.facts("connect-info", tcp("u_scram"))["user"], "u_scram")

    @unittest.skipUnless(ROOT_CERT, "the server has no TLS")
    def test_tls(self):
        dsn = tcp("u_scram", f"sslmode=verify-full sslrootcert={ROOT_CERT} password={PASSWORD}")
        found = self.facts("connect-info", dsn)
        self.assertEqual((found["tls"], found["tls_verified"], found["tls_client_certificate"]),
                         ("on", "yes", "no"))
        self.assertIn(found["tls_version"], ("TLSv1.2", "TLSv1.3"))
        self.assertEqual(found["authentication"], "SCRAM-SHA-256-PLUS")
        self.assertIn("CN=good server", found["certificate_subject"])
        self.assertIn("CN=Test Root", found["certificate_issuer"])
        self.assertLess(found["certificate_not_before"], found["certificate_not_after"])

    @unittest.skipUnless(ROOT_CERT, "the server has no TLS")
    def test_a_key_log_that_cannot_be_written_is_a_warning(self):
        done = run("connect-info", tcp("u_trust", "sslmode=require sslkeylogfile=/nowhere/log"),
                   env=self.env())
        self.assertEqual(done.returncode, 0, done)
        self.assertIn(b"WARNING:", done.stderr)
        self.assertIn(b"/nowhere/log", done.stderr)

    def test_no_connection_is_3_and_says_where_and_why(self):
        shown = self.refused(3, "connect-info", tcp("u_scram", "password=hunter2"))
        self.assertIn(f"{HOST}:{PORT}", shown)
        self.assertIn('password authentication failed for user "u_scram"', shown)
        self.assertNotIn("hunter2", shown)
        self.assertIn("none is given", self.refused(3, "connect-info", tcp("u_scram")))
        self.assertIn("Connection refused",
                      self.refused(3, "connect-info", f"host={HOST} port=1 user=u"))

    def test_a_password_file_that_did_not_help_is_named(self):
        file = self.write(".pgpass", "elsewhere:*:*:*:hunter2\n")
        self.assertIn(f'"{file}" has no line', self.refused(3, "connect-info", tcp("u_scram")))
        self.write(".pgpass", "*:*:*:*:hunter2\n")
        shown = self.refused(3, "connect-info", tcp("u_scram"))
        self.assertIn(f'came from the password file "{file}"', shown)
        self.assertNotIn("hunter2", shown)
        absent = os.path.join(self.home, "absent")
        shown = self.refused(3, "connect-info", tcp("u_scram", "passfile=" + absent))
        self.assertIn(f'"{absent}"', shown)

    def test_a_wrong_command_line_or_dsn_is_2(self):
        self.assertIn("DSN", self.refused(2, "connect-info"))
        self.assertIn("offset 0", self.refused(2, "connect-info", "hots=h"))
        self.assertIn("--format", self.refused(2, "connect-info", "--format", "csv", DSN))


class Traced(Folder):
    """A running `tusk trace`; its port is told on standard error, its lines are read at the end."""

    def begin(self, *words, dsn=None, env=None):
        traced = subprocess.Popen([TUSK, "trace", "--listen", "0", *words, dsn or tcp("u_trust")],
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                  env=env or self.env())
        self.addCleanup(traced.stderr.close)
        self.addCleanup(traced.stdout.close)
        self.addCleanup(traced.wait, LIMIT)
        self.addCleanup(traced.kill)
        told = traced.stderr.readline().decode()
        self.assertIn("listening on 127.0.0.1, port ", told)
        self.port = int(told.split("port ")[1].split(",")[0])
        return traced

    def end(self, traced, by=signal.SIGTERM):
        traced.send_signal(by)
        shown, errors = traced.communicate(timeout=LIMIT)
        self.assertEqual((traced.returncode, errors), (0, b""))
        return shown.decode()

    def dsn(self, user, more=""):
        return f"host=127.0.0.1 port={self.port} user={user} dbname=postgres {more}"

    def test_both_directions_are_printed_and_secrets_are_not(self):
        traced = self.begin("--no-timestamps")
        done = query(self.dsn("u_scram", f"password={PASSWORD} sslmode=prefer"), "select 'x' as a")
        self.assertEqual(done.returncode, 0, done)
        shown = self.end(traced)
        lines = shown.splitlines()
        self.assertEqual(lines[:2], ["F\t8\tSSLRequest\t 1234 5679", "B\t1\tSSLResponse\t N"])
        self.assertIn('StartupMessage\t 3 0 "user" "u_scram"', lines[2])
        for line in ("B\t23\tAuthenticationSASL\t \"SCRAM-SHA-256\" \"\"",
                     "B\t8\tAuthenticationOk", "B\t11\tDataRow\t 1 1 'x'",
                     "B\t13\tCommandComplete\t \"SELECT 1\"", "F\t4\tTerminate"):
            self.assertIn(line, lines)
        self.assertRegex(shown, r"BackendKeyData\t \d+ \*\*\*\n")
        self.assertRegex(shown, r'SASLInitialResponse\t "SCRAM-SHA-256" \d+ \'\*\*\*\'\n')
        self.assertNotIn(PASSWORD, shown)

    def test_a_time_stands_in_front_and_values_can_be_left_out(self):
        traced = self.begin("--no-values")
        self.assertEqual(text_of("--format", "csv", self.dsn("u_trust"), "select $1::text as a",
                                 "hidden"), "a\nhidden\n")
        shown = self.end(traced, signal.SIGINT)
        self.assertNotIn("hidden", shown)
        for line in shown.splitlines():
            self.assertRegex(line, r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}\t[FB]\t\d+\t")
        self.assertIn("DataRow\t 1 6\n", shown)

    def test_psql_runs_through_it_and_regress_mode_is_the_same_each_time(self):
        shown = []
        for _ in range(2):
            traced = self.begin("--no-timestamps", "--regress")
            done = subprocess.run(["psql", "-X", "-q", "-d", self.dsn("u_trust"), "-c",
                                   "copy (select 1) to stdout", "-c", "select 1/0"],
                                  capture_output=True, timeout=LIMIT)
            self.assertEqual((done.returncode, done.stdout), (1, b"1\n"))
            shown.append(self.end(traced))
        self.assertEqual(shown[0], shown[1])
        self.assertIn("B\t6\tCopyData\t 'BBBB'\n", shown[0])
        self.assertIn("B\tNN\tErrorResponse\t", shown[0])
        self.assertIn("BackendKeyData\t NNNN NNNN\n", shown[0])

    def test_a_cancel_request_passes_and_connections_are_numbered(self):
        traced = self.begin("--no-timestamps")
        done = query("--timeout", "5", self.dsn("u_trust"), "select pg_sleep(600)")
        self.assertEqual(done.returncode, 3)
        self.assertIn(b"was cancelled", done.stderr)
        shown = self.end(traced)
        self.assertRegex(shown, r"\n2\tF\t16\tCancelRequest\t 1234 5678 \d+ \*\*\*\n")
        self.assertRegex(shown, r"\n1\tB\t\d+\tErrorResponse\t.* C \"57014\"")

    def test_many_clients_and_much_data_pass_unharmed(self):
        traced = self.begin("--no-values", "--no-timestamps")
        sql = "select i, repeat('x', 1000) from generate_series(1, 20000) i"
        clients = [subprocess.Popen([TUSK, "query", "--format", "csv", self.dsn("u_trust"), sql],
                                    stdout=subprocess.PIPE) for _ in range(4)]
        reader = []
        # Nobody reads its lines otherwise, and then it has to wait.
        thread = threading.Thread(target=lambda: reader.append(traced.stdout.read()))
        thread.start()
        for client in clients:
            self.assertEqual(len(client.communicate(timeout=LIMIT)[0].splitlines()), 20001)
        traced.send_signal(signal.SIGTERM)
        thread.join(LIMIT)
        self.assertEqual(traced.wait(LIMIT), 0)
        lines = reader[0].decode().splitlines()
        self.assertEqual(sum("\tDataRow\t" in line for line in lines), 80000)
        self.assertEqual({line[:2] for line in lines} - {"F\t", "B\t"},
                         {"1\t", "2\t", "3\t", "4\t"})

    def test_an_end_of_one_side_is_passed_on_and_the_other_goes_on(self):
        traced = self.begin("--no-timestamps")
        with socket.create_connection(("127.0.0.1", self.port), LIMIT) as client:
            body = b"\0\3\0\0user\0u_trust\0database\0postgres\0\0"
            query_body = b"select 'said'\0"
            client.sendall(struct.pack(">I", len(body) + 4) + body + b"Q" +
                           struct.pack(">I", len(query_body) + 4) + query_body)
            client.shutdown(socket.SHUT_WR)
            heard = b""
            while more := client.recv(65536):
                heard += more
        self.assertIn(b"said", heard)
        self.assertIn("DataRow\t 1 4 'said'", self.end(traced))

    def test_a_client_that_does_not_speak_the_protocol_ends_only_its_own_trace(self):
        traced = self.begin("--no-timestamps")
        with socket.create_connection(("127.0.0.1", self.port), LIMIT):
            pass
        with socket.create_connection(("127.0.0.1", self.port), LIMIT) as client:
            client.sendall(b"GET / HTTP/1.1\r\n\r\n")
            client.shutdown(socket.SHUT_WR)
            while client.recv(65536):
                pass
        self.assertEqual(text_of("--format", "csv", self.dsn("u_trust"), "select 1 as a"), "a\n1\n")
        shown = self.end(traced)
        self.assertIn("2\tF\t-\tmalformed: ", shown)
        self.assertIn("3\tB\t", shown)

    def test_a_server_that_is_not_there_is_told_to_the_client(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            gone = free.getsockname()[1]
            traced = self.begin("--no-timestamps", dsn=f"host=127.0.0.1 port={gone} user=u")
            done = query(self.dsn("u_trust"), "select 1")
            self.assertEqual(done.returncode, 3)
            self.assertIn(f"cannot connect to 127.0.0.1:{gone}: Connection refused",
                          done.stderr.decode())
            self.assertIn('B\t', self.end(traced))

    def test_a_unix_socket_is_reached_and_the_first_host_counts(self):
        folder = os.environ["TUSK_TEST_SOCKET_DIR"]
        traced = self.begin(dsn=f"host={folder},nowhere.invalid port={PORT} user=u sslmode=prefer")
        self.assertEqual(text_of("--format", "csv", self.dsn("postgres"), "select 1 as a"), "a\n1\n")
        self.assertIn("DataRow", self.end(traced))

    def test_what_cannot_be_done_is_refused(self):
        for mode in ("require", "verify-ca", "verify-full"):
            self.assertIn("sslmode=" + mode,
                          self.refused(2, "trace", "--listen", "0", tcp("u", "sslmode=" + mode)))
        self.assertIn("sslmode=require", self.refused(2, "trace", "--listen", "0", tcp("u"),
                                                      PGSSLMODE="require"))
        self.assertIn("--listen", self.refused(2, "trace", tcp("u")))
        self.assertIn("DSN", self.refused(2, "trace", "--listen", "0"))
        for port in ("65536", "-1", "x", ""):
            self.assertIn("--listen", self.refused(2, "trace", "--listen=" + port, tcp("u")))
        self.assertIn("there is no option", self.refused(2, "trace", "--listen", "0", "--x", "h"))
        self.assertIn("offset 0", self.refused(2, "trace", "--listen", "0", "hots=h"))
        self.assertIn("nowhere.invalid", self.refused(3, "trace", "--listen", "0",
                                                      "host=nowhere.invalid user=u"))
        self.assertIn("port " + PORT, self.refused(3, "trace", "--listen", PORT, "--host", HOST,
                                                   tcp("u")))


class Listen(unittest.TestCase):
    """A running `tusk listen`, which says on standard error when it listens.

    The channels are of this program alone: others listen and notify at the same time.
    """

    def setUp(self):
        self.name = unique_name()

    def begin(self, *words):
        heard = subprocess.Popen([TUSK, "listen", *words], stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, env=named(self.name))
        self.addCleanup(heard.stderr.close)
        self.addCleanup(heard.stdout.close)
        self.addCleanup(heard.wait, LIMIT)
        self.addCleanup(heard.kill)
        self.assertEqual(heard.stderr.readline(), b"tusk: listening\n")
        return heard

    def notify(self, channel, payload):
        done = query(DSN, "select pg_notify($1, $2), pg_backend_pid()", channel, payload)
        self.assertEqual(done.returncode, 0, done)

    def end(self, heard):
        out, errors = heard.communicate(timeout=LIMIT)
        return heard.returncode, out.decode(), errors.decode()

    def test_each_notification_is_one_line_as_it_comes(self):
        heard = self.begin(DSN, "Cli Orders", "cli other")
        self.notify("Cli Orders", "a\tb\nc\\")
        channel, pid, payload = heard.stdout.readline().decode().rstrip("\n").split("\t")
        self.assertEqual((channel, payload), ("Cli Orders", "a\\tb\\nc\\\\"))
        self.assertTrue(pid.isdigit())
        self.notify("cli orders", "another channel")
        self.notify("cli other", "")
        self.assertRegex(heard.stdout.readline().decode(), r"^cli other\t\d+\t\n$")
        heard.send_signal(signal.SIGINT)
        self.assertEqual(self.end(heard), (0, "", ""))

    def test_json_and_count(self):
        heard = self.begin("--format", "json", "--count=2", DSN, "cli_json")
        self.notify("cli_json", 'say "hi"\n')
        self.notify("cli_json", "2")
        self.notify("cli_json", "3")
        status, out, errors = self.end(heard)
        self.assertEqual((status, errors), (0, ""))
        lines = [json.loads(line) for line in out.splitlines()]
        self.assertEqual([line["payload"] for line in lines], ['say "hi"\n', "2"])
        self.assertEqual({line["channel"] for line in lines}, {"cli_json"})
        self.assertEqual({type(line["pid"]) for line in lines}, {int})

    def test_time_is_up(self):
        self.assertEqual(self.end(self.begin("--timeout", "3", DSN, "cli_time")), (0, "", ""))
        heard = self.begin("--timeout=3", "--count=1", DSN, "cli_time")
        self.assertEqual(self.end(heard), (3, "", ""))

    def kill_listeners(self):
        killed = text_of("--format", "csv", DSN, "select count(pg_terminate_backend(pid)) "
                         "from pg_stat_activity where application_name = $1", self.name)
        self.assertEqual(killed, "count\n2\n")

    def test_a_lost_connection_is_3_or_is_made_anew(self):
        once = self.begin(DSN, "cli_lost")
        again = self.begin("--reconnect", DSN, "cli_lost")
        self.kill_listeners()
        status, out, errors = self.end(once)
        self.assertEqual((status, out), (3, ""))
        self.assertIn("57P01", errors)
        told = again.stderr.readline().decode()
        self.assertIn("notifications may have been missed", told)
        self.notify("cli_lost", "after")
        self.assertTrue(again.stdout.readline().decode().endswith("\tafter\n"))
        again.send_signal(signal.SIGTERM)
        self.assertEqual(self.end(again)[0], 0)

    def test_a_wrong_command_line_or_name_is_2(self):
        for words in ([], [DSN], ["--count", "0", DSN, "c"], [DSN, "n" * 64], [DSN, ""],
                      ["--format=csv", DSN, "c"], ["--what", DSN, "c"]):
            self.assertEqual(run("listen", *words).returncode, 2, words)


class Help(unittest.TestCase):
    def test_help_and_version_go_to_standard_output(self):
        for words, said in ((["--help"], "usage: tusk query"), (["query", "--help"], "--timeout"),
                            (["dsn", "--help"], "--show-secrets"),
                            (["copy-in", "--help"], "--jobs"), (["copy-out", "-h"], "--query"), (["trace", "-h"], "--regress"), (["ping", "-h"], "--quiet"), (["listen", "-h"], "--reconnect"),
                            (["connect-info", "--help"], "tls_version"), (["--version"], "tusk ")):
            done = run(*words)
            self.assertEqual((done.returncode, done.stderr), (0, b""))
            self.assertIn(said, done.stdout.decode())


if __name__ == "__main__":
    unittest.main()
