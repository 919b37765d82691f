#pragma once

/// Everything of tusk's that a program needs: sessions, rows, values, errors.

#include "tusk/batch.hpp"
#include "tusk/canceller.hpp"
#include "tusk/conninfo.hpp"
#include "tusk/cursor.hpp"
#include "tusk/error.hpp"
#include "tusk/executor.hpp"
#include "tusk/options.hpp"
#include "tusk/ping.hpp"
#include "tusk/pipeline.hpp"
#include "tusk/quote.hpp"
#include "tusk/result.hpp"
#include "tusk/script.hpp"
#include "tusk/session.hpp"
#include "tusk/sql.hpp"
#include "tusk/sqlstate.hpp"
#include "tusk/statement.hpp"
#include "tusk/stream.hpp"
#include "tusk/transaction.hpp"
#include "tusk/types/types.hpp"
