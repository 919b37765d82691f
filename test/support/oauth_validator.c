// A validator of OAuth tokens for PostgreSQL 18, for tests: the token `good-NAME` is NAME's, any
// other is nobody's. It is built without the server's headers, which the ready-made servers lack;
// what they would say is declared here (PostgreSQL's documentation, "OAuth Validator Modules").

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// The server's own allocator: it frees what we hand out.
extern char* pstrdup(const char* text);

// The block by which a server tells that a module was built for it.
struct module_abi {
  int version;  // major * 100
  int max_function_arguments;
  int max_index_keys;
  int max_name_bytes;
  int float8_by_value;
  char variant[32];
};

struct module_magic {
  int size;
  struct module_abi abi;
  const char* name;
  const char* version;
};

const struct module_magic* Pg_magic_func(void) {
  static const struct module_magic magic = {
      sizeof magic, {1800, 100, 32, 64, true, "PostgreSQL"}, "tusk_validator", "1"};
  return &magic;
}

struct validator_state {
  int server_version;
  void* private_data;
};

struct validator_result {
  bool authorized;
  char* identity;
};

struct validator_callbacks {
  uint32_t magic;
  void (*startup)(struct validator_state* state);
  void (*shutdown)(struct validator_state* state);
  bool (*validate)(const struct validator_state* state, const char* token, const char* role,
                   struct validator_result* result);
};

static bool validate(const struct validator_state* state, const char* token, const char* role,
                     struct validator_result* result) {
  static const char good[] = "good-";
  (void)state;
  (void)role;  // the server compares it with the identity
  if (strncmp(token, good, sizeof good - 1) == 0) {
    result->authorized = true;
    result->identity = pstrdup(token + sizeof good - 1);
  }
  return true;
}

const struct validator_callbacks* _PG_oauth_validator_module_init(void) {
  static const struct validator_callbacks callbacks = {0x20250220, NULL, NULL, validate};
  return &callbacks;
}
