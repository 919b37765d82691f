// Any bytes as the server's side of SCRAM: first line server-first-message, the rest
// server-final-message. Whatever comes, a fault is final, and only a right signature finishes. With
// kept keys, cold and warm, everything is the same.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "auth/scram.hpp"
#include "auth/scram_key_store.hpp"

namespace {

using tusk::auth::scram_client;
using tusk::auth::scram_fault;

constexpr std::uint32_t most_iterations = 16;  // few, so that the fuzzer is quick

void require(bool holds) {
  if (!holds) std::abort();
}

void check_answer(const scram_client& client, scram_fault fault, std::string_view answer) {
  require(answer.empty() == (fault != scram_fault::none));
  if (fault != scram_fault::none) return;
  require(client.iterations() >= 1 && client.iterations() <= most_iterations);
  require(answer.starts_with("c=biws,r=fyko+d2lbbFgONRv9qkxdawL"));
  require(answer.find(",p=") == answer.size() - 47);  // 32 bytes in base64
}

void check_error(std::string_view text) {
  require(text.size() <= 100);
  require(std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7F; }));
}

scram_client a_client(tusk::auth::scram_key_store* store) {
  return scram_client{{.password = "pencil",
                       .nonce = "fyko+d2lbbFgONRv9qkxdawL",
                       .max_iterations = most_iterations,
                       .store = store}};
}

void check_with_kept_keys(std::string_view first, std::string_view last,
                          const tusk::auth::secret_text& answer, scram_fault at_last) {
  static tusk::auth::scram_key_store store(4);
  for (int round = 0; round < 2; ++round) {
    scram_client client = a_client(&store);
    tusk::auth::secret_text again;
    const scram_fault fault = client.server_first(first, again);
    require((fault == scram_fault::none) == !answer.empty());
    require(again == answer);
    require(client.server_final(last) == at_last);
    require(store.size() <= 4);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t line = std::min(bytes.find('\n'), size);
  // Copies of their own size: reading past the end of one is seen.
  const std::string first(bytes.substr(0, line));
  const std::string last(bytes.substr(std::min(line + 1, size)));

  scram_client client = a_client(nullptr);
  tusk::auth::secret_text answer;
  const scram_fault at_first = client.server_first(first, answer);
  check_answer(client, at_first, view(answer));
  const scram_fault at_last = client.server_final(last);
  require(at_first == scram_fault::none || at_last != scram_fault::none);
  require(client.finished() == (at_last == scram_fault::none));
  check_error(client.server_error());
  check_with_kept_keys(first, last, answer, at_last);
  require(client.server_error().empty() || at_last == scram_fault::server_error);
  require(client.server_final(last) == scram_fault::malformed);
  require(!client.finished());
  return 0;
}
