#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tusk::engine {

/// The words of `require_auth`. SCRAM with channel binding counts as `scram_sha_256`.
enum class auth_word : std::uint8_t { none, password, md5, gss, sspi, scram_sha_256, oauth };

/// A set of those words.
class auth_words {
 public:
  constexpr auth_words() noexcept = default;
  [[nodiscard]] static constexpr auth_words all() noexcept { return auth_words(0x7f); }

  [[nodiscard]] constexpr bool has(auth_word word) const noexcept {
    return (bits_ & bit(word)) != 0;
  }
  constexpr void set(auth_word word, bool in) noexcept {
    bits_ = static_cast<std::uint8_t>(in ? bits_ | bit(word) : bits_ & ~bit(word));
  }
  friend constexpr bool operator==(auth_words, auth_words) noexcept = default;

 private:
  constexpr explicit auth_words(std::uint8_t bits) noexcept : bits_(bits) {}
  static constexpr unsigned bit(auth_word word) noexcept {
    return 1U << static_cast<unsigned>(word);
  }

  std::uint8_t bits_ = 0;
};

/// The values of `channel_binding`.
enum class channel_binding_mode : std::uint8_t { disable, prefer, require };

/// What the client lets a server ask of it. Without `none` the server must ask, and the exchange
/// must come to its end.
struct authentication_policy {
  auth_words allowed = auth_words::all();
  std::string require_auth;  ///< as it was written, for messages; empty: anything goes
  channel_binding_mode channel_binding = channel_binding_mode::prefer;
};

/// A policy, or the sentence that says what is wrong with the texts.
struct parsed_policy {
  authentication_policy policy;
  std::string error;
};

/// Reads `require_auth` (methods with commas between them, either all as they are or all with a `!`
/// before them; each once; no white space) and `channel_binding` (`disable`, `prefer`, `require`).
/// An empty text stands for one that was not given.
[[nodiscard]] parsed_policy parse_policy(std::string_view require_auth,
                                         std::string_view channel_binding);

}  // namespace tusk::engine
