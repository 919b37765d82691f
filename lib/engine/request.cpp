#include "engine/request.hpp"

#include <array>

namespace tusk::engine {

namespace {

struct rule {
  request_kind kind;
  std::string_view partial;   // message types after which more must come
  std::string_view complete;  // message types that end the request
};

constexpr std::array rules{
    rule{request_kind::startup, "K", "Z"},
    rule{request_kind::simple_query, "TCIGHdc", "Z"},
    rule{request_kind::parse, "", "1"},
    rule{request_kind::bind, "", "2"},
    rule{request_kind::describe_statement, "t", "Tn"},
    rule{request_kind::describe_portal, "", "Tn"},
    rule{request_kind::execute, "GHdc", "CIs"},
    rule{request_kind::close, "", "3"},
    rule{request_kind::sync, "", "Z"},
    rule{request_kind::resync, "3", "Z"},
};

// Whether `type`, which the rules know, may come at this stage of a request.
constexpr bool in_order(request_kind kind, stage at, char type) noexcept {
  const bool copied = type == 'd' || type == 'c';
  switch (at) {
    case stage::begun: return kind == request_kind::describe_statement ? type == 't' : !copied;
    case stage::described: return type != 't';
    case stage::copying_in: return false;
    case stage::copied_in: return type == 'C';
    case stage::copying_out: return copied;
    case stage::failed: return type == 'Z';
  }
  return false;
}

constexpr std::size_t stages = 6;
using reply_table = std::array<std::array<std::array<reply, 128>, stages>, rules.size()>;

constexpr reply_table replies = [] {
  reply_table table{};  // refused, unless a rule says otherwise
  for (const rule& each : rules) {
    for (std::size_t at = 0; at < stages; ++at) {
      auto& row = table[static_cast<std::size_t>(each.kind)][at];
      for (const char type : each.partial) {
        if (in_order(each.kind, static_cast<stage>(at), type))
          row[static_cast<unsigned char>(type)] = reply::partial;
      }
      for (const char type : each.complete) {
        if (in_order(each.kind, static_cast<stage>(at), type))
          row[static_cast<unsigned char>(type)] = reply::complete;
      }
    }
  }
  return table;
}();

}  // namespace

std::string_view name_of(request_kind kind) noexcept {
  switch (kind) {
    case request_kind::startup: return "StartupMessage";
    case request_kind::simple_query: return "Query";
    case request_kind::parse: return "Parse";
    case request_kind::bind: return "Bind";
    case request_kind::describe_statement: return "Describe (statement)";
    case request_kind::describe_portal: return "Describe (portal)";
    case request_kind::execute: return "Execute";
    case request_kind::close: return "Close";
    case request_kind::sync: return "Sync";
    case request_kind::resync: return "Sync (after a refused COPY)";
  }
  return "?";
}

reply reply_to(const request& asked, char type) noexcept {
  const auto code = static_cast<unsigned char>(type);
  if (code >= 128) return reply::refused;
  return replies[static_cast<std::size_t>(asked.kind)][static_cast<std::size_t>(asked.stage)][code];
}

}  // namespace tusk::engine
