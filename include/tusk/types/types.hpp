#pragma once

// Every codec that tusk has.
#include "tusk/types/array.hpp"
#include "tusk/types/boolean.hpp"
#include "tusk/types/bytea.hpp"
#include "tusk/types/characters.hpp"
#include "tusk/types/codec.hpp"
#include "tusk/types/date.hpp"
#include "tusk/types/floats.hpp"
#include "tusk/types/integers.hpp"
#include "tusk/types/json.hpp"
#include "tusk/types/numeric.hpp"
#include "tusk/types/print.hpp"
#include "tusk/types/time.hpp"
#include "tusk/types/timestamp.hpp"
#include "tusk/types/uuid.hpp"
