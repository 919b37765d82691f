// COPY in sessions whose client_encoding is not UTF-8.

#include <string>
#include <string_view>
#include <utility>

#include "integration/held_table.hpp"
#include "support/catch.hpp"

namespace {

using namespace tusk::test;
using tusk::copy_format;
using mode = tusk::statement_mode;
using status = tusk::session_status;

}  // namespace

TEST_CASE(
    "a session in another encoding copies its bytes as they are, and refuses what it cannot") {
  // In SJIS a katakana's second byte looks like a backslash; in LATIN1 every byte is a character.
  const std::pair<const char*, std::string> texts[] = {{"SJIS", "\x83\x5c\t\x83\x5c"},
                                                       {"LATIN1", "\xe9\t\\"}};
  for (const mode how : every_mode) {
    for (const auto& [encoding, text] : texts) {
      for (const copy_format format : every_format) {
        CAPTURE(static_cast<int>(how), encoding, static_cast<int>(format));
        auto db = connect({.mode = how, .follow_client_encoding = true});
        db.script("create temp table texts(t text); set client_encoding = " +
                  std::string(encoding));
        const auto fill = [&] {
          return db.copy_in({.table = "texts", .format = format},
                            [&](tusk::copy_in& in) { in.row(text); });
        };
        const auto read = [&] {
          std::size_t rows = 0;
          for (const auto& each : db.copy_rows<std::string>({.table = "texts", .format = format}))
            rows += each == text ? 1U : 0U;
          return rows;
        };
        if (std::string_view(encoding) == "SJIS" && format != copy_format::binary) {
          CHECK(error_of<tusk::programming_error>(fill).message().find("in binary") !=
                std::string_view::npos);
          CHECK(error_of<tusk::programming_error>(read).message().find("in binary") !=
                std::string_view::npos);
        } else {
          CHECK(fill() == 1);
          CHECK(read() == 1);
        }
        CHECK(db.status() == status::open);
      }
    }
  }
}
