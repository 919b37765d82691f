# shellcheck shell=bash
# Sourced: what stands in front of a server, each on a loopback port of its own.

# runs PORT PID_FILE: whether it has written its process id and takes connections, within thirty
# seconds. Both: it listens first, and without the id nobody could stop it.
runs() {
  local hundredths
  for ((hundredths = 0; hundredths < 3000; ++hundredths)); do
    ! { [ -s "$2" ] && (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; } || return 0
    sleep 0.01
  done
  return 1
}

# give_to_server_user FILE...: gives them to the user that the servers run as.
give_to_server_user() {
  [ "$(id -u)" -ne 0 ] || chown "$server_user" "$@"
}

# Two ways to one database: a server for each transaction, and, under the name by_session, one for
# each session.
pgbouncer_configuration() {
  local folder=$1 port=$2 own=$1/pgbouncer server
  server="host=127.0.0.1 port=$(. "$folder/environment" && echo "$TUSK_TEST_PORT") dbname=postgres"
  cat <<END
[databases]
postgres = $server
by_session = $server pool_mode=session
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $port
unix_socket_dir =
auth_type = scram-sha-256
auth_file = $own/users.txt
pool_mode = transaction
logfile = $own/log
pidfile = $own/pid
END
  ! wants tls || cat <<END
client_tls_sslmode = allow
client_tls_key_file = $folder/certificates/good.key
client_tls_cert_file = $folder/certificates/good.crt
END
}

# TUSK_TEST_PGBOUNCER, where set, is the command that runs another PgBouncer than Debian's.
read -r -a pgbouncer <<<"${TUSK_TEST_PGBOUNCER:-/usr/sbin/pgbouncer}"

# The verifiers are those of the server, so that PgBouncer can log in with what clients prove.
launch_pgbouncer() {
  local folder=$1 port=$2 own=$1/pgbouncer
  rm -rf "$own" && mkdir -m 700 "$own" &&
    pgbouncer_configuration "$folder" "$port" >"$own/ini" &&
    standby_query "host=$folder port=$(. "$folder/environment" && echo "$TUSK_TEST_PORT")" \
      "select format('\"%s\" \"%s\"', rolname, rolpassword) from pg_authid
       where rolpassword like 'SCRAM%'" >"$own/users.txt" &&
    give_to_server_user "$own" "$own/ini" "$own/users.txt" &&
    as_server_user "${pgbouncer[@]}" -d -q "$own/ini" >/dev/null </dev/null &&
    runs "$port" "$own/pid" &&
    announce "$folder" TUSK_TEST_PGBOUNCER_PORT "$port" &&
    announce "$folder" TUSK_TEST_PGBOUNCER_VERSION \
      "$("${pgbouncer[@]}" --version | sed -n 's/^PgBouncer //p')"
}

haproxy_configuration() {
  local folder=$1 port=$2
  # shellcheck disable=SC1091
  . "$folder/environment"
  cat <<END
global
  stats socket $folder/haproxy/admin mode 666 level admin
defaults
  mode tcp
  timeout connect 60s
  timeout client 300s
  timeout server 300s
  timeout check 60s
frontend clients
  bind 127.0.0.1:$port
  default_backend servers
backend servers
  option pgsql-check user u_trust
  server primary 127.0.0.1:$TUSK_TEST_PORT check inter 500ms
  server standby 127.0.0.1:$TUSK_TEST_STANDBY_PORT check inter 500ms backup
END
}

launch_haproxy() {
  local folder=$1 port=$2 own=$1/haproxy
  rm -rf "$own" && mkdir -m 755 "$own" &&
    (haproxy_configuration "$folder" "$port") >"$own/cfg" &&
    give_to_server_user "$own" "$own/cfg" &&
    as_server_user /usr/sbin/haproxy -D -q -f "$own/cfg" -p "$own/pid" >/dev/null </dev/null &&
    runs "$port" "$own/pid" &&
    announce "$folder" TUSK_TEST_HAPROXY_PORT "$port" &&
    announce "$folder" TUSK_TEST_HAPROXY_ADMIN "$own/admin"
}

# stop_proxies FOLDER: by the process ids that they wrote.
stop_proxies() {
  local pid_file pid
  for pid_file in "$1"/pgbouncer/pid "$1"/haproxy/pid; do
    [ -s "$pid_file" ] || continue
    read -r pid <"$pid_file"
    # Stopping at once, and not when the last client has left.
    as_server_user kill -TERM "$pid" 2>/dev/null || true
  done
}
