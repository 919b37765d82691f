#pragma once

#include <string>
#include <utility>

#include "tusk/types/type_ref.hpp"

namespace tusk::test {

/// What the catalogs would say of a type that is not built in.
inline type_info known(oid number, std::string name, type_kind kind) {
  type_info result;
  result.number = number;
  result.name = result.sql_name = std::move(name);
  result.kind = kind;
  return result;
}

}  // namespace tusk::test
