#include "net/address.hpp"

#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>

namespace tusk::net {

namespace asio = boost::asio;

address::address(const sockaddr* from, std::size_t size, std::string text)
    : size_(size), text_(std::move(text)) {
  static_assert(sizeof storage_ >= sizeof(sockaddr_storage));
  std::memset(storage_, 0, sizeof storage_);
  std::memcpy(storage_, from, size);
}

const sockaddr* address::data() const noexcept {
  return reinterpret_cast<const sockaddr*>(storage_);
}

int address::family() const noexcept {
  return data()->sa_family;
}

bool address::is_local() const noexcept {
  return family() == AF_UNIX;
}

namespace {

address from_endpoint(const asio::ip::tcp::endpoint& endpoint) {
  const std::string host = endpoint.address().to_string();
  const std::string port = ":" + std::to_string(endpoint.port());
  return {endpoint.data(), endpoint.size(),
          (endpoint.address().is_v6() ? "[" + host + "]" : host) + port};
}

resolved unix_address(const std::string& folder, std::uint16_t port) {
  std::string path = folder + "/.s.PGSQL." + std::to_string(port);
  const std::string text = path;
  if (path.size() >= sizeof(sockaddr_un::sun_path)) {
    return {{},
            "the Unix socket's path \"" + text + "\" is longer than the system allows (" +
                std::to_string(sizeof(sockaddr_un::sun_path) - 1) + " bytes)"};
  }
  if (path.front() == '@') path.front() = '\0';
  const asio::local::stream_protocol::endpoint endpoint(path);
  return {{address(endpoint.data(), endpoint.size(), text)}, {}};
}

// What a lookup shares with its thread. Whoever is last deletes it, so a lookup that takes longer
// than its caller waits harms nobody.
struct lookup {
  std::mutex mutex;
  std::condition_variable finished;
  bool done = false;
  resolved result;
};

// A thread begins with the mask of the one that starts it. The program's signals are for its own
// threads: a handler that ran on ours would interrupt nothing that the program waits for.
class no_signals {
 public:
  no_signals() noexcept {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~no_signals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  no_signals(const no_signals&) = delete;
  no_signals& operator=(const no_signals&) = delete;

 private:
  sigset_t before_{};
};

void look_up(const std::string& host, std::uint16_t port, resolved& result) {
  asio::io_context context;
  asio::ip::tcp::resolver resolver(context);
  boost::system::error_code failed;
  const auto found = resolver.resolve(host, std::to_string(port),
                                      asio::ip::tcp::resolver::numeric_service, failed);
  if (failed) {
    result.error = "the host name \"" + host + "\" cannot be resolved: " + failed.message();
    return;
  }
  for (const auto& entry : found)
    result.addresses.push_back(from_endpoint(entry.endpoint()));
}

resolved look_up_on_own_thread(const std::string& host, std::uint16_t port, const deadline& until) {
  const auto shared = std::make_shared<lookup>();
  const auto work = [shared, host, port] {
    resolved result;
    try {
      look_up(host, port, result);
    } catch (const std::exception& e) {
      result.error = "the host name \"" + host + "\" cannot be resolved: " + e.what();
    }
    const std::lock_guard lock(shared->mutex);
    shared->result = std::move(result);
    shared->done = true;
    shared->finished.notify_all();
  };
  try {
    const no_signals here;
    std::thread(work).detach();
  } catch (const std::system_error& e) {
    return {{},
            "the host name \"" + host + "\" cannot be looked up in time: no thread: " + e.what()};
  }
  std::unique_lock lock(shared->mutex);
  if (!shared->finished.wait_for(lock, *until.left(), [&] { return shared->done; })) {
    return {{}, "the host name \"" + host + "\" was not resolved in time", true};
  }
  return std::move(shared->result);
}

}  // namespace

resolved resolve(const std::string& host, std::uint16_t port, const deadline& until) {
  if (host.starts_with('/') || host.starts_with('@')) return unix_address(host, port);
  if (host.empty() || host.find('\0') != host.npos) return {{}, "the host name is empty"};
  boost::system::error_code not_numeric;
  const asio::ip::address numeric = asio::ip::make_address(host, not_numeric);
  if (!not_numeric) return {{from_endpoint({numeric, port})}, {}};
  if (until.is_set()) return look_up_on_own_thread(host, port, until);
  resolved result;
  look_up(host, port, result);
  return result;
}

}  // namespace tusk::net
