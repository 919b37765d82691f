#include "auth/scram_key_store.hpp"

#include <array>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "auth/scram.hpp"
#include "support/catch.hpp"

using tusk::auth::scram_client;
using tusk::auth::scram_fault;
using tusk::auth::scram_key;
using tusk::auth::scram_key_store;
using tusk::auth::scram_keys;
using tusk::auth::secret_text;

namespace {

constexpr std::array<unsigned char, 4> salt{1, 2, 3, 4};

void keep_as(scram_key_store& store, const scram_key& identity, unsigned char byte) {
  std::array<unsigned char, 32> bytes{};
  bytes.fill(byte);
  scram_keys keys;
  REQUIRE(keys.assign(bytes, bytes));
  store.keep(identity, keys);
}

bool knows(scram_key_store& store, const std::string& password) {
  scram_key identity;
  scram_keys found;
  REQUIRE(store.identify(password, salt, 4096, identity));
  return store.find(identity, found);
}

void keep(scram_key_store& store, const std::string& password) {
  scram_key identity;
  REQUIRE(store.identify(password, salt, 4096, identity));
  keep_as(store, identity, static_cast<unsigned char>(password.back()));
}

// The example of RFC 7677 for an empty user name.
constexpr std::string_view nonce = "rOprNGfwEbeRWgbNEkqO";
constexpr std::string_view first =
    "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
constexpr std::string_view last = "v=3HO6Qt1M4MKJrmlKaoOqLAI0/0TV0HZe7J9H3MBtSOg=";

}  // namespace

TEST_CASE("Kept SCRAM keys are found again by password, salt and iterations together") {
  scram_key_store store;
  keep(store, "a");
  CHECK(knows(store, "a"));
  CHECK_FALSE(knows(store, "b"));
  scram_key identity;
  scram_keys found;
  REQUIRE(store.identify("a", salt, 4097, identity));
  CHECK_FALSE(store.find(identity, found));
  constexpr std::array<unsigned char, 3> shorter{1, 2, 3};
  REQUIRE(store.identify("a", shorter, 4096, identity));
  CHECK_FALSE(store.find(identity, found));
  // What moves from the password to the salt is another entry.
  constexpr std::array<unsigned char, 5> longer{'a', 1, 2, 3, 4};
  REQUIRE(store.identify("", longer, 4096, identity));
  CHECK_FALSE(store.find(identity, found));

  REQUIRE(store.identify("a", salt, 4096, identity));
  REQUIRE(store.find(identity, found));
  CHECK(found.client[31] == 'a');
  CHECK(found.server[0] == 'a');
}

TEST_CASE("Two stores know an entry by different identities") {
  const scram_key_store one;
  const scram_key_store two;
  scram_key a;
  scram_key b;
  REQUIRE(one.identify("a", salt, 4096, a));
  REQUIRE(two.identify("a", salt, 4096, b));
  CHECK_FALSE(std::equal(a.bytes().begin(), a.bytes().end(), b.bytes().begin()));
}

TEST_CASE("A full store of SCRAM keys drops the one that was longest unused") {
  scram_key_store store(3);
  for (const char* each : {"a", "b", "c"})
    keep(store, each);
  CHECK(knows(store, "a"));
  keep(store, "d");
  CHECK(store.size() == 3);
  CHECK(knows(store, "a"));
  CHECK_FALSE(knows(store, "b"));
  CHECK(knows(store, "c"));
  CHECK(knows(store, "d"));
  keep(store, "d");  // not a second time
  CHECK(store.size() == 3);
  store.clear();
  CHECK(store.size() == 0);
  CHECK_FALSE(knows(store, "a"));
}

TEST_CASE("A store without room keeps nothing") {
  scram_key_store store(0);
  scram_key identity;
  CHECK_FALSE(store.identify("a", salt, 4096, identity));
  keep_as(store, identity, 1);
  CHECK(store.size() == 0);
}

TEST_CASE("A login keeps its keys once the server has proved itself, and the next one uses them") {
  scram_key_store store;
  secret_text cold;
  {
    scram_client client{{.password = "pencil", .nonce = nonce, .store = &store}};
    REQUIRE(client.server_first(first, cold) == scram_fault::none);
    CHECK(store.size() == 0);
    REQUIRE(client.server_final(last) == scram_fault::none);
    CHECK(store.size() == 1);
  }
  secret_text warm;
  scram_client client{{.password = "pencil", .nonce = nonce, .store = &store}};
  REQUIRE(client.server_first(first, warm) == scram_fault::none);
  CHECK(warm == cold);
  CHECK(client.server_final(last) == scram_fault::none);
  CHECK(store.size() == 1);
}

