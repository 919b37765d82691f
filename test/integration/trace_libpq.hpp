#pragma once

#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace tusk::test {

/// What one side has said at once.
struct recorded {
  bool from_client;
  std::string bytes;
};

/// Relays one connection to a server, and keeps all that passes in its order.
class recording_proxy {
 public:
  recording_proxy(const char* host, const char* port);
  ~recording_proxy();
  recording_proxy(const recording_proxy&) = delete;
  recording_proxy& operator=(const recording_proxy&) = delete;

  /// On 127.0.0.1.
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  /// Waits until both sides have ended, and gives what was said.
  [[nodiscard]] std::vector<recorded> finish();

 private:
  void relay();

  int listener_ = -1;
  int server_ = -1;
  std::uint16_t port_ = 0;
  std::vector<recorded> pieces_;
  std::thread thread_;
};

}  // namespace tusk::test
