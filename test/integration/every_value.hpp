#pragma once

#include <string>
#include <vector>

namespace tusk::test {

/// One built-in type and values of it, each an SQL expression that is cast to it.
struct type_values {
  std::string type;
  std::vector<std::string> values;
  int since = 12;  ///< the first PostgreSQL that has it
};

/// What a value needs of the server, beside its type.
struct late_value {
  std::string type;
  std::string value;
  int since;
};

/// Every built-in type that accepts input, with its edges.
[[nodiscard]] const std::vector<type_values>& every_value();
/// Values that older servers do not take.
[[nodiscard]] const std::vector<late_value>& late_values();

/// The built-in types whose input functions refuse everything; what they hold comes from the
/// server's own catalogs, if at all.
[[nodiscard]] const std::vector<std::string>& types_without_input();

}  // namespace tusk::test
