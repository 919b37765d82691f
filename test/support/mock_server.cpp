#include "support/mock_server.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <system_error>

namespace tusk::test {

namespace {

constexpr int longest_wait_ms = 120'000;
constexpr std::uint32_t longest_message = std::uint32_t{1} << 24;

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::system_category(), what);
}

template <class Address>
const sockaddr* generic(const Address& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

}  // namespace

void mock_connection::fill() {
  std::array<std::byte, 16384> more;
  pollfd watched{descriptor_, POLLIN, 0};
  if (::poll(&watched, 1, longest_wait_ms) <= 0) throw mock_ended{};
  const ssize_t count = ::recv(descriptor_, more.data(), more.size(), 0);
  if (count <= 0) throw mock_ended{};
  input_.insert(input_.end(), more.begin(), more.begin() + count);
}

void mock_connection::consume() noexcept {
  input_.erase(input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(used_));
  used_ = 0;
}

proto::first_packet mock_connection::read_first_packet() {
  consume();
  for (;; fill()) {
    const proto::frame_result found = proto::next_untyped_frame(input_, longest_message);
    if (found.state == proto::framing::incomplete) continue;
    proto::first_packet packet;
    if (found.state != proto::framing::complete ||
        decode_first_packet(found.message.body, packet)) {
      throw std::runtime_error("the client's first packet is malformed");
    }
    used_ = found.needed;
    return packet;
  }
}

proto::frontend_message mock_connection::read_message(proto::frontend_state state) {
  consume();
  for (;; fill()) {
    const proto::frame_result found = proto::next_frame(input_, longest_message);
    if (found.state == proto::framing::incomplete) continue;
    proto::frontend_message message;
    if (found.state != proto::framing::complete || decode_frontend(found.message, state, message)) {
      throw std::runtime_error("a message of the client's is malformed");
    }
    used_ = found.needed;
    return message;
  }
}

std::string mock_connection::read_request() {
  std::string types;
  for (;;) {
    const proto::frontend_message message = read_message();
    if (std::holds_alternative<proto::terminate>(message)) throw mock_ended{};
    types += std::visit([](const auto& each) { return each.type; }, message);
    if (types.back() == 'Q' || types.back() == 'S') return types;
  }
}

void mock_connection::wait_for_end() {
  for (;; input_.clear())
    fill();
}

void mock_connection::send_encoded(const std::function<proto::error(proto::writer&)>& write) {
  std::vector<std::byte> storage(256);
  for (;;) {
    proto::writer out{storage};
    const proto::error failed = write(out);
    if (!failed) return send_raw(out.written());
    if (failed.what != proto::fault::no_room) {
      throw std::runtime_error("the script's message cannot be encoded: " +
                               std::string(proto::explain(failed.what)));
    }
    storage.resize(out.size());
  }
}

void mock_connection::send_raw(bytes_view bytes) {
  const bool is_last = left_ && bytes.size() >= *left_;
  if (is_last) bytes = bytes.first(*left_);
  if (left_) *left_ -= bytes.size();
  while (!bytes.empty()) {
    pollfd watched{descriptor_, POLLOUT, 0};
    if (::poll(&watched, 1, longest_wait_ms) <= 0) throw mock_ended{};
    const ssize_t count =
        ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0 && errno == EAGAIN) continue;
    if (count <= 0) throw mock_ended{};
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  if (!is_last) return;
  by_reset_ ? reset() : close();
  throw mock_ended{};
}

void mock_connection::read_startup() {
  for (;;) {
    const proto::first_packet packet = read_first_packet();
    if (std::holds_alternative<proto::startup_message>(packet)) return;
    if (std::holds_alternative<proto::cancel_request>(packet)) throw mock_ended{};
    send_raw(bytes_of("N"));
  }
}

void mock_connection::accept_startup() {
  read_startup();
  send(proto::authentication_ok{}, proto::parameter_status{"server_version", "15.0"},
       proto::parameter_status{"client_encoding", "UTF8"},
       proto::backend_key_data{process_id, bytes_of("key!")}, proto::ready_for_query{});
}

// Unread input would turn an ordinary close into a reset.
void mock_connection::close() noexcept {
  const std::lock_guard lock(closing_);
  if (descriptor_ < 0) return;
  if (!by_reset_) {
    ::shutdown(descriptor_, SHUT_WR);
    std::array<std::byte, 4096> unread;
    while (::recv(descriptor_, unread.data(), unread.size(), MSG_DONTWAIT) > 0) {
    }
  }
  ::close(descriptor_);
  descriptor_ = -1;
}

void mock_connection::reset() noexcept {
  by_reset_ = true;
  const linger at_once{1, 0};
  static_cast<void>(::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once));
  close();
}

void mock_connection::end_after(std::size_t bytes, bool by_reset) noexcept {
  left_ = bytes;
  by_reset_ = by_reset;
}

void mock_connection::interrupt() noexcept {
  const std::lock_guard lock(closing_);
  if (descriptor_ >= 0) ::shutdown(descriptor_, SHUT_RDWR);
}

mock_server::mock_server(script play) : play_(std::move(play)) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) fail("socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(descriptor, generic(address), sizeof address) != 0) fail("bind");
  socklen_t size = sizeof address;
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0) fail("name");
  port_ = ntohs(address.sin_port);
  listen_on(descriptor);
}

mock_server::mock_server(const std::string& folder, std::uint16_t port, script play)
    : play_(std::move(play)), port_(port), path_(folder + "/.s.PGSQL." + std::to_string(port)) {
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) fail("socket");
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path_.size() >= sizeof address.sun_path) throw std::runtime_error("the path is too long");
  std::memcpy(address.sun_path, path_.data(), path_.size());
  if (::bind(descriptor, generic(address), sizeof address) != 0) fail("bind");
  listen_on(descriptor);
}

void mock_server::listen_on(int descriptor) {
  listener_ = descriptor;
  if (::listen(listener_, 16) != 0) fail("listen");
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, wake_) != 0) fail("socketpair");
  accepting_ = std::thread([this] { accept_clients(); });
}

mock_server::~mock_server() {
  ::shutdown(wake_[0], SHUT_RDWR);
  accepting_.join();
  for (client& each : clients_)
    each.connection.interrupt();
  for (client& each : clients_)
    each.thread.join();
  ::close(listener_);
  ::close(wake_[0]);
  ::close(wake_[1]);
  if (!path_.empty()) ::unlink(path_.c_str());
}

bool mock_server::comes_to(std::size_t connections) const {
  for (int tries = 0; accepted_ < connections && tries < 6000; ++tries)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  return accepted_ >= connections;
}

void mock_server::accept_clients() {
  for (;;) {
    pollfd watched[2] = {{listener_, POLLIN, 0}, {wake_[1], POLLIN, 0}};
    if (::poll(watched, 2, -1) < 0) continue;
    if (watched[1].revents != 0) return;
    const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (descriptor < 0) continue;
    // Scripts write message by message; without this each would wait for the client's answer to
    // the one before. (A Unix socket refuses it and needs it not.)
    const int on = 1;
    static_cast<void>(::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
    client& fresh = clients_.emplace_back(descriptor, accepted_++);
    fresh.thread = std::thread([this, &fresh] { run(play_, fresh.connection); });
  }
}

void mock_server::run(const script& play, mock_connection& connection) noexcept {
  try {
    play(connection);
  } catch (const mock_ended&) {
  } catch (const std::exception& e) {
    std::fprintf(stderr, "mock server: %s\n", e.what());
  }
  connection.close();
}

}  // namespace tusk::test
