#pragma once

#include <string_view>

#include "tusk/types/oids.hpp"

namespace tusk {

/// The name of a built-in type in the catalog pg_type: "int4", "_int4" for its array. Unlike the
/// names that SQL prefers it can stand behind `pg_catalog.`, and it never implies a length as
/// `character` does. Empty when `type` is not built in. The view lives for ever.
std::string_view catalog_name(oid type) noexcept;

}  // namespace tusk
