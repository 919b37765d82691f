#pragma once

#include <string_view>

#include "tusk/proto/bodiless.hpp"
#include "tusk/proto/list.hpp"

namespace tusk::proto {

/// The server is ready to be copied into ("Message Formats", CopyInResponse).
struct copy_in_response {
  static constexpr char type = 'G';
  static constexpr std::string_view message_name = "CopyInResponse";
  format overall = format::text;
  list<format> columns;  ///< one for each column
  friend bool operator==(const copy_in_response&, const copy_in_response&) = default;
};
/// CopyData from the server follows ("Message Formats", CopyOutResponse).
struct copy_out_response {
  static constexpr char type = 'H';
  static constexpr std::string_view message_name = "CopyOutResponse";
  format overall = format::text;
  list<format> columns;  ///< one for each column
  friend bool operator==(const copy_out_response&, const copy_out_response&) = default;
};
/// CopyData goes both ways, in streaming replication ("Message Formats", CopyBothResponse).
struct copy_both_response {
  static constexpr char type = 'W';
  static constexpr std::string_view message_name = "CopyBothResponse";
  format overall = format::text;
  list<format> columns;  ///< one for each column
  friend bool operator==(const copy_both_response&, const copy_both_response&) = default;
};
/// A part of a COPY stream, in either direction ("Message Formats", CopyData). Where a part ends
/// means nothing.
struct copy_data {
  static constexpr char type = 'd';
  static constexpr std::string_view message_name = "CopyData";
  bytes_view data;
  friend bool operator==(const copy_data& a, const copy_data& b) noexcept {
    return same_bytes(a.data, b.data);
  }
};
/// The COPY stream is complete, in either direction ("Message Formats", CopyDone).
struct copy_done : bodiless<'c'> {
  static constexpr std::string_view message_name = "CopyDone";
};
/// The client gives up ("Message Formats", CopyFail).
struct copy_fail {
  static constexpr char type = 'f';
  static constexpr std::string_view message_name = "CopyFail";
  std::string_view message;  ///< the server repeats it in its error
  friend bool operator==(const copy_fail&, const copy_fail&) = default;
};

[[nodiscard]] error encode(writer& out, const copy_in_response& message) noexcept;
[[nodiscard]] error encode(writer& out, const copy_out_response& message) noexcept;
[[nodiscard]] error encode(writer& out, const copy_both_response& message) noexcept;
[[nodiscard]] error encode(writer& out, const copy_data& message) noexcept;
[[nodiscard]] error encode(writer& out, const copy_fail& message) noexcept;

[[nodiscard]] error decode(bytes_view body, copy_in_response& out) noexcept;
[[nodiscard]] error decode(bytes_view body, copy_out_response& out) noexcept;
[[nodiscard]] error decode(bytes_view body, copy_both_response& out) noexcept;
[[nodiscard]] error decode(bytes_view body, copy_data& out) noexcept;
[[nodiscard]] error decode(bytes_view body, copy_fail& out) noexcept;

}  // namespace tusk::proto
