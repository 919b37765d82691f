#include "engine/authentication_policy.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

namespace tusk::engine {

namespace {

constexpr std::array<std::pair<std::string_view, auth_word>, 7> words{{
    {"none", auth_word::none},
    {"password", auth_word::password},
    {"md5", auth_word::md5},
    {"gss", auth_word::gss},
    {"sspi", auth_word::sspi},
    {"scram-sha-256", auth_word::scram_sha_256},
    {"oauth", auth_word::oauth},
}};

std::optional<auth_word> word_of(std::string_view name) noexcept {
  const auto* const found = std::find_if(words.begin(), words.end(),
                                         [name](const auto& each) { return each.first == name; });
  return found == words.end() ? std::nullopt : std::optional(found->second);
}

std::string wrong(std::string_view method, std::string_view why) {
  return "require_auth: \"" + std::string(method) + "\" " + std::string(why);
}

// Each word changes what it names once; one that changes nothing was there before.
std::string take_word(std::string_view item, bool negative, auth_words& allowed) {
  const bool negated = item.starts_with('!');
  const std::string_view name = item.substr(negated ? 1 : 0);
  if (negated != negative) {
    return wrong(item,
                 "stands among methods of the other kind: put a ! before all of them or none");
  }
  const std::optional<auth_word> word = word_of(name);
  if (!word) {
    return wrong(item,
                 "is no method; they are password, md5, gss, sspi, scram-sha-256, oauth and none");
  }
  if (allowed.has(*word) != negated) return wrong(item, "stands there twice");
  allowed.set(*word, !negated);
  return {};
}

std::string take_words(std::string_view text, auth_words& allowed) {
  const bool negative = text.starts_with('!');
  allowed = negative ? auth_words::all() : auth_words();
  for (;;) {
    const std::size_t comma = text.find(',');
    std::string problem = take_word(text.substr(0, comma), negative, allowed);
    if (!problem.empty() || comma == text.npos) return problem;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace

parsed_policy parse_policy(std::string_view require_auth, std::string_view channel_binding) {
  parsed_policy parsed;
  authentication_policy& policy = parsed.policy;
  policy.require_auth = require_auth;
  if (!require_auth.empty()) parsed.error = take_words(require_auth, policy.allowed);
  if (channel_binding == "disable") {
    policy.channel_binding = channel_binding_mode::disable;
  } else if (channel_binding == "require") {
    policy.channel_binding = channel_binding_mode::require;
  } else if (!channel_binding.empty() && channel_binding != "prefer" && parsed.error.empty()) {
    parsed.error = "channel_binding: \"" + std::string(channel_binding) +
                   "\" is none of disable, prefer and require";
  }
  return parsed;
}

}  // namespace tusk::engine
