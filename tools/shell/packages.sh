# shellcheck shell=bash
# Sourced: installs the Debian packages that a script names, and only those that are missing.

# What a build of the library and its tests needs, and what a throwaway server needs.
build_packages=(g++ meson ninja-build pkg-config libboost1.81-dev nlohmann-json3-dev libssl-dev catch2
  ccache python3)
server_packages=(postgresql-15 python3 openssl)

fail() {
  printf '%s: %s\n' "${0##*/}" "$1" >&2
  exit 1
}

missing_packages() {
  local package
  for package in "$@"; do
    dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed ||
      printf '%s\n' "$package"
  done
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

can_be_root() {
  [ "$(id -u)" -eq 0 ] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }
}

# A Boost that is already there may conflict with libboost1.81-dev, and apt-get -y would then
# silently remove what other work on this machine needs.
refuse_removals() {
  local plan removed
  plan=$(apt-get install -s --no-install-recommends "$@") ||
    fail "apt-get cannot install: $*; its messages above say why."
  removed=$(awk '/^Remv / { print $2 }' <<<"$plan" | sort -u | tr '\n' ' ')
  [ -z "$removed" ] ||
    fail "installing $* would remove: $removed. Remove it yourself if nothing needs it, then run this again."
}

# The server's package would start a default cluster on port 5432. Two files keep it from that
# while it is installed: one for invoke-rc.d, one for pg_createcluster. A policy-rc.d that is
# already there is the administrator's and stays as it is.
install_quietly() (
  policy=/usr/sbin/policy-rc.d
  cluster=/etc/postgresql-common/createcluster.d/tusk.conf
  [ ! -e "$policy" ] || policy=
  # Expanded when the trap runs; this function is a subshell, so its EXIT is the end of it.
  trap 'as_root rm -f $policy "$cluster"; as_root rmdir --ignore-fail-on-non-empty "${cluster%/*}"' EXIT
  if [ -n "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
  fi
  as_root mkdir -p "${cluster%/*}"
  echo 'create_main_cluster = false' | as_root tee "$cluster" >/dev/null
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -q --no-install-recommends "$@"
)

# need_packages PACKAGE...: afterwards all of them are installed, or the script has ended.
need_packages() {
  local missing
  command -v dpkg-query >/dev/null || {
    echo "Not a Debian system: taking it that these are here: $*" >&2
    return 0
  }
  mapfile -t missing < <(missing_packages "$@")
  [ "${#missing[@]}" -gt 0 ] || return 0
  can_be_root || fail "these packages are missing, and there is neither root nor sudo to install them:
  apt-get install --no-install-recommends ${missing[*]}"
  echo "Installing: ${missing[*]}"
  as_root apt-get update -q
  refuse_removals "${missing[@]}"
  install_quietly "${missing[@]}"
}

# Any npm will do; Debian's, with its many dependencies, comes only where there is none.
need_npm() {
  command -v npm >/dev/null || need_packages npm
}
