#include "tusk/types/characters.hpp"

#include "support/catch.hpp"
#include "support/values.hpp"
#include "tusk/row.hpp"
#include "tusk/types/boolean.hpp"
#include "tusk/types/bytea.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

using byte_vector = std::vector<std::byte>;

}  // namespace

TEST_CASE("booleans are read from both formats and nothing else") {
  CHECK(decode<bool>(binary(oids::bool_, "01")));
  CHECK_FALSE(decode<bool>(binary(oids::bool_, "00")));
  CHECK(decode<bool>(text(oids::bool_, "t")));
  CHECK_FALSE(decode<bool>(text(oids::bool_, "f")));
  CHECK(decode<bool>(binary(oids::bool_, "02")));
  CHECK(
      data_error_of([] { (void)decode<bool>(binary(oids::bool_, "01 00")); }) ==
      "column \"c\" (boolean) cannot be read as bool: 2 bytes are not the binary form of boolean");
  CHECK_FALSE(data_error_of([] { (void)decode<bool>(binary(oids::bool_, "0001")); }).empty());
  CHECK_FALSE(data_error_of([] { (void)decode<bool>(binary(oids::bool_, "")); }).empty());
  CHECK_FALSE(data_error_of([] { (void)decode<bool>(text(oids::bool_, "yes")); }).empty());
  CHECK(encode(true, oids::bool_).hex() == "01");
}

TEST_CASE("a string reads any column as its text") {
  CHECK(decode<std::string>(binary(oids::text, "'Ada'")) == "Ada");
  CHECK(decode<std::string>(text(oids::point, "(1,2)")) == "(1,2)");
  // The cell of an untyped row, whose columns are asked for in binary, prints what it holds.
  CHECK(cell(binary(oids::int4, "ffffffff")).as<std::string>() == "-1");
  CHECK(cell(binary(oids::jsonb, "01 '[1]'")).as<std::optional<std::string>>() == "[1]");
  CHECK(decode<std::string>(text(oids::text, "")).empty());
  CHECK(codec<std::string>::reads(99999));
}

TEST_CASE("a string asks for text, except where the binary form is the text") {
  CHECK(codec<std::string>::read_format(oids::timestamptz) == format::text);
  CHECK(codec<std::string>::read_format(oids::int4) == format::text);
  CHECK(codec<std::string>::read_format(oids::varchar) == format::binary);
  CHECK(codec<std::string>::read_format(99999) == format::text);
}

TEST_CASE("a binary value that is read as a string says how to have it printed") {
  CHECK(data_error_of([] { (void)decode<std::string>(binary(oids::int4, "00000001")); }) ==
        "column \"c\" (integer) cannot be read as std::string: it came in binary; tusk::print() "
        "gives its text");
}

TEST_CASE("a string view points into the row, and refuses what is not text there") {
  const sample value = text(oids::text, "Ada");
  const field& in = value;
  const auto view = decode<std::string_view>(value);
  CHECK(view == "Ada");
  CHECK(static_cast<const void*>(view.data()) == static_cast<const void*>(in.data));
  CHECK(is_view<std::string_view>);
  const sample of_varchar = binary(oids::varchar, "'Ada'");
  const sample of_text = binary(oids::text, "'Ada'");
  CHECK(decode<std::string_view>(of_varchar) == "Ada");
  CHECK(decode<std::string_view>(of_text) == "Ada");
  const field null{.type = oids::text, .format = format::binary};
  CHECK_FALSE(data_error_of([&] { (void)codec<std::string_view>::decode(null); }).empty());
  CHECK(data_error_of([] { (void)decode<std::string_view>(binary(oids::int4, "00000001")); }) ==
        "column \"c\" (integer) cannot be read as std::string_view: it came in binary; read "
        "std::string");
}

TEST_CASE("text is sent for any parameter, in text") {
  const written sent = encode(std::string("2024-02-29"), oids::date);
  CHECK(sent.as == format::text);
  CHECK(sent.text() == "2024-02-29");
  CHECK(encode<const char*>("hi", 0).text() == "hi");
  CHECK(encode(std::string_view{}, oids::text).bytes.empty());
  CHECK(codec<const char*>::is_null(nullptr));
}

TEST_CASE("a string with a NUL inside is refused before anything is sent") {
  CHECK(data_error_of([] { encode(std::string("a\0b", 3), oids::text); }) ==
        "$1 (text) cannot take this std::string: its byte 2 is NUL, which no PostgreSQL text can "
        "hold; bytea can");
}

TEST_CASE("char is one byte of \"char\" or one character of ASCII text") {
  CHECK(decode<char>(binary(oids::char_, "ff")) == '\xff');
  CHECK(decode<char>(text(oids::char_, "\\377")) == '\xff');
  CHECK(decode<char>(text(oids::char_, "")) == '\0');
  CHECK(decode<char>(text(oids::char_, "r")) == 'r');
  CHECK(decode<char>(text(oids::bpchar, "x")) == 'x');
  CHECK(encode('x', oids::char_).hex() == "78");
  CHECK(encode('x', oids::text).hex() == "78");
  CHECK(data_error_of([] { (void)decode<char>(text(oids::text, "xy")); }) ==
        "column \"c\" (text) cannot be read as char: \"xy\" is not one character of ASCII");
  CHECK_FALSE(data_error_of([] { (void)decode<char>(text(oids::text, "")); }).empty());
  CHECK_FALSE(data_error_of([] { encode('\0', oids::text); }).empty());
  CHECK_FALSE(data_error_of([] { encode('\xe4', oids::text); }).empty());
}

TEST_CASE("bytea is read from binary and from both text forms") {
  const byte_vector expected = wire("00 ff '\\' 41");
  CHECK(decode<byte_vector>(binary(oids::bytea, "00 ff '\\' 41")) == expected);
  CHECK(decode<byte_vector>(text(oids::bytea, "\\x00ff5C41")) == expected);
  CHECK(decode<byte_vector>(text(oids::bytea, "\\000\\377\\\\A")) == expected);
  CHECK(decode<byte_vector>(text(oids::bytea, "\\x")).empty());
  CHECK(decode<byte_vector>(text(oids::bytea, "")).empty());
  for (const char* wrong : {"\\x0", "\\x0g", "\\38", "\\400", "\\", "\\12"})
    CHECK_FALSE(
        data_error_of([&] { (void)decode<byte_vector>(text(oids::bytea, wrong)); }).empty());
}

TEST_CASE("a view of bytea is binary only, and bytea is sent in binary") {
  const sample value = binary(oids::bytea, "00 ff");
  CHECK(decode<bytes_view>(value).size() == 2);
  CHECK_FALSE(data_error_of([] { (void)decode<bytes_view>(text(oids::bytea, "\\x00")); }).empty());
  CHECK(encode(wire("00 ff"), oids::bytea).hex() == "00ff");
  CHECK(encode(wire("00 ff"), oids::bytea).as == format::binary);
  CHECK_FALSE(data_error_of([] { encode(wire("00"), oids::text); }).empty());
}
