#include "session/conninfo_hosts.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

#include "session/conninfo_keywords.hpp"
#include "session/default_socket.hpp"

// PostgreSQL documentation, 34.1.1.3 "Specifying Multiple Hosts".
namespace tusk {
namespace {

constexpr std::uint16_t default_port = 5432;

/// A list that may be shorter than the list of servers only by being empty.
std::string_view place(const std::vector<std::string_view>& list, std::size_t at) {
  return at < list.size() ? list[at] : std::string_view();
}

}  // namespace

std::vector<std::string_view> split_list(std::string_view text) {
  std::vector<std::string_view> places;
  for (;;) {
    const std::size_t comma = text.find(',');
    places.push_back(text.substr(0, comma));
    if (comma == std::string_view::npos) return places;
    text.remove_prefix(comma + 1);
  }
}

std::optional<std::int32_t> parse_integer(std::string_view text) noexcept {
  while (!text.empty() && is_conninfo_space(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_conninfo_space(text.back()))
    text.remove_suffix(1);
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  std::int32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::uint16_t> port_of(std::string_view text) noexcept {
  if (text.empty()) return default_port;
  const std::optional<std::int32_t> number = parse_integer(text);
  if (!number || *number < 1 || *number > 65535) return std::nullopt;
  return static_cast<std::uint16_t>(*number);
}

std::size_t host_count(const conninfo& to) {
  const std::string_view counted =
      text_of(to.hostaddr).empty() ? text_of(to.host) : text_of(to.hostaddr);
  return 1 + static_cast<std::size_t>(std::ranges::count(counted, ','));
}

std::vector<endpoint> host_list(const conninfo& to) {
  const std::vector<std::string_view> hosts = split_list(text_of(to.host));
  const std::vector<std::string_view> addresses = split_list(text_of(to.hostaddr));
  const std::vector<std::string_view> ports = split_list(text_of(to.port));
  std::vector<endpoint> list(host_count(to));
  for (std::size_t i = 0; i < list.size(); ++i) {
    endpoint& entry = list[i];
    entry.host = place(hosts, i);
    entry.hostaddr = place(addresses, i);
    if (entry.host.empty() && entry.hostaddr.empty()) entry.host = default_socket_directory();
    const auto port = port_of(ports.size() == 1 ? ports.front() : place(ports, i));
    if (!port) fail_usage("connection parameter port must be a whole number from 1 to 65535");
    entry.port = *port;
  }
  return list;
}

}  // namespace tusk
