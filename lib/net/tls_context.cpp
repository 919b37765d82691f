#include "net/tls_context.hpp"

#include <strings.h>

#include <mutex>
#include <vector>

#include "net/tls_callbacks.hpp"
#include "net/tls_files.hpp"
#include "net/tls_reason.hpp"

namespace tusk::net {

namespace {

// What of the settings the context depends on, with defaults filled in.
struct sources {
  std::string roots;  // a file, "system", or empty: the server's certificate is not checked
  std::string crl;
  std::string crl_folder;
  std::string identity;  // of all of it: equal texts, equal contexts
};

bool needs_roots(const tls_settings& settings) noexcept {
  return settings.check != certificate_check::none;
}

bool missing_roots(const tls_settings& settings, const std::string& path, tls_failure& failure) {
  const std::string mode =
      settings.check == certificate_check::host ? "sslmode=verify-full" : "sslmode=verify-ca";
  failure = {tls_fault::settings,
             mode + " needs the certificate of an authority to trust, and " +
                 (path.empty() ? "there is no home folder to look for .postgresql/root.crt in"
                               : "there is no file \"" + path + "\"") +
                 ": put it there, name another file with sslrootcert, or use the system's roots "
                 "with sslrootcert=system",
             {}};
  return false;
}

// libpq's rule: a file of roots that exists is used, whatever the mode; one that does not is
// missed only by verify-ca and verify-full.
bool find_roots(const tls_settings& settings, sources& to, tls_failure& failure) {
  if (settings.root_certificate == "system") {
    to.roots = "system";
    to.identity += "system" + system_roots_identity();
    return true;
  }
  const std::string path = given_or_default(settings.root_certificate, settings, "root.crt");
  const file_state file = look_at(path);
  if (!file.error.empty()) {
    failure = {tls_fault::settings, "the root certificates in " + file.error, {}};
    return false;
  }
  if (!file.exists) return !needs_roots(settings) || missing_roots(settings, path, failure);
  to.roots = path;
  to.identity += path + file.identity;
  return true;
}

// A list that was asked for by name must be there: going on without it would accept what was
// revoked. (libpq goes on.)
bool find_lists(const tls_settings& settings, sources& to, tls_failure& failure) {
  if (to.roots.empty()) return true;
  const bool named = !settings.crl.empty();
  const bool any = named || !settings.crl_folder.empty();
  const std::string path = any ? settings.crl : given_or_default({}, settings, "root.crl");
  const file_state file = look_at(path);
  const file_state folder = look_at_folder(settings.crl_folder);
  const std::string wrong = !file.error.empty()     ? "the revocation list in " + file.error
                            : !folder.error.empty() ? "the revocation lists in " + folder.error
                            : named && !file.exists ? "there is no revocation list \"" + path + "\""
                            : !settings.crl_folder.empty() && !folder.exists
                                ? "there is no folder \"" + settings.crl_folder + "\""
                                : "";
  if (!wrong.empty()) {
    failure = {
        tls_fault::settings, wrong + ": correct " + (named ? "sslcrl" : "sslcrldir or sslcrl"), {}};
    return false;
  }
  if (file.exists) to.crl = path;
  if (folder.exists) to.crl_folder = settings.crl_folder;
  to.identity += '\n' + to.crl + file.identity + '\n' + to.crl_folder + folder.identity;
  return true;
}

// In any case of letters, as libpq takes them.
int version_number(const std::string& name) noexcept {
  const auto is = [&](const char* known) { return ::strcasecmp(name.c_str(), known) == 0; };
  if (is("TLSv1")) return TLS1_VERSION;
  if (is("TLSv1.1")) return TLS1_1_VERSION;
  if (is("TLSv1.2")) return TLS1_2_VERSION;
  if (is("TLSv1.3")) return TLS1_3_VERSION;
  return -1;
}

bool set_versions(SSL_CTX* context, const tls_settings& settings, tls_failure& failure) {
  const int least =
      settings.min_version.empty() ? TLS1_2_VERSION : version_number(settings.min_version);
  const int most = settings.max_version.empty() ? 0 : version_number(settings.max_version);
  const auto refuse = [&](const std::string& message) {
    failure = {tls_fault::settings, message, {}};
    return false;
  };
  if (least < 0 || most < 0) {
    return refuse(least < 0 ? "ssl_min_protocol_version=" + settings.min_version +
                                  " is none of TLSv1, TLSv1.1, TLSv1.2, TLSv1.3"
                            : "ssl_max_protocol_version=" + settings.max_version +
                                  " is none of TLSv1, TLSv1.1, TLSv1.2, TLSv1.3");
  }
  if (most != 0 && most < least)
    return refuse("ssl_min_protocol_version is above ssl_max_protocol_version");
  if (SSL_CTX_set_min_proto_version(context, least) != 1 ||
      SSL_CTX_set_max_proto_version(context, most) != 1)
    return refuse("OpenSSL does not offer " + allowed_versions(settings) + ": " + openssl_reason());
  return true;
}

bool load_roots(tls_context& to, const sources& from, tls_failure& failure) {
  SSL_CTX* const context = to.context.get();
  const bool system = from.roots == "system";
  if (!from.roots.empty()) {
    const int loaded = system ? SSL_CTX_set_default_verify_paths(context)
                              : SSL_CTX_load_verify_file(context, from.roots.c_str());
    if (loaded != 1) {
      failure = {tls_fault::settings,
                 "the root certificates in \"" + from.roots +
                     "\" cannot be read (PEM is expected): " + openssl_reason(),
                 {}};
      return false;
    }
    to.roots =
        system ? "the system's roots (sslrootcert=system)" : "the roots in \"" + from.roots + "\"";
  }
  return true;
}

bool load_lists(tls_context& to, const sources& from, tls_failure& failure) {
  if (from.crl.empty() && from.crl_folder.empty()) return true;
  X509_STORE* const store = SSL_CTX_get_cert_store(to.context.get());
  // Lists only: X509_STORE_load_locations would also trust certificates in that file.
  X509_LOOKUP* const file = X509_STORE_add_lookup(store, X509_LOOKUP_file());
  if (!from.crl.empty() &&
      (file == nullptr || X509_load_crl_file(file, from.crl.c_str(), X509_FILETYPE_PEM) <= 0)) {
    failure = {tls_fault::settings,
               "the revocation list in \"" + from.crl +
                   "\" cannot be read (PEM is expected): " + openssl_reason(),
               {}};
    return false;
  }
  X509_LOOKUP* const folder = X509_STORE_add_lookup(store, X509_LOOKUP_hash_dir());
  if (!from.crl_folder.empty() &&
      (folder == nullptr ||
       X509_LOOKUP_add_dir(folder, from.crl_folder.c_str(), X509_FILETYPE_PEM) != 1)) {
    failure = {
        tls_fault::settings,
        "the revocation lists in \"" + from.crl_folder + "\" cannot be used: " + openssl_reason(),
        {}};
    return false;
  }
  X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
  to.lists = "\"" + (from.crl.empty() ? from.crl_folder : from.crl) + "\"";
  return true;
}

// PostgreSQL before 18 takes P-256 alone, and a guess that is wrong costs a round trip and a key.
// From OpenSSL 3.5 on the first guess is a key exchange that quantum computers do not break, which
// is worth more.
void prefer_p256(SSL_CTX* context) noexcept {
  constexpr unsigned long first_with_ml_kem = 0x30500000;
  // What a policy of the system forbids makes this fail, and its own list stays.
  char groups[] = "P-256:X25519:X448:P-521:P-384";  // OpenSSL's macro casts a const away
  if (OpenSSL_version_num() < first_with_ml_kem)
    static_cast<void>(SSL_CTX_set1_groups_list(context, groups));
}

std::shared_ptr<const tls_context> load(const tls_settings& settings, const sources& from,
                                        tls_failure& failure) {
  const auto made = std::make_shared<tls_context>();
  made->context.reset(SSL_CTX_new(TLS_client_method()));
  SSL_CTX* const context = made->context.get();
  if (context == nullptr) {
    failure = {tls_fault::settings, "OpenSSL cannot be used: " + openssl_reason(), {}};
    return nullptr;
  }
  // Nothing of a session outlives its connection, so a ticket would be for nothing.
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  prefer_p256(context);
  if (!settings.key_log.empty()) SSL_CTX_set_keylog_callback(context, append_to_key_log);
  if (!set_versions(context, settings, failure) || !load_roots(*made, from, failure) ||
      !load_lists(*made, from, failure))
    return nullptr;
  return made;
}

struct kept {
  std::string identity;
  std::shared_ptr<const tls_context> context;
};

constexpr std::size_t most_kept = 16;
std::mutex cache_mutex;
std::vector<kept>& cache() {
  // Never destroyed: a session in a static object may still connect while the program ends.
  static auto* const contexts = new std::vector<kept>;
  return *contexts;
}

}  // namespace

std::string allowed_versions(const tls_settings& settings) {
  const std::string least = settings.min_version.empty() ? "TLSv1.2" : settings.min_version;
  if (settings.max_version.empty()) return least + " or newer";
  return least == settings.max_version ? least : least + " to " + settings.max_version;
}

std::shared_ptr<const tls_context> find_tls_context(const tls_settings& settings,
                                                    tls_failure& failure) {
  sources from;
  from.identity = settings.min_version + '\n' + settings.max_version + '\n' +
                  (settings.key_log.empty() ? "" : "logged") + '\n';
  if (!find_roots(settings, from, failure) || !find_lists(settings, from, failure)) return nullptr;
  {
    const std::lock_guard lock(cache_mutex);
    for (const kept& one : cache()) {
      if (one.identity == from.identity) return one.context;
    }
  }
  // Outside of the lock: others need not wait for a slow disk.
  std::shared_ptr<const tls_context> made = load(settings, from, failure);
  if (made == nullptr) return nullptr;
  const std::lock_guard lock(cache_mutex);
  if (cache().size() == most_kept) cache().erase(cache().begin());
  cache().push_back({from.identity, made});
  return made;
}

}  // namespace tusk::net
