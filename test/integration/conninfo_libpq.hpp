#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "tusk/conninfo.hpp"

/// libpq as the judge of what a connection string means: loaded at run time, for tusk itself does
/// without it.
class libpq {
 public:
  using values = std::map<std::string, std::string>;

  /// The library of that path. Throws std::runtime_error when it cannot be loaded.
  explicit libpq(const std::string& path);

  /// What PQconninfoParse() understands; nothing when it refuses.
  [[nodiscard]] std::optional<values> parse(const std::string& text) const;

  /// What PQconndefaults() gives in this process's environment.
  [[nodiscard]] values defaults() const;

  /// Whether a connection is refused for its parameters, before anything is sent. `text` must name
  /// a server that refuses connections.
  [[nodiscard]] bool refuses_to_connect(const std::string& text) const;

 private:
  struct option;  // PQconninfoOption of libpq-fe.h
  static values take(option* list, void (*release)(option*));

  option* (*parse_)(const char*, char**) = nullptr;
  option* (*defaults_)() = nullptr;
  void (*free_options_)(option*) = nullptr;
  void (*free_)(void*) = nullptr;
  void* (*connect_)(const char*) = nullptr;
  int (*socket_)(const void*) = nullptr;
  void (*finish_)(void*) = nullptr;
};

/// What tusk understands, in the same form; nothing when it refuses.
[[nodiscard]] std::optional<libpq::values> tusk_parse(std::string_view text);

/// Values as a text to be read.
[[nodiscard]] std::string described(const std::optional<libpq::values>& understood);
