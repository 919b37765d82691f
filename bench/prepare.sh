# shellcheck shell=bash
# Sourced: builds the programs of bench/ as they are shipped and runs measure.py on a server of its
# own. Nothing but the figures goes to standard output.
bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tools=$bench/../tools
# shellcheck source=tools/shell/packages.sh
. "$tools/shell/packages.sh"
# shellcheck source=tools/shell/steps.sh
. "$tools/shell/steps.sh"
# shellcheck source=tools/shell/build.sh
. "$tools/shell/build.sh"

build_clients() {
  # Debug information changes no instruction, and lets a profiler name the lines.
  configure_build build-bench g++ -Dbuildtype=release -Ddebug=true -Dtests=disabled \
    -Dtools=disabled -Dbench=enabled && meson compile -C build-bench
}

# measure WHAT PACKAGES -- ARGUMENT...
measure() {
  local what=$1 packages=()
  shift
  while [ "$1" != -- ]; do
    packages+=("$1")
    shift
  done
  shift
  need_packages "${build_packages[@]}" "${server_packages[@]}" libpq-dev "${packages[@]}" >&2
  cd "$bench/.." || fail "$bench is gone"
  # Wrong arguments are said before anything is built.
  python3 "$bench/measure.py" "$what" --check-arguments "$@"
  [[ " $* " != *" -h "* && " $* " != *" --help "* ]] || return 0
  attend build_clients >&2 || fail "the programs of bench/ cannot be built"
  attend "$tools/postgres" run --tls -- python3 "$bench/measure.py" "$what" "$@"
}
