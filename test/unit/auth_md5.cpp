#include "auth/md5.hpp"

#include <string>

#include "support/catch.hpp"

using tusk::auth::md5_password;

namespace {

constexpr std::array<std::byte, 4> salt{std::byte{0x01}, std::byte{0x00}, std::byte{0xFE},
                                        std::byte{0x42}};

std::string text_of(std::string_view user, std::string_view password) {
  return std::string(tusk::auth::view(md5_password(user, password, salt)));
}

}  // namespace

// The expected values come from md5sum: md5("secret" "ada"), then md5 of that and the salt.
TEST_CASE("An MD5 password is salted twice, and a salt may contain NUL") {
  CHECK(text_of("ada", "secret") == "md52f73b583bf5c704cb188bca36b7f6a59");
}

TEST_CASE("An MD5 password takes user and password as bytes, empty ones too") {
  CHECK(text_of("", "") == "md51d8f07a4500ec23feee644de0278ff38");
  CHECK(text_of("J\u00FCrgen", "p\u00E4ss w\u00F6rd") == "md571b525f21ec8369cd85cfaa304916e59");
}

TEST_CASE("An MD5 password depends on user, password and salt") {
  const auto answer = md5_password("ada", "secret", salt);
  CHECK(answer.size() == 35);
  CHECK(md5_password("adb", "secret", salt) != answer);
  CHECK(md5_password("ada", "Secret", salt) != answer);
  CHECK(md5_password("ada", "secret", {}) != answer);
}
