#!/usr/bin/env python3
"""Compiles uses of tusk::sql that must not compile, and says which do.

Usage: sql_refused.py INCLUDE-FOLDER COMPILER...
"""
import re
import subprocess
import sys

INCLUDE, COMPILER = sys.argv[1], sys.argv[2:]

HEAD = """#include <string>
#include <string_view>
#include "tusk/sql.hpp"
#include "tusk/types/integers.hpp"
struct given { std::string text; std::string_view view; const char* chars; };
"""

TAKEN = [
    'tusk::sql q("select {}", tusk::ident(g.text, g.view)); q += " where true";',
    'constexpr std::string_view constant = "select {}"; tusk::sql q(constant, tusk::bind(1));',
    'int number = 1; tusk::sql q("{} \'{{}}\'", tusk::bind_view(number));',
]

REFUSED = [
    # A text that is known only at run time.
    "tusk::sql q(g.text);",
    "tusk::sql q(g.view);",
    "tusk::sql q(g.chars);",
    "tusk::sql q; q += g.text;",
    "tusk::sql q; q += g.chars;",
    "tusk::sql q; q.append(g.view);",
    'char local[] = "select 1"; tusk::sql q(local);',
    'static char buffer[] = "select 1"; tusk::sql q(buffer);',
    "tusk::sql q = tusk::join(g.view, {tusk::raw(g.text)});",
    # A part that does not say what it is.
    'tusk::sql q("select {}", g.text);',
    'tusk::sql q("select {}", "a");',
    'tusk::sql q("select {}", 7);',
    # A text that does not match its parts.
    'tusk::sql q("select {}");',
    'tusk::sql q("select", tusk::bind(1));',
    'tusk::sql q("{}, {}", tusk::bind(1));',
    'tusk::sql q; q += " {}";',
    'tusk::sql q("select \'{1,2}\'");',
    'tusk::sql q("select {");',
    'tusk::sql q("select }");',
    'tusk::sql q("select {0}", tusk::bind(1));',
    'tusk::sql q("select \\0 1");',
    # A view of what is gone at the end of the line, and what is no number.
    'tusk::sql q("{}", tusk::bind_view(7));',
    'tusk::sql q("{}", tusk::numeral(true));',
]

# What the compiler must have said on the way.
SAID = [
    "a part of an sql must say what it is",
    "one_field_for_each_of_the_parts",
    "a_brace_that_is_no_field",
    "must_not_contain_a_nul",
]


def compile_all(uses):
    """Each use in a function and on a line of its own: the lines that it complains of, and how."""
    lines = [f"void use_{i}(given g) {{ {use} (void)g; }}" for i, use in enumerate(uses)]
    run = subprocess.run(
        [*COMPILER, "-std=c++20", "-fsyntax-only", "-w", "-I", INCLUDE, "-x", "c++", "-"],
        input=HEAD + "\n".join(lines) + "\n", capture_output=True, text=True, check=False)
    first = HEAD.count("\n") + 1
    named = {int(line) - first for line in re.findall(r"<stdin>:(\d+):", run.stderr)}
    return run.returncode, named, run.stderr


def main():
    code, _, said = compile_all(TAKEN)
    failures = [f"does not compile:\n{said}"] if code != 0 else []
    _, named, said = compile_all(REFUSED)
    failures += [f"compiles: {use}" for i, use in enumerate(REFUSED) if i not in named]
    failures += [f"is not said: {each}" for each in SAID if each not in said]
    print("\n".join(failures) or f"{len(TAKEN)} compile, {len(REFUSED)} do not")
    return 1 if failures else 0


sys.exit(main())
