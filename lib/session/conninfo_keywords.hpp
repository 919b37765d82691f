#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "auth/secret.hpp"
#include "tusk/conninfo.hpp"

namespace tusk {

/// A connection parameter.
struct conninfo_keyword {
  std::string_view name;
  std::variant<std::optional<std::string> conninfo::*, std::optional<secret> conninfo::*> member;
  std::string_view variable;  ///< where its default comes from; empty: from nowhere
  std::string_view fallback;  ///< the built-in default; empty: none
};

/// All of them, in libpq's order.
[[nodiscard]] std::span<const conninfo_keyword> conninfo_keywords() noexcept;

/// The parameter of that name, or nullptr.
[[nodiscard]] const conninfo_keyword* find_keyword(std::string_view name) noexcept;

/// Its value, or nothing when it is not set. A view until the value changes.
[[nodiscard]] std::optional<std::string_view> value_of(const conninfo& in,
                                                       const conninfo_keyword& keyword) noexcept;

/// A member's value; empty when it is not set, for those to whom that makes no difference.
[[nodiscard]] inline std::string_view text_of(const std::optional<std::string>& member) noexcept {
  return member ? std::string_view(*member) : std::string_view();
}

void set_value(conninfo& in, const conninfo_keyword& keyword, std::string_view value);

/// A keyword's value as it stands in a connection string.
struct conninfo_item {
  std::string keyword;
  auth::secret_text value;
  std::size_t offset;  ///< of the keyword, or of the URI's part, in bytes from 0
};

/// Splits `keyword=value` pairs. Throws programming_error.
[[nodiscard]] std::vector<conninfo_item> split_keyword_values(std::string_view text);

/// Length of the `postgresql://` at the beginning, 0 when the text is no URI of ours.
[[nodiscard]] std::size_t uri_prefix_length(std::string_view text) noexcept;

/// Splits a URI whose prefix has that length. Throws programming_error.
[[nodiscard]] std::vector<conninfo_item> split_uri(std::string_view text, std::size_t prefix);

/// Turns libpq's old `requiressl`, 1 or anything else, into the sslmode that it stands for.
void translate_requiressl(std::string& keyword, auth::secret_text& value);

/// Throws the programming_error that says where in a connection string something is wrong.
[[noreturn]] void fail_conninfo(std::size_t offset, std::string_view what,
                                std::string_view hint = {});

/// Throws for a word that is no keyword.
[[noreturn]] void fail_keyword(std::size_t offset, std::string_view keyword);

/// Throws the programming_error about a parameter, a variable or a file.
[[noreturn]] void fail_usage(std::string message);

/// What separates the pairs: C's isspace() in the C locale.
[[nodiscard]] constexpr bool is_conninfo_space(char c) noexcept {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

}  // namespace tusk
