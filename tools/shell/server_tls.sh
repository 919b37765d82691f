# shellcheck shell=bash
# Sourced: what a server with TLS has besides: certificates, the roles that depend on encryption,
# and on PostgreSQL 18 a validator of OAuth tokens.

oauth_version=18

# The certificates lie where the tests find them, and the tests change the server's with
# ALTER SYSTEM set ssl_cert_file and a reload.
make_certificates() {
  local folder=$1 target=$1/certificates
  "${tools:?}/../test/support/certificates" "$target" >"$folder/certificates.log" 2>&1 ||
    fail "no certificates: $(tail -n 5 "$folder/certificates.log")"
  # PostgreSQL reads no key that others could; the clients' keys stay with who runs the tests.
  [ "$(id -u)" -ne 0 ] ||
    find "$target" -name '*.key' ! -name 'alice*' ! -name 'bob*' ! -name 'mallory*' \
      -exec chown "$server_user" {} +
}

make_validator() {
  local folder=$1 log=$1/validator.log
  mkdir -p "$folder/modules" &&
    gcc -std=c11 -O1 -Wall -Wextra -shared -fPIC -o "$folder/modules/tusk_validator.so" \
      "$tools/../test/support/oauth_validator.c" 2>"$log" ||
    fail "the OAuth validator does not compile: $(cat "$log")"
}

tls_configuration() {
  local folder=$1 target=$1/certificates
  cat <<END
ssl = on
ssl_ca_file = '$target/root.crt'
ssl_cert_file = '$target/good.crt'
ssl_key_file = '$target/good.key'
END
  if [ "$2" = "$oauth_version" ]; then
    make_validator "$folder"
    # The server's own folder may be shared by other servers, so the module stays out of it.
    cat <<END
dynamic_library_path = '$folder/modules:\$libdir'
oauth_validator_libraries = 'tusk_validator'
END
  fi
}

tls_access_rules() {
  cat <<END
hostssl all alice,bob all cert
host all +u_scram all scram-sha-256
hostssl all u_ssl all scram-sha-256
hostnossl all u_nossl all scram-sha-256
END
  # clientcert took 0 and 1 before 12.
  [ "$1" -lt 12 ] || echo "hostssl all u_cert_scram all scram-sha-256 clientcert=verify-ca"
  [ "$1" != "$oauth_version" ] ||
    echo 'host all u_oauth all oauth issuer="https://issuer.test" scope="openid" validator=tusk_validator'
}

tls_roles() {
  local role
  for role in alice bob u_ssl u_nossl u_cert_scram u_oauth; do
    echo "create role $role login password '$test_password';"
  done
}

tls_environment() {
  local folder=$1
  announce "$folder" TUSK_TEST_ROOT_CERT "$folder/certificates/root.crt"
  announce "$folder" TUSK_TEST_CERTIFICATES "$folder/certificates"
  [ "$2" != "$oauth_version" ] || announce "$folder" TUSK_TEST_OAUTH 1
}
