#include "session/password_file.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <string>
#include <system_error>
#include <utility>

#include "session/conninfo_keywords.hpp"
#include "session/default_socket.hpp"
#include "session/secret_file.hpp"

namespace tusk {
namespace {

/// Takes the field at the beginning of the line and its ":" away when it fits. A ":" without a "\"
/// also fits one in `wanted`: people write IPv6 addresses so.
bool take_field(std::string_view& line, std::string_view wanted) noexcept {
  if (line.starts_with("*:")) {
    line.remove_prefix(2);
    return true;
  }
  std::size_t at = 0;
  for (const char c : wanted) {
    if (at < line.size() && line[at] == '\\') ++at;
    if (at == line.size() || line[at] != c) return false;
    ++at;
  }
  if (at == line.size() || line[at] != ':') return false;
  line.remove_prefix(at + 1);
  return true;
}

/// Up to a ":" that has no "\" before it: what follows is kept for later versions of the format.
secret unescaped(std::string_view field) {
  std::string text;
  text.reserve(field.size());  // growing would leave copies behind
  for (std::size_t i = 0; i < field.size() && field[i] != ':'; ++i) {
    if (field[i] == '\\' && i + 1 < field.size()) ++i;
    text += field[i];
  }
  return {std::move(text)};
}

}  // namespace

std::optional<secret> find_in_password_file(std::string_view text, std::string_view host,
                                            std::string_view port, std::string_view dbname,
                                            std::string_view user) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (line.ends_with('\r'))
      line.remove_suffix(1);
    // No password has a NUL: the protocol ends it there.
    if (line.starts_with('#') || line.find('\0') != std::string_view::npos) continue;
    if (take_field(line, host) && take_field(line, port) && take_field(line, dbname) &&
        take_field(line, user))
      return unescaped(line);
  }
  return std::nullopt;
}

password_found look_up_password(const conninfo& to, const endpoint& at) {
  const std::string_view dbname =
      text_of(to.dbname).empty() ? text_of(to.user) : text_of(to.dbname);
  password_found found;
  found.file = text_of(to.passfile);
  if (found.file.empty() || text_of(to.user).empty()) return found;
  const secret_file file = read_secret_file(found.file);
  if (file.error == ENOENT || file.error == ENOTDIR) {
    found.file.clear();
    return found;
  }
  const std::string ignored = "password file \"" + found.file + "\" is ignored: ";
  if (file.mode != 0 && !S_ISREG(file.mode)) {
    found.warning = ignored + "it is not a plain file";
  } else if ((file.mode & (S_IRWXG | S_IRWXO)) != 0) {
    found.warning = ignored + "others than its owner have access to it; its mode should be 0600";
  } else if (file.error == 0) {
    const std::string& named = at.name();
    const bool is_local = named.empty() || named == default_socket_directory();
    found.password = find_in_password_file(auth::view(file.text), is_local ? "localhost" : named,
                                           std::to_string(at.port), dbname, text_of(to.user));
    // As good as none: the server would be told that there is no password.
    if (found.password && found.password->empty()) found.password.reset();
  } else {
    found.warning = ignored + "it cannot be read: " + std::generic_category().message(file.error);
  }
  return found;
}

password_found conninfo::password_from_file() const {
  return look_up_password(*this, host_list(*this).front());
}

}  // namespace tusk
