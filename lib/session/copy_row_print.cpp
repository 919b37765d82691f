#include "session/copy_row_print.hpp"

namespace tusk::detail {

copy_printer copy_printer_of(oid type) noexcept {
  switch (type) {
    case oids::bool_: return copy_printer::boolean;
    case oids::int2: return copy_printer::int2;
    case oids::int4: return copy_printer::int4;
    case oids::int8: return copy_printer::int8;
    case oids::float4: return copy_printer::float4;
    case oids::float8: return copy_printer::float8;
    case oids::date: return copy_printer::date;
    case oids::timestamp: return copy_printer::timestamp;
    case oids::timestamptz: return copy_printer::timestamptz;
    case oids::interval: return copy_printer::interval;
    case oids::uuid: return copy_printer::uuid;
    default: return copy_printer::none;
  }
}

}  // namespace tusk::detail
