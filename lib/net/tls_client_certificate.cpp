#include "net/tls_client_certificate.hpp"

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <exception>
#include <memory>

#include "net/tls_files.hpp"
#include "net/tls_reason.hpp"

namespace tusk::net {

namespace {

tls_failure refuse(std::string message) {
  return {tls_fault::settings, std::move(message), {}};
}

std::string system_reason(int code) {
  return std::error_code(code, std::system_category()).message();
}

class descriptor {
 public:
  explicit descriptor(int number) noexcept : number_(number) {}
  ~descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  [[nodiscard]] int number() const noexcept { return number_; }

 private:
  int number_;
};

constexpr off_t largest_key = 1 << 20;

// Reads the key's file, whose permissions are looked at where it is open, so that nobody can put
// another in its place between the two.
std::optional<tls_failure> read_key_file(const std::string& path, auth::secret_text& to) {
  const std::string named = "the private key \"" + path + "\" (sslkey) ";
  const descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.number() < 0) {
    return refuse(named + "of our certificate cannot be read: " + system_reason(errno) +
                  "; sslcertmode=disable goes without a certificate");
  }
  struct stat state{};
  if (::fstat(file.number(), &state) != 0)
    return refuse(named + "cannot be read: " + system_reason(errno));
  if (!S_ISREG(state.st_mode)) return refuse(named + "is not a regular file");
  // One of root's may be readable by a group: that is how a system shares its key.
  const mode_t wrong = state.st_uid == 0 ? S_IWGRP | S_IXGRP | S_IRWXO : S_IRWXG | S_IRWXO;
  if ((state.st_mode & wrong) != 0) {
    return refuse(named + "is open to others: run chmod 600 on it (0640 will do if it is root's)");
  }
  if (state.st_size > largest_key) return refuse(named + "is too large for a key");
  to.resize(static_cast<std::size_t>(state.st_size));
  std::size_t have = 0;
  while (have < to.size()) {
    const ssize_t count = ::read(file.number(), to.data() + have, to.size() - have);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return refuse(named + "cannot be read: " + system_reason(errno));
    if (count == 0) break;
    have += static_cast<std::size_t>(count);
  }
  to.resize(have);
  return std::nullopt;
}

// What OpenSSL's passphrase callback needs and leaves behind. OpenSSL may ask several times; the
// user is asked once.
struct passphrase_query {
  const tls_settings& settings;
  const std::string& path;
  bool asked = false;
  std::optional<auth::secret_text> answer = {};
  std::exception_ptr thrown = {};
};

int give_passphrase(char* to, int size, int /*writing*/, void* argument) {
  auto& query = *static_cast<passphrase_query*>(argument);
  if (!query.asked) {
    query.asked = true;
    try {
      if (query.settings.passphrase) query.answer = query.settings.passphrase(query.path);
    } catch (...) {
      query.thrown = std::current_exception();
    }
  }
  if (!query.answer || query.answer->size() > static_cast<std::size_t>(size)) return -1;
  std::ranges::copy(*query.answer, to);
  return static_cast<int>(query.answer->size());
}

using key_pointer = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using bio_pointer = std::unique_ptr<BIO, decltype(&BIO_free)>;

// PEM, or DER.
key_pointer parse_key(const auth::secret_text& text, passphrase_query& query) {
  const bio_pointer pem(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), BIO_free);
  if (!pem) return {nullptr, EVP_PKEY_free};
  key_pointer key(PEM_read_bio_PrivateKey(pem.get(), nullptr, give_passphrase, &query),
                  EVP_PKEY_free);
  if (key || query.asked) return key;
  const bio_pointer der(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), BIO_free);
  if (!der) return key;
  return {d2i_PrivateKey_bio(der.get(), nullptr), EVP_PKEY_free};
}

std::optional<tls_failure> load_key(SSL* ssl, const std::string& path,
                                    const std::string& certificate, const tls_settings& settings) {
  auth::secret_text text;
  if (auto failure = read_key_file(path, text)) return failure;
  passphrase_query query{settings, path};
  ERR_clear_error();
  const key_pointer key = parse_key(text, query);
  if (query.thrown) std::rethrow_exception(query.thrown);
  const std::string named = "the private key \"" + path + "\" (sslkey) ";
  if (!key && query.asked && (!query.answer || query.answer->empty())) {
    return refuse(named +
                  "is encrypted, and there is no passphrase: set sslpassword or give a "
                  "callback for it");
  }
  if (!key && query.asked) {
    ERR_clear_error();
    return refuse(named + "cannot be decrypted: the passphrase (sslpassword) is wrong");
  }
  if (!key) return refuse(named + "is neither PEM nor DER: " + openssl_reason());
  if (SSL_use_PrivateKey(ssl, key.get()) != 1 || SSL_check_private_key(ssl) != 1) {
    return refuse(named + "is not that of the certificate \"" + certificate +
                  "\" (sslcert): " + openssl_reason());
  }
  return std::nullopt;
}

// `engine:key`, as libpq has it where OpenSSL has engines; it takes no files with a colon.
bool names_engine(const std::string& key) {
  return key.find(':') != key.npos && !look_at(key).exists;
}

int no_passphrase(char* /*to*/, int /*size*/, int /*writing*/, void* /*argument*/) {
  return -1;  // OpenSSL's own callback would ask on the terminal
}

}  // namespace

std::optional<tls_failure> load_client_certificate(SSL* ssl, const tls_settings& settings) {
  if (settings.mode == client_certificate::disable) return std::nullopt;
  const std::string path = given_or_default(settings.certificate, settings, "postgresql.crt");
  const file_state file = look_at(path);
  if (!file.error.empty()) return refuse("our certificate in " + file.error);
  if (!file.exists) {
    if (settings.mode != client_certificate::require) return std::nullopt;
    return refuse("sslcertmode=require needs a client certificate, and " +
                  (path.empty() ? "sslcert is not set" : "there is no file \"" + path + "\""));
  }
  if (names_engine(settings.key)) {
    return refuse("sslkey=" + settings.key +
                  " names a key in an OpenSSL engine, which tusk does not support: give a file");
  }
  ERR_clear_error();
  SSL_set_default_passwd_cb(ssl, no_passphrase);
  if (SSL_use_certificate_chain_file(ssl, path.c_str()) != 1) {
    return refuse("our certificate in \"" + path +
                  "\" (sslcert) cannot be read (PEM is expected): " + openssl_reason());
  }
  const std::string key = given_or_default(settings.key, settings, "postgresql.key");
  if (key.empty()) return refuse("there is a client certificate, but sslkey is not set");
  return load_key(ssl, key, path, settings);
}

}  // namespace tusk::net
