#include "auth/scram.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/catch.hpp"

using namespace std::string_view_literals;
using tusk::auth::make_scram_verifier;
using tusk::auth::scram_client;
using tusk::auth::scram_fault;
using tusk::auth::secret_text;
using tusk::auth::to_secret;

namespace {

// The nonces, salt and password of RFC 7677, section 3; good_final is for an empty user name, which
// is what PostgreSQL's clients send, and was computed by Python's hashlib and hmac.
constexpr std::string_view nonce = "rOprNGfwEbeRWgbNEkqO";
constexpr std::string_view server_nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
constexpr std::string_view salt = "W22ZaJ0SNY7soEsUEjb6gQ==";

std::string server_first(std::string_view r, std::string_view s, std::string_view i) {
  return "r=" + std::string{r} + ",s=" + std::string{s} + ",i=" + std::string{i};
}

const std::string good_first = server_first(server_nonce, salt, "4096");
const std::string good_final = "v=3HO6Qt1M4MKJrmlKaoOqLAI0/0TV0HZe7J9H3MBtSOg=";

/// What a client that is in the middle of an exchange says to `message`.
scram_fault answer(std::string_view message, std::uint32_t most = 1'000'000) {
  scram_client client{{.password = "pencil", .nonce = nonce, .max_iterations = most}};
  secret_text final = to_secret("left over");
  const scram_fault fault = client.server_first(message, final);
  CHECK(final.empty() == (fault != scram_fault::none));
  return fault;
}

}  // namespace

