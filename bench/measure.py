#!/usr/bin/env python3
"""Runs the client programs of bench/ side by side and prints what they cost; see bench/README.md.

Run by bench/compare and bench/instructions, under `tools/postgres run`.
"""
import argparse
import dataclasses
import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PROGRAMS = HERE.parent / "build-bench" / "bench"
PROFILES = PROGRAMS / "callgrind"
FAMILIES = ("tusk", "libpq", "floor")


@dataclasses.dataclass(frozen=True)
class Workload:
    unit: str
    count: int  # units for each run of `compare`
    counted: tuple  # two numbers of units whose difference `instructions` takes
    tables: str = ""  # a file with tables that no other workload reads


# A new workload has one line here, its SQL in workloads.hpp and one function in each client.
WORKLOADS = {
    "ping": Workload("round trip", 20_000, (1_000, 3_000)),
    "point": Workload("row looked up", 20_000, (1_000, 3_000)),
    "pipeline": Workload("row looked up, in batches of 100", 100_000, (2_000, 6_000)),
    "insert_batch": Workload("row inserted", 100_000, (10_000, 30_000)),
    "rows_narrow": Workload("row", 2_000_000, (100_000, 300_000)),
    "rows_wide": Workload("row of 20 columns", 200_000, (10_000, 30_000), "wide.sql"),
    "rows_text": Workload("row of a 200-byte text", 500_000, (20_000, 60_000)),
    "bytea_large": Workload("row of a bytea of 1 MiB", 200, (20, 60), "large.sql"),
    "stream": Workload("row of a bigint and a 50-byte text", 5_000_000, (100_000, 300_000),
                       "stream.sql"),
    "copy_in_binary": Workload("row of four values", 1_000_000, (100_000, 300_000)),
    "copy_in_text": Workload("row of four values", 1_000_000, (100_000, 300_000)),
    "copy_out": Workload("row as it comes", 2_000_000, (100_000, 300_000)),
    "copy_out_typed": Workload("row of four values", 2_000_000, (100_000, 300_000)),
    "notify": Workload("notification, sent and heard", 50_000, (1_000, 3_000)),
    "connect_unix": Workload("connection by trust, opened and closed", 500, (20, 60)),
    "connect_tcp": Workload("connection by SCRAM, opened and closed", 100, (5, 15)),
    "connect_tls": Workload("connection by SCRAM under TLS, opened and closed", 100, (5, 15)),
    "ping_tls": Workload("round trip under TLS", 20_000, (1_000, 3_000)),
    "rows_text_tls": Workload("row of a 200-byte text under TLS", 500_000, (20_000, 60_000)),
}


def run(command):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed: {done.stderr or done.stdout}")
    return done.stdout


def program_of(client):
    return PROGRAMS / (client.split("-")[0] + "_client")


def clients_of(workload):
    """The clients that know this workload, in the order in which their programs list them."""
    listed = [line.split() for family in FAMILIES
              for line in run([program_of(family), "--list"]).splitlines()]
    return [client for name, client in listed if name == workload]


def run_client(workload, client, count, under=()):
    answer = json.loads(run([*under, program_of(client), workload, client, str(count)]))
    # A cost that is below what the kernel's clock can tell would make ratios meaningless.
    if answer["wall_s"] <= 0:
        sys.exit(f"{client} did nothing in {workload}")
    return answer


def check_digests(workload, digests):
    """Every client that decodes values must have seen the same ones; the floor sees none."""
    seen = {digest for client, digest in digests if client != "floor"}
    if len(seen) != 1:
        sys.exit(f"{workload}: the clients have not read the same values: {sorted(set(digests))}")


