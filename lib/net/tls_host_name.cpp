#include "net/tls_host_name.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

namespace tusk::net {

namespace {

// Not std::tolower: what a name means must not depend on the locale.
char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

// The host's address in network order; empty when it is a name. inet_aton(3), as libpq does: it
// also takes `127.1`, and getaddrinfo(3) does likewise.
std::string numeric(const std::string& host) {
  in_addr four{};
  if (::inet_aton(host.c_str(), &four) != 0) {
    std::string bytes(sizeof four, '\0');
    std::memcpy(bytes.data(), &four, sizeof four);
    return bytes;
  }
  in6_addr six{};
  if (::inet_pton(AF_INET6, host.c_str(), &six) != 1) return {};
  std::string bytes(sizeof six, '\0');
  std::memcpy(bytes.data(), &six, sizeof six);
  return bytes;
}

// `*.example.com` is for `a.example.com`, not for `example.com` or `a.b.example.com`.
bool wildcard_matches(std::string_view pattern, std::string_view host) noexcept {
  if (!pattern.starts_with("*.") || pattern.size() < 3) return false;
  const std::size_t dot = host.find('.');
  return dot != host.npos && dot > 0 && same(host.substr(dot), pattern.substr(1));
}

bool has_nul(std::string_view name) noexcept {
  return name.find('\0') != name.npos;
}

// The server wrote these names: nothing of them may play tricks with a terminal.
std::string shown(std::string_view name) {
  std::string text = "\"";
  for (const char c : name.substr(0, 100))
    text += c >= ' ' && c <= '~' ? c : '?';
  return text + (name.size() > 100 ? "...\"" : "\"");
}

std::string shown_address(const std::string& bytes) {
  char text[INET6_ADDRSTRLEN] = "?";
  const int family = bytes.size() == sizeof(in_addr) ? AF_INET : AF_INET6;
  if (bytes.size() == sizeof(in_addr) || bytes.size() == sizeof(in6_addr))
    static_cast<void>(::inet_ntop(family, bytes.data(), text, sizeof text));
  return text;
}

std::string list(const certificate_names& names, bool with_common_name) {
  std::vector<std::string> all;
  for (const std::string& name : names.dns)
    all.push_back(shown(name));
  for (const std::string& address : names.addresses)
    all.push_back(shown_address(address));
  if (with_common_name && names.common_name) all.push_back(shown(*names.common_name));
  if (all.empty()) return "names no host";
  constexpr std::size_t most = 8;
  std::string text = "is for " + all.front();
  for (std::size_t i = 1; i < std::min(all.size(), most); ++i)
    text += ", " + all[i];
  if (all.size() > most) text += " and " + std::to_string(all.size() - most) + " others";
  return text;
}

}  // namespace

bool looks_numeric(std::string_view host) noexcept {
  return host.find_first_not_of("0123456789.") == host.npos || host.find(':') != host.npos;
}

std::optional<std::string> refuse_host(std::string_view host, const certificate_names& names) {
  if (host.empty()) return "cannot be checked, for there is no host name: set host beside hostaddr";
  if (has_nul(host)) return "cannot be checked against a host name that holds a zero byte";
  const std::string address = numeric(std::string(host));
  const bool own_kind_absent = address.empty() ? names.dns.empty() : names.addresses.empty();
  const bool with_common_name = own_kind_absent && names.common_name;
  // "bank.test", a zero byte, ".evil.test": what C strings read is not what was certified.
  if (std::any_of(names.dns.begin(), names.dns.end(), has_nul) ||
      (with_common_name && has_nul(*names.common_name)))
    return "holds a zero byte in a host name, as forged ones do";
  const auto matches = [&](const std::string& name) {
    return same(name, host) || (address.empty() && wildcard_matches(name, host));
  };
  if (std::any_of(names.dns.begin(), names.dns.end(), matches)) return std::nullopt;
  if (!address.empty() &&
      std::find(names.addresses.begin(), names.addresses.end(), address) != names.addresses.end())
    return std::nullopt;
  if (with_common_name && matches(*names.common_name)) return std::nullopt;
  const std::string found = list(names, with_common_name);
  return found + ", not for " + shown(host) + "; " +
         (found.starts_with("is for") ? "connect by one of its names, or " : "") +
         "trust any name with sslmode=verify-ca";
}

}  // namespace tusk::net
