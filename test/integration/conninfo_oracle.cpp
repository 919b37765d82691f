#include <dlfcn.h>

#include <stdexcept>

#include "conninfo_libpq.hpp"
#include "tusk/error.hpp"

struct libpq::option {
  char* keyword;
  char* variable;
  char* compiled;
  char* value;
  char* label;
  char* display;
  int display_size;
};

namespace {

void* load(const std::string& path) {
  void* const library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) throw std::runtime_error(::dlerror());
  return library;
}

template <class Function>
void find(void* library, const char* name, Function*& function) {
  void* const found = ::dlsym(library, name);
  if (found == nullptr) throw std::runtime_error(::dlerror());
  function = reinterpret_cast<Function*>(found);
}

}  // namespace

libpq::libpq(const std::string& path) {
  void* const library = load(path);
  find(library, "PQconninfoParse", parse_);
  find(library, "PQconndefaults", defaults_);
  find(library, "PQconninfoFree", free_options_);
  find(library, "PQfreemem", free_);
  find(library, "PQconnectStart", connect_);
  find(library, "PQsocket", socket_);
  find(library, "PQfinish", finish_);
}

libpq::values libpq::take(option* list, void (*release)(option*)) {
  values found;
  for (const option* at = list; at->keyword != nullptr; ++at) {
    if (at->value != nullptr) found.emplace(at->keyword, at->value);
  }
  release(list);
  return found;
}

std::optional<libpq::values> libpq::parse(const std::string& text) const {
  char* message = nullptr;
  option* const list = parse_(text.c_str(), &message);
  free_(message);
  if (list == nullptr) return std::nullopt;
  return take(list, free_options_);
}

libpq::values libpq::defaults() const {
  return take(defaults_(), free_options_);
}

bool libpq::refuses_to_connect(const std::string& text) const {
  void* const connection = connect_(text.c_str());
  const bool has_socket = socket_(connection) >= 0;
  finish_(connection);
  return !has_socket;
}

std::optional<libpq::values> tusk_parse(std::string_view text) {
  try {
    libpq::values found;
    for (auto& [keyword, value] : tusk::conninfo::parse(text).items(tusk::secrets::shown))
      found.emplace(keyword, value);
    return found;
  } catch (const tusk::programming_error&) {
    return std::nullopt;
  }
}

std::string described(const std::optional<libpq::values>& understood) {
  if (!understood) return "refused";
  std::string text = "accepted:";
  for (const auto& [keyword, value] : *understood)
    text.append(" ").append(keyword).append("=<").append(value).append(">");
  return text;
}