TEST_CASE("SCRAM-SHA-256 goes through the example of RFC 7677") {
  scram_client client{{.password = "pencil", .user = "user", .nonce = nonce}};
  CHECK(client.client_first() == "n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
  secret_text final;
  REQUIRE(client.server_first(good_first, final) == scram_fault::none);
  CHECK(view(final) ==
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
        "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
  CHECK(client.iterations() == 4096);
  CHECK_FALSE(client.finished());
  CHECK(client.server_final("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=") == scram_fault::none);
  CHECK(client.finished());
}

TEST_CASE("SCRAM sends an empty user name unless it has one, and escapes comma and equals sign") {
  CHECK(scram_client{{.nonce = "x"}}.client_first() == "n,,n=,r=x");
  CHECK(scram_client{{.user = "a,b=c", .nonce = "x"}}.client_first() == "n,,n=a=2Cb=3Dc,r=x");
}

TEST_CASE("A SCRAM verifier is the one that PostgreSQL stores") {
  const auto bytes = [](std::string_view text) { return std::as_bytes(std::span{text}); };
  CHECK(make_scram_verifier(
            "pencil", bytes("\322\133\371\257\337\210\271\052\104\242\163\150\234\334\363\100"sv),
            4096) ==
        "SCRAM-SHA-256$4096:0lv5r9+IuSpEonNonNzzQA==$BRdzDPi2OLaf6G+03adNNbaITRSqbONDRwFsJyHag98=:"
        "7BnAEnf6ncsF45E/RpV8Wuo8grkabZ7UI7GEUqWfSng=");
  CHECK(make_scram_verifier(
            "Pa\u017Fs\u00A0w\u00F6rd \u2168",
            bytes("\355\145\121\014\202\123\076\203\311\240\145\127\311\212\053\073"sv), 4096) ==
        "SCRAM-SHA-256$4096:7WVRDIJTPoPJoGVXyYorOw==$qomzL1X4+j0JMYAm2MYMAiAcrLcfwbI9YzlgjEuJfDw=:"
        "BM82sk2P3R2+d3g97KpKCSzt7FuZ8zxW7gDO9ial6VI=");
  CHECK(make_scram_verifier(
            "\u06271 raw",
            bytes("\253\161\106\252\221\357\102\143\363\267\177\063\266\330\355\334"sv), 4096) ==
        "SCRAM-SHA-256$4096:q3FGqpHvQmPzt38zttjt3A==$AMkUUcoLFxaLyF3uJNzRr3VMlutP/t/"
        "9TQD4QD9RFvQ=:XJjCEKnPF4iTKQOCXC33q3Ph3O1gdfYUWI1L0OS/Vqc=");
}

TEST_CASE("A SCRAM verifier of no or too many iterations is not made") {
  const std::byte one[1] = {};
  CHECK(make_scram_verifier("x", one, 0).empty());
  CHECK(make_scram_verifier("x", one, 0x80000000U).empty());
}

TEST_CASE("SCRAM prepares the password by SASLprep and takes raw bytes where that refuses") {
  const std::byte one[1] = {};
  CHECK(make_scram_verifier("I\u00ADX", one, 1) == make_scram_verifier("IX", one, 1));
  CHECK(make_scram_verifier("\u00ADx\xFF", one, 1) != make_scram_verifier("x\xFF", one, 1));
}

TEST_CASE("SCRAM binds to a channel: c= carries the header and the data") {
  scram_client client{{.password = "pencil",
                       .nonce = nonce,
                       .gs2_header = "p=tls-server-end-point,,",
                       .channel_binding_data = "abc"}};
  CHECK(client.client_first() == "p=tls-server-end-point,,n=,r=rOprNGfwEbeRWgbNEkqO");
  secret_text final;
  REQUIRE(client.server_first(good_first, final) == scram_fault::none);
  CHECK(view(final).starts_with("c=cD10bHMtc2VydmVyLWVuZC1wb2ludCwsYWJj,r="));
}

TEST_CASE("SCRAM refuses a nonce that is not ours with more behind it") {
  CHECK(answer(server_first(nonce, salt, "4096")) == scram_fault::bad_nonce);
  CHECK(answer(server_first("rOprNGfwEbeRWgbNEkqX%hv", salt, "4096")) == scram_fault::bad_nonce);
  CHECK(answer(server_first("rOpr", salt, "4096")) == scram_fault::bad_nonce);
  CHECK(answer(server_first("", salt, "4096")) == scram_fault::bad_nonce);
  CHECK(answer(server_first(std::string{nonce} + "\x7F", salt, "1")) == scram_fault::bad_nonce);
  CHECK(answer(server_first(std::string{nonce} + " ", salt, "1")) == scram_fault::bad_nonce);
}

TEST_CASE("SCRAM refuses to work with a nonce of ours that is empty or unprintable") {
  for (const std::string_view own : {"", "a,b", "a b", "\x01"}) {
    scram_client client{{.password = "pencil", .nonce = own}};
    secret_text final;
    CHECK(client.server_first(good_first, final) != scram_fault::none);
  }
}

TEST_CASE("SCRAM refuses a salt that is empty or not strictly base64") {
  for (const std::string_view bad : {"", "W22", "W22Z aJ0", "W22Z\n", "W2==W22Z", "W23=", "W22$"}) {
    INFO(bad);
    CHECK(answer(server_first(server_nonce, bad, "4096")) == scram_fault::bad_salt);
  }
}

TEST_CASE("SCRAM refuses an iteration count that is not a positive decimal number") {
  for (const std::string_view bad :
       {"", "0", "-1", "+1", " 1", "1 ", "01", "0x10", "4096x", "1.5"}) {
    INFO(bad);
    CHECK(answer(server_first(server_nonce, salt, bad)) == scram_fault::bad_iterations);
  }
}

TEST_CASE("SCRAM refuses more iterations than allowed, before it computes any, and says how many") {
  CHECK(answer(server_first(server_nonce, salt, "4096"), 4096) == scram_fault::none);
  CHECK(answer(server_first(server_nonce, salt, "4097"), 4096) == scram_fault::too_many_iterations);
  scram_client client{{.password = "pencil", .nonce = nonce, .max_iterations = 0xFFFFFFFF}};
  secret_text final;
  CHECK(client.server_first(server_first(server_nonce, salt, "2147483648"), final) ==
        scram_fault::too_many_iterations);
  CHECK(client.iterations() == 2147483648U);
  CHECK(answer(server_first(server_nonce, salt, "99999999999999999999")) ==
        scram_fault::too_many_iterations);
}

TEST_CASE("SCRAM ignores extensions it may ignore and refuses mandatory and malformed ones") {
  CHECK(answer(good_first + ",x=1,Y=two") == scram_fault::none);
  CHECK(answer("m=ext," + good_first) == scram_fault::malformed);
  for (const std::string_view bad : {",", ",x", ",x=", ",m=ext", ",1=x", "x", ",x=1,", ",,x=1"}) {
    INFO(bad);
    CHECK(answer(good_first + std::string{bad}) ==
          (bad == "x" ? scram_fault::bad_iterations : scram_fault::malformed));
  }
}

TEST_CASE("SCRAM refuses every proper prefix of the server's messages that says less") {
  for (std::size_t length = 0; length + 4 < good_first.size(); ++length) {
    INFO(length);
    CHECK(answer(good_first.substr(0, length)) != scram_fault::none);
  }
  for (std::size_t length = 0; length < good_final.size(); ++length) {
    scram_client client{{.password = "pencil", .nonce = nonce}};
    secret_text final;
    REQUIRE(client.server_first(good_first, final) == scram_fault::none);
    CHECK(client.server_final(good_final.substr(0, length)) != scram_fault::none);
    CHECK_FALSE(client.finished());
  }
}

TEST_CASE("SCRAM refuses a server that cannot prove that it knows the password") {
  const std::pair<std::string, scram_fault> cases[] = {
      {"v=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", scram_fault::bad_signature},
      {"v=AAAA", scram_fault::bad_signature},
      {"v=", scram_fault::bad_signature},
      {good_final + ",m=x", scram_fault::malformed},
      {good_final + " ", scram_fault::malformed},
      {"", scram_fault::malformed},
      {"x=1", scram_fault::malformed},
  };
  for (const auto& [message, expected] : cases) {
    INFO(message);
    scram_client client{{.password = "pencil", .nonce = nonce}};
    secret_text final;
    REQUIRE(client.server_first(good_first, final) == scram_fault::none);
    CHECK(client.server_final(message) == expected);
    CHECK_FALSE(client.finished());
    // Over is over: the right signature does not help any more.
    CHECK(client.server_final(good_final) == scram_fault::malformed);
    CHECK_FALSE(client.finished());
  }
}

TEST_CASE("SCRAM passes the server's own error on, made printable and cut to 100 characters") {
  scram_client client{{.password = "pencil", .nonce = nonce}};
  secret_text final;
  REQUIRE(client.server_first(good_first, final) == scram_fault::none);
  CHECK(client.server_final("e=other\n\xC3"
                            "error" +
                            std::string(200, '.')) == scram_fault::server_error);
  CHECK(client.server_error() == "other??error" + std::string(88, '.'));
  CHECK_FALSE(client.finished());
}

TEST_CASE("SCRAM refuses messages that come out of turn") {
  secret_text final;
  scram_client early{{.password = "pencil", .nonce = nonce}};
  CHECK(early.server_final(good_final) == scram_fault::malformed);
  CHECK(early.server_first(good_first, final) == scram_fault::malformed);

  scram_client twice{{.password = "pencil", .nonce = nonce}};
  REQUIRE(twice.server_first(good_first, final) == scram_fault::none);
  CHECK(twice.server_first(good_first, final) == scram_fault::malformed);
  CHECK(final.empty());
}

TEST_CASE("SCRAM answers with another proof for another password") {
  scram_client one{{.password = "pencil", .nonce = nonce}};
  scram_client two{{.password = "pencils", .nonce = nonce}};
  secret_text first;
  secret_text second;
  REQUIRE(one.server_first(good_first, first) == scram_fault::none);
  REQUIRE(two.server_first(good_first, second) == scram_fault::none);
  CHECK(first != second);
  CHECK(two.server_final(good_final) == scram_fault::bad_signature);
}

TEST_CASE("Every SCRAM fault has a sentence of its own") {
  std::vector<std::string_view> seen;
  for (unsigned i = 0; i <= static_cast<unsigned>(scram_fault::crypto); ++i) {
    const std::string_view text = tusk::auth::describe(static_cast<scram_fault>(i));
    CHECK_FALSE(text.empty());
    CHECK(std::find(seen.begin(), seen.end(), text) == seen.end());
    seen.push_back(text);
  }
}