def median_round(answers):
    return sorted(answers, key=lambda answer: answer["cpu_s"])[len(answers) // 2]


def compare(name, rounds):
    """The median round of each client, by processor time. Rounds are interleaved, in turning order,
    so that what else the machine does falls on all alike."""
    clients, workload = clients_of(name), WORKLOADS[name]
    runs = {client: [] for client in clients}
    for turn in range(rounds + 1):
        at = turn % len(clients)
        for client in clients[at:] + clients[:at]:
            answer = run_client(name, client, workload.count)
            if turn > 0:  # the first round warms the server's caches
                runs[client].append(answer)
    check_digests(name, [(c, r["digest"]) for c, all_runs in runs.items() for r in all_runs])
    return [
        {"workload": name, "client": client, "n": workload.count,
         **{key: middle[key] for key in ("cpu_s", "wall_s", "max_rss_kib", "idle_rss_kib")}}
        for client, middle in ((client, median_round(runs[client])) for client in clients)
    ]


def ratio(value, base):
    return f"{value / base:.2f}" if base else "-"


def lowest(rows, family, key):
    return min((row[key] for row in rows if row["client"].startswith(family)), default=None)


def print_table(title, head, lines):
    widths = [max(map(len, column)) for column in zip(head, *lines)]
    print(f"\n{title}")
    for line in [head, *lines]:
        cells = [line[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(line[1:], widths[1:])]
        print("  " + "  ".join(cells).rstrip())


def show_compared(name, rows):
    workload = WORKLOADS[name]
    to_us = 1e6 / workload.count
    best = {(family, key): lowest(rows, family, key)
            for family in ("libpq", "floor") for key in ("cpu_s", "wall_s")}
    lines = [
        [row["client"], f"{row['cpu_s'] * to_us:.3f}", f"{row['wall_s'] * to_us:.3f}",
         f"{row['max_rss_kib'] / 1024:.1f}",
         # The kernel counts pages in lots, so a process that grew by nothing may be below zero.
         f"{max(row['max_rss_kib'] - row['idle_rss_kib'], 0) / 1024:.1f}",
         *(ratio(row[key], best[family, key])
           for family in ("libpq", "floor") for key in ("cpu_s", "wall_s"))]
        for row in rows
    ]
    print_table(
        f"{name}: {workload.count:,} times one {workload.unit}",
        ["", "CPU us", "wall us", "peak MiB", "above idle", "CPU:libpq", "wall:libpq", "CPU:floor",
         "wall:floor"],
        lines)


def instructions_of(profile):
    for line in profile.read_text().splitlines():
        if line.startswith("totals:"):
            return int(line.split()[1])
    sys.exit(f"{profile} has no totals")


def count_instructions(name):
    """Instructions for a unit: the difference of two runs, which leaves out starting, connecting
    and preparing. The profiles of the larger runs stay for callgrind_annotate."""
    few, many = WORKLOADS[name].counted
    PROFILES.mkdir(exist_ok=True)
    rows, digests = [], []
    for client in clients_of(name):
        totals = {}
        for count in (few, many):
            profile = PROFILES / f"{name}.{client}.out"
            under = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={profile}"]
            answer = run_client(name, client, count, under)
            totals[count] = instructions_of(profile)
        digests.append((client, answer["digest"]))
        rows.append({"workload": name, "client": client, "n": many - few,
                     "instructions": totals[many] - totals[few]})
    check_digests(name, digests)
    return rows


def show_counted(name, rows):
    base = lowest(rows, "libpq", "instructions")
    lines = [[row["client"], f"{row['instructions'] / row['n']:,.0f}",
              ratio(row["instructions"], base)] for row in rows]
    print_table(f"{name}: instructions for one {WORKLOADS[name].unit}, without the kernel's",
                ["", "instructions", ":libpq"], lines)
    print(f"  profiles for callgrind_annotate: {PROFILES.relative_to(HERE.parent)}/{name}.*.out")


def load_tables(workloads):
    extra = sorted({WORKLOADS[name].tables for name in workloads} - {""})
    for file in ["tables.sql", *extra]:
        run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", HERE / file,
             os.environ["TUSK_TEST_DSN"]])


def parse_arguments():
    parser = argparse.ArgumentParser(prog=f"bench/{sys.argv[1]}", description=__doc__.splitlines()[0])
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD",
                        help=f"one of {', '.join(WORKLOADS)}; all of them when there is none")
    parser.add_argument("--json", action="store_true", help="one object a line instead of tables")
    if sys.argv[1] == "compare":
        parser.add_argument("--rounds", type=int, default=7, help="how often each client runs (7)")
    parser.add_argument("--check-arguments", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args(sys.argv[2:])
    for name in arguments.workloads:
        if name not in WORKLOADS:
            parser.error(f"no workload {name}; there are: {', '.join(WORKLOADS)}")
    if getattr(arguments, "rounds", 1) < 1:
        parser.error("--rounds must be at least 1")
    return arguments


def main():
    arguments = parse_arguments()
    if arguments.check_arguments:
        return
    workloads = arguments.workloads or list(WORKLOADS)
    load_tables(workloads)
    for name in workloads:
        if sys.argv[1] == "compare":
            rows, show = compare(name, arguments.rounds), show_compared
        else:
            rows, show = count_instructions(name), show_counted
        if arguments.json:
            for row in rows:
                print(json.dumps(row), flush=True)
        else:
            show(name, rows)


if __name__ == "__main__":
    main()
