#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tusk/conninfo.hpp"

namespace tusk {

/// A connection parameter that tusk understands.
struct conninfo_keyword {
  std::string_view name;
  std::optional<std::string> conninfo::* member;
  std::string_view variable;  ///< where its default comes from; empty: from nowhere
};

/// In the order in which they are rendered.
[[nodiscard]] std::span<const conninfo_keyword> supported_keywords() noexcept;

/// The parameter of that name, or nullptr.
[[nodiscard]] const conninfo_keyword* find_keyword(std::string_view name) noexcept;

/// Whether libpq 18 has the keyword and tusk does not support it.
[[nodiscard]] bool is_unsupported_keyword(std::string_view name) noexcept;

/// The variables that libpq 18 reads for what tusk does not support.
[[nodiscard]] std::span<const std::string_view> unsupported_variables() noexcept;

/// Reads a number as strtol() does, white space and a sign allowed; nothing when it is none or does
/// not fit.
[[nodiscard]] std::optional<std::int32_t> whole_number(std::string_view text) noexcept;

/// What is wrong with a value, as a sentence that begins with the keyword and never shows the
/// value; empty when it can be honoured.
[[nodiscard]] std::string objection(std::string_view keyword, std::string_view value);

/// A keyword's value as it stands in a connection string.
struct conninfo_item {
  std::string keyword;
  std::string value;
  std::size_t offset;  ///< of the keyword, or of the URI's part, in bytes from 0
};

/// Splits `keyword=value` pairs. Throws programming_error.
[[nodiscard]] std::vector<conninfo_item> split_keyword_values(std::string_view text);

/// Length of the `postgresql://` at the beginning, 0 when the text is no URI of ours.
[[nodiscard]] std::size_t uri_prefix_length(std::string_view text) noexcept;

/// Splits a URI whose prefix has that length. Throws programming_error.
[[nodiscard]] std::vector<conninfo_item> split_uri(std::string_view text, std::size_t prefix);

/// Throws the programming_error that says where in a connection string something is wrong.
[[noreturn]] void fail_conninfo(std::size_t offset, std::string_view what,
                                std::string_view hint = {});

/// Throws for a keyword that is not among the supported ones.
[[noreturn]] void fail_keyword(std::size_t offset, std::string_view keyword);

/// What separates the pairs: C's isspace() in the C locale.
[[nodiscard]] constexpr bool is_conninfo_space(char c) noexcept {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

}  // namespace tusk
