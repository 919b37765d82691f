#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "session/conninfo_keywords.hpp"

// PostgreSQL documentation, 34.1.1.2 "Connection URIs"; RFC 3986 section 2.1 for percent-encoding.
namespace tusk {
namespace {

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

class uri_splitter {
 public:
  uri_splitter(std::string_view text, std::size_t at) noexcept : text_(text), at_(at) {}

  std::vector<conninfo_item> split() {
    user_info();
    hosts_and_ports();
    if (next_is('/')) {
      const std::size_t start = ++at_;
      skip_to("?");
      add_unless_empty("dbname", part(start, at_));
    }
    if (next_is('?')) {
      ++at_;
      while (at_ < text_.size())
        query_parameter();
    }
    return std::move(items_);
  }

 private:
  /// Bytes of the URI that make one value, and where each of them stands: the hosts of a list are
  /// one value, though the ports lie between them.
  struct pieces {
    auth::secret_text text;  // of a password, too
    std::vector<std::size_t> offsets;
  };

  [[nodiscard]] bool next_is(char c) const noexcept {
    return at_ < text_.size() && text_[at_] == c;
  }
  void skip_to(std::string_view stops) noexcept {
    at_ = std::min(text_.find_first_of(stops, at_), text_.size());
  }

  void append(pieces& to, std::size_t start, std::size_t end) const {
    to.text.reserve(to.text.size() + (end - start));
    to.offsets.reserve(to.text.size() + (end - start));
    for (; start < end; ++start) {
      to.text.push_back(text_[start]);
      to.offsets.push_back(start);
    }
  }
  [[nodiscard]] pieces part(std::size_t start, std::size_t end) const {
    pieces made;
    append(made, start, end);
    return made;
  }

  /// Everything up to the first "@" before the first "/"; even a "?" or a "[" belongs to it.
  void user_info() {
    const std::size_t start = at_;
    const std::size_t end = text_.find_first_of("@/", start);
    if (end == std::string_view::npos || text_[end] != '@') return;
    const std::size_t colon = std::min(text_.find(':', start), end);
    add_unless_empty("user", part(start, colon));
    if (colon < end) add_unless_empty("password", part(colon + 1, end));
    at_ = end + 1;
  }

  /// `host:port` with commas between; the hosts and the ports become a list each, in which an empty
  /// place stays empty.
  void hosts_and_ports() {
    pieces hosts;
    pieces ports;
    for (;;) {
      if (next_is('['))
        bracketed_host(hosts);
      else
        plain_host(hosts);
      if (next_is(':')) port(ports);
      if (!next_is(',')) break;
      append(hosts, at_, at_ + 1);
      append(ports, at_, at_ + 1);
      ++at_;
    }
    add_unless_empty("host", hosts);
    add_unless_empty("port", ports);
  }

  void plain_host(pieces& hosts) {
    const std::size_t start = at_;
    skip_to(":/?,");
    // An abstract socket may begin with one; elsewhere it is the rest of a password.
    const std::size_t at_sign = text_.substr(0, at_).find('@', start + 1);
    if (at_sign != std::string_view::npos) {
      fail_conninfo(at_sign, "a host has no \"@\" inside",
                    "An \"@\" in a user's name or password is written %40.");
    }
    append(hosts, start, at_);
  }

  void port(pieces& ports) {
    const std::size_t start = ++at_;
    skip_to("/?,");
    // What is no number may be the beginning of a password whose "/" was not escaped; the rest of
    // it follows, and would show up as the database's name.
    const std::string_view digits = text_.substr(start, at_ - start);
    if (digits.find_first_not_of("0123456789 %+-") != std::string_view::npos &&
        text_.find('@', start) != std::string_view::npos) {
      fail_conninfo(start, "port must be a whole number from 1 to 65535",
                    "A \"/\" in a user's name or password is written %2F.");
    }
    append(ports, start, at_);
  }

