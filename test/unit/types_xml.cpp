#include <unordered_set>

#include "support/catch.hpp"
#include "support/values.hpp"
#include "tusk/types/xml.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

std::string from_binary(std::string_view sent) {
  return decode<xml>(sample(oids::xml, format::binary, bytes_of(sent))).text;
}

}  // namespace

TEST_CASE("xml goes both ways as its text") {
  const xml value{"<a>\u20ac</a>"};
  CHECK(codec<xml>::read_format(oids::xml) == format::text);
  CHECK(decode<xml>(text(oids::xml, value.text)) == value);
  const written sent = encode(value, oids::xml);
  CHECK(sent.as == format::text);
  CHECK(sent.text() == value.text);
  CHECK(detail::text_of(value) == value.text);
  CHECK(data_error_of([] {
          (void)encode(xml{std::string("a\0b", 3)}, oids::xml);
        }).find("its byte 2 is NUL") != std::string::npos);
  CHECK(data_error_of([] {
          (void)decode<xml>(text(oids::text, "<a/>"));
        }).find("column \"c\" (text) cannot be read as tusk::xml") == 0);
  CHECK(std::unordered_set<xml>{value, value, xml{}}.size() == 2);
}

TEST_CASE("xml in binary loses the encoding that the server declared for the client") {
  CHECK(from_binary("<a/>") == "<a/>");
  CHECK(from_binary("text alone") == "text alone");
  CHECK(from_binary("") == "");
  CHECK(from_binary(R"(<?xml version="1.0" encoding="LATIN1"?><a/>)") == "<a/>");
  CHECK(from_binary("<?xml version=\"1.0\" encoding=\"LATIN1\"?>\n\n<a/>") == "\n<a/>");
  CHECK(from_binary(R"(<?xml version="1.1" encoding="LATIN1"?><a/>)") ==
        R"(<?xml version="1.1"?><a/>)");
  CHECK(from_binary(R"(<?xml version="1.0" encoding="LATIN1" standalone="no"?><a/>)") ==
        R"(<?xml version="1.0" standalone="no"?><a/>)");
}

TEST_CASE("xml in binary without a declared encoding is left alone") {
  for (const char* same : {R"(<?xml version="1.1"?><a/>)", R"(<a b=' encoding="x"'/>)",
                           R"(<?xml version="1.0" standalone="yes"?><a c=' encoding="x"'/>)",
                           R"(<?xml version="1.0" encoding="broken)", "<?xml", "<?xml version=\""})
    CHECK(from_binary(same) == same);
}
