#pragma once

#include <openssl/ssl.h>

#include <functional>
#include <string>
#include <string_view>
#include <thread>

#include "net/transport.hpp"

namespace tusk::test {

/// The folder that test/support/certificates made, once for this program. The script is named by
/// TUSK_TEST_CERTIFICATES_SCRIPT.
const std::string& certificates();
/// The path of a file there.
std::string certificate_file(std::string_view name);

/// How the server's side of a handshake behaves.
struct tls_peer_options {
  std::string certificate = "good";  ///< NAME.crt, with the chain in it, and NAME.key
  std::string client_roots = {};     ///< asks for a client certificate of these authorities
  std::string alpn = "postgresql";   ///< what it chooses; empty: nothing
  int min_version = 0;               ///< TLS1_1_VERSION ...; 0: any
  int max_version = 0;
  int send_buffer = 0;  ///< of both ends' sockets, in bytes; 0: the system's
};

/// The server's end after the handshake, blocking.
class tls_peer_stream {
 public:
  explicit tls_peer_stream(SSL* ssl) : ssl_(ssl) {}
  /// Exactly `size` bytes, or as many as came before the client's end.
  std::string read(std::size_t size);
  /// False when the client is gone.
  bool write(std::string_view bytes);
  void close_notify() { SSL_shutdown(ssl_); }
  /// Announces fresh keys, and asks the client for the same.
  void update_key();
  [[nodiscard]] int descriptor() const { return SSL_get_fd(ssl_); }
  [[nodiscard]] SSL* ssl() const { return ssl_; }

 private:
  SSL* ssl_;
};

/// A TLS server for one client, on a thread of its own, over a socket pair.
class tls_peer {
 public:
  using script = std::function<void(tls_peer_stream&)>;
  /// Instead of a handshake: what the server does with its bare socket.
  using bare_script = std::function<void(int descriptor)>;

  explicit tls_peer(const tls_peer_options& options, script play = {});
  explicit tls_peer(bare_script play);
  ~tls_peer();
  tls_peer(const tls_peer&) = delete;
  tls_peer& operator=(const tls_peer&) = delete;

  /// The client's end; once.
  net::transport client();
  /// The same as a bare descriptor, which becomes the caller's.
  int bare_client();
  /// Waits for the server to be done. Then what it saw can be asked for.
  void finish();
  [[nodiscard]] bool accepted() const { return accepted_; }
  /// The name that the client asked for (SNI); empty: none.
  [[nodiscard]] const std::string& asked_name() const { return asked_name_; }
  /// The client certificate's subject; empty: none.
  [[nodiscard]] const std::string& client_subject() const { return client_subject_; }
  /// The protocols that the client offered, as they stand in the extension.
  [[nodiscard]] const std::string& offered() const { return offered_; }

 private:
  static int choose_protocol(SSL* ssl, const unsigned char** out, unsigned char* size,
                             const unsigned char* offered, unsigned int offered_size, void* self);
  void make_pair(int send_buffer);
  void serve(const script& play);

  tls_peer_options options_;
  int server_ = -1;
  int client_ = -1;
  SSL_CTX* context_ = nullptr;
  std::thread thread_;
  bool accepted_ = false;
  std::string asked_name_;
  std::string client_subject_;
  std::string offered_;
};

/// Settings that trust the tests' authority and demand the host's name.
net::tls_settings trusting_settings(std::string host = "localhost");
/// Long enough for anything that works.
net::deadline soon();

}  // namespace tusk::test