TEST_CASE("A wrong password leaves no keys behind") {
  scram_key_store store;
  scram_client client{{.password = "wrong", .nonce = nonce, .store = &store}};
  secret_text answer;
  REQUIRE(client.server_first(first, answer) == scram_fault::none);
  CHECK(client.server_final(last) == scram_fault::bad_signature);
  CHECK(store.size() == 0);
}

TEST_CASE("What is kept is used: kept keys that are wrong make another proof") {
  scram_key_store store;
  scram_key identity;
  const std::array<unsigned char, 16> real_salt{0x5b, 0x6d, 0x99, 0x68, 0x9d, 0x12, 0x35, 0x8e,
                                                0xec, 0xa0, 0x4b, 0x14, 0x12, 0x36, 0xfa, 0x81};
  REQUIRE(store.identify("pencil", real_salt, 4096, identity));
  keep_as(store, identity, 7);
  scram_client client{{.password = "pencil", .nonce = nonce, .store = &store}};
  secret_text answer;
  REQUIRE(client.server_first(first, answer) == scram_fault::none);
  CHECK(client.server_final(last) == scram_fault::bad_signature);
}

TEST_CASE("A store serves many threads at once") {
  scram_key_store store(8);
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&store, &wrong, t] {
      for (int i = 0; i < 500; ++i) {
        const std::string password = "p" + std::to_string((i * 7 + t) % 16);
        scram_key identity;
        scram_keys found;
        if (!store.identify(password, salt, 1, identity)) ++wrong;
        if (!store.find(identity, found)) {
          std::array<unsigned char, 32> bytes{};
          bytes.fill(static_cast<unsigned char>(password.back()));
          scram_keys made;
          if (!made.assign(bytes, bytes)) ++wrong;
          store.keep(identity, made);
        } else if (found.client[0] != static_cast<unsigned char>(password.back())) {
          ++wrong;
        }
      }
    });
  }
  for (std::thread& each : threads)
    each.join();
  CHECK(wrong == 0);
  CHECK(store.size() == 8);
}

TEST_CASE("Given keys prove the password without it, and verify the server") {
  const auto as_bytes = [](std::string_view text) {
    return std::span(reinterpret_cast<const unsigned char*>(text.data()), text.size());
  };
  scram_keys keys;
  const std::array<unsigned char, 16> real_salt{0x5b, 0x6d, 0x99, 0x68, 0x9d, 0x12, 0x35, 0x8e,
                                                0xec, 0xa0, 0x4b, 0x14, 0x12, 0x36, 0xfa, 0x81};
  REQUIRE(keys.derive("pencil", real_salt, 4096));
  secret_text by_password;
  secret_text by_keys;
  scram_client knows_password{{.password = "pencil", .nonce = nonce}};
  REQUIRE(knows_password.server_first(first, by_password) == scram_fault::none);

  scram_client knows_keys{
      {.nonce = nonce, .client_key = keys.client.bytes(), .server_key = keys.server.bytes()}};
  REQUIRE(knows_keys.server_first(first, by_keys) == scram_fault::none);
  CHECK(by_keys == by_password);
  CHECK(knows_keys.server_final(last) == scram_fault::none);

  scram_client wrong_server_key{
      {.nonce = nonce, .client_key = keys.client.bytes(), .server_key = keys.client.bytes()}};
  REQUIRE(wrong_server_key.server_first(first, by_keys) == scram_fault::none);
  CHECK(wrong_server_key.server_final(last) == scram_fault::bad_signature);

  // The password proves us, and the given key the server.
  scram_client both{{.password = "pencil", .nonce = nonce, .server_key = keys.client.bytes()}};
  REQUIRE(both.server_first(first, by_keys) == scram_fault::none);
  CHECK(by_keys == by_password);
  CHECK(both.server_final(last) == scram_fault::bad_signature);

  scram_client half{{.nonce = nonce, .client_key = keys.client.bytes()}};
  CHECK(half.server_first(first, by_keys) == scram_fault::missing_server_key);
  scram_client cut{
      {.nonce = nonce, .client_key = as_bytes("short"), .server_key = keys.server.bytes()}};
  CHECK(cut.server_first(first, by_keys) == scram_fault::crypto);
}
