#pragma once

#include <cstdint>
#include <string>

#include "tusk/error.hpp"

namespace tusk {

/// A NoticeResponse: a warning or information of the server's.
struct notice {
  error_details fields;
};

/// A NotificationResponse: what a NOTIFY of some session said.
struct notification {
  std::int32_t process_id = 0;  ///< the notifying session's server process
  std::string channel;
  std::string payload;
};

}  // namespace tusk
