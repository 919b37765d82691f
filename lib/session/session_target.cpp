#include "session/session_target.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "session/connection.hpp"

namespace tusk::detail {

namespace {

struct named_target {
  std::string_view name;
  session_target target;
};
constexpr std::array<named_target, 6> targets{{
    {"any", session_target::any},
    {"read-write", session_target::read_write},
    {"read-only", session_target::read_only},
    {"primary", session_target::primary},
    {"standby", session_target::standby},
    {"prefer-standby", session_target::prefer_standby},
}};

/// What a server says of itself, asked only where it does not report it.
class server_state {
 public:
  server_state(connection& line, const net::deadline& until) : line_(line), until_(until) {}

  [[nodiscard]] bool in_recovery() const {
    return is_on("in_hot_standby", "select pg_catalog.pg_is_in_recovery()");
  }
  [[nodiscard]] bool read_only() const {
    // One alone, as a pooler may pass it on, says nothing when it is off.
    const std::string_view question = "show transaction_read_only";
    if (line_.parameter("in_hot_standby").empty()) return is_on({}, question);
    return in_recovery() || is_on("default_transaction_read_only", question);
  }

 private:
  [[nodiscard]] bool is_on(std::string_view reported, std::string_view question) const {
    const std::string_view known = line_.parameter(reported);
    if (!known.empty()) return known == "on";
    const std::string answer = line_.ask(question, until_);
    return answer == "on" || answer == "t";
  }

  connection& line_;
  const net::deadline& until_;
};

}  // namespace

session_target session_target_of(std::string_view value) noexcept {
  const auto* found = std::ranges::find(targets, value, &named_target::name);
  return found == targets.end() ? session_target::any : found->target;
}

std::string_view target_misfit(connection& line, session_target wanted,
                               const net::deadline& until) {
  const server_state server(line, until);
  switch (wanted) {
    case session_target::any: return {};
    case session_target::read_write:
      return server.read_only() ? "its sessions are read-only" : std::string_view();
    case session_target::read_only:
      return server.read_only() ? std::string_view() : "its sessions are not read-only";
    case session_target::primary:
      return server.in_recovery() ? "it is a standby" : std::string_view();
    case session_target::standby:
    case session_target::prefer_standby:
      return server.in_recovery() ? std::string_view() : "it is a primary";
  }
  return {};
}

}  // namespace tusk::detail
