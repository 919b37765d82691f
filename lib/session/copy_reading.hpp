#pragma once

#include <memory>
#include <utility>

#include "tusk/copy_out.hpp"
#include "types/copy_reader.hpp"

namespace tusk::detail {

/// A COPY TO STDOUT that is read row by row.
struct copy_reading {
  row_source data;
  copy_reader rows;
  std::shared_ptr<const column_set> columns;
};

}  // namespace tusk::detail
