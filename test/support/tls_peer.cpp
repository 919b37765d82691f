#include "support/tls_peer.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace tusk::test {

namespace {

// A folder that lasts as long as the program.
class made_certificates {
 public:
  made_certificates() {
    const char* const script = std::getenv("TUSK_TEST_CERTIFICATES_SCRIPT");
    if (script == nullptr)
      throw std::runtime_error("TUSK_TEST_CERTIFICATES_SCRIPT is not set: run me by meson test");
    std::string name = std::filesystem::temp_directory_path() / "tusk-certificates.XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = name;
    const std::string command = "'" + std::string(script) + "' '" + name + "'";
    if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
  }
  ~made_certificates() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  made_certificates(const made_certificates&) = delete;
  made_certificates& operator=(const made_certificates&) = delete;
  [[nodiscard]] const std::string& folder() const { return folder_; }

 private:
  std::string folder_;
};

// OpenSSL's own socket BIO raises SIGPIPE. Only in the server's thread it is blocked, so that one
// that the library caused would still end the tests.
void block_sigpipe() {
  sigset_t broken_pipe;
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
}

void must(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("the TLS peer cannot: ") + what);
}

}  // namespace

const std::string& certificates() {
  static const made_certificates made;
  return made.folder();
}

std::string certificate_file(std::string_view name) {
  return certificates() + "/" + std::string(name);
}

std::string tls_peer_stream::read(std::size_t size) {
  std::string all(size, '\0');
  std::size_t have = 0;
  while (have < size) {
    std::size_t count = 0;
    if (SSL_read_ex(ssl_, all.data() + have, size - have, &count) != 1) break;
    have += count;
  }
  all.resize(have);
  return all;
}

bool tls_peer_stream::write(std::string_view bytes) {
  std::size_t written = 0;
  return SSL_write_ex(ssl_, bytes.data(), bytes.size(), &written) == 1;
}

void tls_peer_stream::update_key() {
  must(SSL_key_update(ssl_, SSL_KEY_UPDATE_REQUESTED) == 1, "update its key");
}

tls_peer::tls_peer(const tls_peer_options& options, script play) : options_(options) {
  context_ = SSL_CTX_new(TLS_server_method());
  const std::string certificate = certificate_file(options.certificate + ".crt");
  const std::string key = certificate_file(options.certificate + ".key");
  SSL_CTX_set_security_level(context_, 0);  // old versions of TLS are refused by the client only
  must(SSL_CTX_use_certificate_chain_file(context_, certificate.c_str()) == 1,
       "load a certificate");
  must(SSL_CTX_use_PrivateKey_file(context_, key.c_str(), SSL_FILETYPE_PEM) == 1, "load a key");
  must(SSL_CTX_set_min_proto_version(context_, options.min_version) == 1, "set a version");
  must(SSL_CTX_set_max_proto_version(context_, options.max_version) == 1, "set a version");
  SSL_CTX_set_alpn_select_cb(context_, choose_protocol, this);
  if (!options.client_roots.empty()) {
    must(SSL_CTX_load_verify_file(context_, certificate_file(options.client_roots).c_str()) == 1,
         "load roots");
    SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, nullptr);
  }
  make_pair(options.send_buffer);
  thread_ = std::thread([this, play = std::move(play)] {
    block_sigpipe();
    serve(play);
  });
}

tls_peer::tls_peer(bare_script play) {
  make_pair(0);
  thread_ = std::thread([this, play = std::move(play)] {
    block_sigpipe();
    play(server_);
    ::shutdown(server_, SHUT_RDWR);
  });
}

tls_peer::~tls_peer() {
  if (client_ >= 0) ::close(client_);
  ::shutdown(server_, SHUT_RDWR);
  finish();
  ::close(server_);
  SSL_CTX_free(context_);
}

void tls_peer::make_pair(int send_buffer) {
  int ends[2];
  must(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0, "make a socket pair");
  const timeval patience{120, 0};
  ::setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(ends[0], SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  for (const int end : ends) {
    if (send_buffer != 0)
      ::setsockopt(end, SOL_SOCKET, SO_SNDBUF, &send_buffer, sizeof send_buffer);
  }
  server_ = ends[0];
  client_ = ends[1];
}

net::transport tls_peer::client() {
  return net::transport(net::socket::adopt(bare_client()));
}

int tls_peer::bare_client() {
  return std::exchange(client_, -1);
}

void tls_peer::finish() {
  if (thread_.joinable()) thread_.join();
}

int tls_peer::choose_protocol(SSL*, const unsigned char** out, unsigned char* size,
                              const unsigned char* offered, unsigned int offered_size, void* self) {
  auto& peer = *static_cast<tls_peer*>(self);
  peer.offered_.assign(reinterpret_cast<const char*>(offered), offered_size);
  if (peer.options_.alpn.empty()) return SSL_TLSEXT_ERR_NOACK;
  *out = reinterpret_cast<const unsigned char*>(peer.options_.alpn.data());
  *size = static_cast<unsigned char>(peer.options_.alpn.size());
  return SSL_TLSEXT_ERR_OK;
}

void tls_peer::serve(const script& play) {
  SSL* const ssl = SSL_new(context_);
  SSL_set_fd(ssl, server_);
  accepted_ = SSL_accept(ssl) == 1;
  if (accepted_) {
    const char* const name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    asked_name_ = name == nullptr ? "" : name;
    if (X509* const certificate = SSL_get1_peer_certificate(ssl)) {
      char text[256];
      client_subject_ = X509_NAME_oneline(X509_get_subject_name(certificate), text, sizeof text);
      X509_free(certificate);
    }
    tls_peer_stream stream(ssl);
    if (play) play(stream);
  }
  // The client reads to this end; closing before would turn unread bytes into a reset.
  ::shutdown(server_, SHUT_WR);
  SSL_free(ssl);
}

net::tls_settings trusting_settings(std::string host) {
  net::tls_settings settings;
  settings.check = net::certificate_check::host;
  settings.host = std::move(host);
  settings.root_certificate = certificate_file("root.crt");
  return settings;
}

net::deadline soon() {
  return net::deadline::after(std::chrono::seconds(60));
}

}  // namespace tusk::test
