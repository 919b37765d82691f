#!/usr/bin/env python3
"""Compiles uses of incomplete codecs, and says which messages do not tell what to write.

Usage: codec_refused.py INCLUDE-FOLDER COMPILER...
"""
import subprocess
import sys

INCLUDE, COMPILER = sys.argv[1], sys.argv[2:]

READ = "static bool reads(tusk::type_ref); static tusk::format read_format(tusk::type_ref);"
WRITE = "static constexpr tusk::oid type = 0; static bool writes(tusk::type_ref);"
NAME = 'static constexpr std::string_view name = "t";'
DECODE = "static thing decode(const tusk::field&);"
ENCODE = "static tusk::format encode(tusk::value_writer&, const thing&);"

SENT = "auto use(const thing& value) { return tusk::detail::make_parameter(value); }"
SEEN = "thing use(const tusk::cell& value) { return value.as<thing>(); }"
BARE = "class thing { thing(); int hidden_; };"

# The members of a codec, what is done with the type, and what must be said: None when it compiles.
USES = [
    (NAME + READ + DECODE, SEEN, None),
    (NAME + WRITE + ENCODE, SENT, None),
    (None, SEEN, "for it has no codec"),
    (None, SENT, "for it has no codec"),
    (READ + DECODE, SEEN, "std::string_view name"),
    (NAME + DECODE + "static tusk::format read_format(tusk::type_ref);", SEEN, "static bool reads"),
    (NAME + DECODE + "static bool reads(tusk::type_ref);", SEEN, "tusk::format read_format"),
    (NAME + READ, SEEN, "static T decode"),
    (NAME + READ + "static int decode(const tusk::field&);", SEEN, "static T decode"),
    (WRITE + ENCODE, SENT, "std::string_view name"),
    (NAME + ENCODE + "static bool writes(tusk::type_ref);", SENT, "tusk::oid type"),
    (NAME + ENCODE + "static constexpr tusk::oid type = 0;", SENT, "static bool writes"),
    (NAME + WRITE, SENT, "static tusk::format encode"),
    (NAME + WRITE, "auto use(const std::optional<thing>& value) "
     "{ return tusk::detail::make_parameter(value); }", "static tusk::format encode"),
    # Labels that would not come back.
    (None, "enum class mood { sad, ok }; template <> struct tusk::enum_type<mood> { "
     'static constexpr std::string_view name = "mood"; static constexpr '
     "std::pair<mood, std::string_view> labels[] = "
     '{{mood::sad, "a"}, {mood::ok, "a"}}; };'
     "mood use(const tusk::cell& value) { return value.as<mood>(); }", "may stand once"),
]


def said_of(members, use):
    """What the compiler says; empty when it compiles."""
    codec = f"template <> struct tusk::codec<thing> {{ {members} }};" if members else ""
    source = "\n".join(['#include "tusk/row.hpp"', '#include "tusk/parameter.hpp"',
                        '#include "tusk/types/enumeration.hpp"', BARE, codec, use, ""])
    run = subprocess.run(
        [*COMPILER, "-std=c++20", "-fsyntax-only", "-w", "-I", INCLUDE, "-x", "c++", "-"],
        input=source, capture_output=True, text=True, check=False)
    return run.stderr if run.returncode != 0 else ""


def main():
    failures = []
    for members, use, wanted in USES:
        said = said_of(members, use)
        if (wanted or "") not in said or (said and not wanted):
            failures.append(f"{members}\n  {use}\n  wanted: {wanted}; said: {said[:2000]}")
    print("\n".join(failures) or f"{len(USES)} uses say what they should")
    return 1 if failures else 0


sys.exit(main())