  void bracketed_host(pieces& hosts) {
    const std::size_t start = ++at_;
    skip_to("]");
    if (at_ == text_.size()) fail_conninfo(start - 1, "the IPv6 address has no closing \"]\"");
    if (at_ == start) fail_conninfo(start, "the IPv6 address is empty");
    append(hosts, start, at_);
    ++at_;
    if (at_ < text_.size() && std::string_view(":/?,").find(text_[at_]) == std::string_view::npos)
      fail_conninfo(at_, "\":\" or \"/\" is expected after the IPv6 address");
  }

  void query_parameter() {
    const std::size_t start = at_;
    skip_to("&");
    const std::size_t end = at_;
    if (at_ < text_.size()) ++at_;
    const std::size_t equals = text_.substr(0, end).find('=', start);
    if (equals == std::string_view::npos)
      fail_conninfo(start, "\"=\" is missing in the URI's parameter");
    std::string keyword(auth::view(decoded("a parameter's name", part(start, equals))));
    if (text_.substr(0, end).find('=', equals + 1) != std::string_view::npos) {
      fail_conninfo(start, "the URI's parameter has a second \"=\"",
                    "In a value it is written %3D.");
    }
    auth::secret_text value =
        decoded(find_keyword(keyword) == nullptr ? "a parameter" : keyword, part(equals + 1, end));
    if (keyword == "ssl" && auth::view(value) == "true") {  // JDBC's way
      keyword = "sslmode";
      value = auth::to_secret("require");
    }
    translate_requiressl(keyword, value);
    if (find_keyword(keyword) == nullptr) fail_keyword(start, keyword);
    items_.push_back({std::move(keyword), std::move(value), start});
  }

  void add_unless_empty(std::string_view keyword, const pieces& from) {
    if (from.text.empty()) return;
    items_.push_back({std::string(keyword), decoded(keyword, from), from.offsets.front()});
  }

  /// Percent-decodes a part. As in libpq 18, spaces around it do not count and others are refused;
  /// "+" stands for itself.
  [[nodiscard]] static auth::secret_text decoded(std::string_view what, const pieces& from) {
    const std::string_view text = auth::view(from.text);
    std::size_t i = std::min(text.find_first_not_of(' '), text.size());
    const std::size_t end = text.find_last_not_of(' ') + 1;
    auth::secret_text value;
    value.reserve(end > i ? end - i : 0);
    for (; i < end; ++i) {
      if (text[i] == ' ') fail_in(what, from.offsets[i], "a space in a URI is written %20");
      if (text[i] != '%') {
        value.push_back(text[i]);
        continue;
      }
      const int high = i + 2 < end ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < end ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0)
        fail_in(what, from.offsets[i], "\"%\" is not followed by two hexadecimal digits");
      if (high == 0 && low == 0) fail_in(what, from.offsets[i], "%00 is not allowed");
      value.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    }
    return value;
  }

  [[noreturn]] static void fail_in(std::string_view what, std::size_t offset,
                                   std::string_view fault) {
    fail_conninfo(offset, std::string("in ").append(what).append(", ").append(fault));
  }

  std::string_view text_;
  std::size_t at_;
  std::vector<conninfo_item> items_;
};

}  // namespace

std::size_t uri_prefix_length(std::string_view text) noexcept {
  const std::size_t end = text.find("://");
  if (end == std::string_view::npos) return 0;
  std::string_view scheme = text.substr(0, end);
  // SQLAlchemy's postgresql+driver://
  if (const std::size_t plus = scheme.find('+'); plus != std::string_view::npos) {
    const std::string_view driver = scheme.substr(plus + 1);
    const auto fits = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    };
    if (driver.empty() || !std::ranges::all_of(driver, fits)) return 0;
    scheme = scheme.substr(0, plus);
  }
  return scheme == "postgresql" || scheme == "postgres" ? end + 3 : 0;
}

std::vector<conninfo_item> split_uri(std::string_view text, std::size_t prefix) {
  return uri_splitter(text, prefix).split();
}

}  // namespace tusk
