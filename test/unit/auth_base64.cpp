#include "auth/base64.hpp"

#include <string>
#include <string_view>

#include "support/catch.hpp"

using tusk::auth::base64_decode;
using tusk::auth::base64_encode;

namespace {

std::string encoded(std::string_view text) {
  return base64_encode({reinterpret_cast<const unsigned char*>(text.data()), text.size()});
}

std::string decoded(std::string_view text) {
  const auto bytes = base64_decode(text);
  return bytes ? std::string(bytes->begin(), bytes->end()) : "refused";
}

}  // namespace

TEST_CASE("Base64 gives what the examples of RFC 4648 say, both ways") {
  const std::string_view words[] = {"", "f", "fo", "foo", "foob", "fooba", "foobar"};
  const std::string_view texts[] = {"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"};
  for (std::size_t i = 0; i < std::size(words); ++i) {
    CHECK(encoded(words[i]) == texts[i]);
    CHECK(decoded(texts[i]) == words[i]);
  }
}

TEST_CASE("Base64 brings every byte through") {
  for (unsigned value = 0; value < 256; ++value) {
    for (std::size_t length = 1; length < 5; ++length) {
      const std::string bytes(length, static_cast<char>(static_cast<unsigned char>(value)));
      REQUIRE(decoded(encoded(bytes)) == bytes);
    }
  }
}

TEST_CASE("Base64 refuses every text that an encoder does not write") {
  for (const std::string_view text :
       {"Z",    "Zg",   "Zg=",  "Zm9vY", "Zm8",   "Zg==Zg==",    "Zm8=Zm8=", "=",
        "==",   "===",  "====", "Z===",  "Zm9=v", "Z=9v",        "Zm9v\n",   "Zm 9",
        " Zg=", "Zm9-", "Zm9_", "Zh==",  "Zm9=",  "Zm8=\n\n\n\n"}) {
    INFO(text);
    CHECK(decoded(text) == "refused");
  }
}
