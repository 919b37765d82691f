# shellcheck shell=bash
# Sourced: configures the build folders. Each compiler and each set of options has one of its own,
# so that no run throws away what another has built.

# What one build folder, or another clone, has compiled serves the others, too; only the debug
# information may then name the wrong folder.
export CCACHE_NOHASHDIR=1

clang_packages=(clang-19 libclang-rt-19-dev)

# configure_build FOLDER COMPILER OPTION...: new, or as it is when it is there already.
configure_build() {
  local folder=$1 compiler=$2 cache=
  shift 2
  command -v ccache >/dev/null && cache="ccache "
  if [ -e "$folder/build.ninja" ]; then
    meson configure "$folder" "$@" >/dev/null
  else
    # A folder whose first configuration failed holds a state that the next one trips over.
    rm -rf "$folder" &&
      CXX="$cache$compiler" meson setup "$folder" "$@"
  fi
}

# programs_of FOLDER SUITE: what the tests of a suite run out of the folder, as names for Ninja.
programs_of() {
  meson introspect "$1" --tests |
    python3 -c 'import json, os, sys
folder = os.path.realpath(sys.argv[1]) + os.sep
for test in json.load(sys.stdin):
    program = test["cmd"][0]
    if sys.argv[2] in [s.split(":")[-1] for s in test["suite"]] and program.startswith(folder):
        print(program[len(folder):])' "$1" "$2"
}

# has_tests FOLDER SUITE: Meson passes when a suite is empty, which would hide that it is gone.
has_tests() {
  meson introspect "$1" --tests |
    python3 -c 'import json, sys; sys.exit(
      not any(s.split(":")[-1] == sys.argv[1] for t in json.load(sys.stdin) for s in t["suite"]))' \
      "$2" || { echo "no tests in the suite $2 of $1" >&2; return 1; }
}
