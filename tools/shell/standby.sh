# shellcheck shell=bash
# Sourced: a second server that streams from the first.

# copy_for_standby FOLDER MAJOR: before the first start, when a copy of the files is a base backup
# already. The packages of npm hold no pg_basebackup, and this takes a tenth of its time.
copy_for_standby() {
  local folder=$1
  [ "$2" -ge 12 ] || fail "--standby needs PostgreSQL 12 or newer (standby.signal)"
  mkdir "$folder/standby" && cp -a "$folder/data" "$folder/standby/data" &&
    touch "$folder/standby/data/standby.signal" || fail "cannot copy the cluster for a standby"
  [ "$(id -u)" -ne 0 ] || chown "$server_user" "$folder/standby" "$folder/standby/data/standby.signal"
}

standby_query() {
  clean_environment psql -X -q -A -t -v ON_ERROR_STOP=1 -d "user=postgres dbname=postgres $1" -c "$2"
}

# The roles of the primary are there once everything that it has written has been replayed.
wait_for_replay() {
  local primary=$1 standby=$2 written tenths
  written=$(standby_query "$primary" "select pg_current_wal_lsn()") || return 1
  for ((tenths = 0; tenths < 1200; ++tenths)); do
    [ "$(standby_query "$standby" "select pg_last_wal_replay_lsn() >= '$written'")" != t ] || return 0
    sleep 0.1
  done
  echo "the standby does not follow the primary" >&2
  return 1
}

launch_standby() {
  local folder=$1 port=$3 primary standby=$1/standby
  primary=$(. "$folder/environment" && echo "$TUSK_TEST_PORT")
  {
    cat "$folder/data/postgresql.conf"
    cat <<END
port = $port
unix_socket_directories = '$standby'
primary_conninfo = 'host=127.0.0.1 port=$primary user=postgres sslmode=disable'
END
  } >"$standby/data/postgresql.conf" &&
    cp "$folder/data/pg_hba.conf" "$standby/data/pg_hba.conf" &&
    start_postgres "$standby/data" &&
    wait_for_replay "host=$folder port=$primary" "host=$standby port=$port" &&
    announce "$folder" TUSK_TEST_STANDBY_PORT "$port" &&
    announce "$folder" TUSK_TEST_STANDBY_SOCKET_DIR "$standby"
}
