// Any bytes as a server, from its first answer on. The first byte chooses how the conversation
// starts, the second what is asked, the third where the stream is cut; the rest comes from the
// server. However it is cut, the same is seen, and nothing points outside the engine's block.
#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "engine/conversation.hpp"
#include "fuzz/proto_check.hpp"
#include "tusk/proto/frontend.hpp"

namespace {

using namespace tusk;
using namespace tusk::test;

struct plan {
  bool let_in = false;  // the start is behind us
  bool asks_newer_version = false;
  bool has_password = false;
  bool short_limit = false;
  bool over_tls = false;
  bool has_token = false;
  bool must_bind = false;  // channel_binding=require
  bool must_ask = false;   // require_auth=!none
  std::uint8_t requests = 0;
  std::uint8_t cut = 0;
};

constexpr std::uint32_t columns = 2;

// Of `plan::requests`. A COPY that is fed is opened without a Sync, which would be lost in its
// data.
constexpr std::uint8_t feeds_copies = 64;
constexpr std::uint8_t gives_copies_up = 128;

const std::vector<std::byte>& start_of_session() {
  static const std::vector<std::byte> bytes = wire("'R' 00000008 00000000 'Z' 00000005 'I'");
  return bytes;
}

engine::startup_options options_of(const plan& chosen) {
  engine::startup_options options;
  options.user = "u";
  options.database = "d";
  if (chosen.asks_newer_version) options.protocol_version = proto::protocol_3_0 + 2;
  const auto secret = [] { return std::optional(auth::to_secret("secret")); };
  if (chosen.has_password) options.password = secret;
  if (chosen.has_token) options.token = secret;
  options.encrypted = chosen.over_tls;
  if (chosen.over_tls) options.channel_binding_data = "hash";
  if (!chosen.let_in) {
    options.policy = engine::parse_policy(chosen.must_ask ? "!none" : "",
                                          chosen.must_bind ? "require" : "prefer")
                         .policy;
  }
  options.nonce = "fyko+d2lbbFgONRv9qkxdawL";
  options.max_scram_iterations = 16;  // few, so that the fuzzer is quick
  return options;
}

void ask(engine::conversation& talk, std::uint8_t requests) {
  if ((requests & 1) != 0) talk.simple_query("select 1");
  if ((requests & 2) != 0) {
    talk.parse("s", "select $1", {});
    talk.describe(proto::target::statement, "s");
  }
  if ((requests & 4) != 0) {
    require(!encode(talk.writer(), proto::bind{}), "Bind is encoded");
    talk.bound(columns);
    if ((requests & 8) != 0) talk.describe(proto::target::portal, "");
    talk.execute("", 0);
  }
  if ((requests & 16) != 0) talk.close(proto::target::statement, "s");
  if ((requests & 30) != 0) {
    (requests & feeds_copies) != 0 ? talk.flush() : static_cast<void>(talk.sync());
  }
  if ((requests & 32) != 0) talk.simple_query("select 2");
  require(!talk.fault(), "requests are encoded");
}

// One conversation, driven as the session drives it.
class listener {
 public:
  explicit listener(const plan& chosen)
      : chosen_(chosen), talk_(options_of(chosen), {chosen.short_limit ? 0x10000U : 0x7fffffffU}) {
    send();
  }

  void hear(bytes_view bytes) {
    while (!bytes.empty() && talk_.phase() != engine::phase::broken) {
      const std::span<std::byte> room = talk_.space();
      require(!room.empty(), "there is room to receive");
      const std::size_t count = std::min(bytes.size(), room.size());
      std::copy_n(bytes.begin(), count, room.begin());
      talk_.received(count);
      filled_ = room.data() + count;
      heard_ += count;
      bytes = bytes.subspan(count);
      take_events();
      send();
    }
  }

  const std::string& end() {
    talk_.closed("the end");
    require(talk_.phase() == engine::phase::broken, "the end breaks it");
    require(talk_.failure().kind != engine::failure_kind::none, "a failure has a kind");
    require(talk_.failure().message.find("secret") == std::string::npos, "no secret is told");
    require(talk_.wants().send.empty() && !talk_.wants().receive, "nothing is wanted any more");
    engine::event none;
    require(talk_.next(none) == engine::step::broken, "it stays broken");
    // How many bytes of a last message had come is seen when it is not refused before.
    if (talk_.failure().kind != engine::failure_kind::closed) told_ += talk_.failure().message;
    return told_;
  }

  void begin_asking() { ask(talk_, chosen_.requests); }

 private:
  void take_events() {
    engine::event said;
    for (;;) {
      const engine::step step = talk_.next(said);
      if (step != engine::step::event) {
        require((step == engine::step::broken) == (talk_.phase() == engine::phase::broken),
                "broken is told");
        return;
      }
      require(++events_ <= heard_, "no event without a byte");
      said.type == 'D' || said.type == 'd' ? take_batch(said) : take_message(said);
      if (said.type == 'G') answer_copy();
      if (said.type == 'E' && talk_.skipping()) talk_.sync();  // of a COPY that is fed
      if (talk_.phase() == engine::phase::running && !asked_) {
        asked_ = true;
        check_method();
        begin_asking();
      }
    }
  }

  // A server that made its bytes up gets in only where nothing had to be proved by it.
  void check_method() {
    if (chosen_.let_in) return;
    const authentication_method method = talk_.method();
    require(method != authentication_method::scram_sha_256 &&
                method != authentication_method::scram_sha_256_plus,
            "a SCRAM signature is not guessed");
    require(!chosen_.must_bind, "a channel that must be bound is");
    require(!chosen_.must_ask || method != authentication_method::none,
            "a server that must ask does");
    require(method != authentication_method::oauthbearer || chosen_.has_token, "a token was there");
  }

  // A COPY FROM STDIN: it is fed, up to its end or a change of mind, or refused.
  void answer_copy() {
    if ((chosen_.requests & feeds_copies) == 0) return talk_.refuse_copy("no");
    const std::size_t begun = talk_.begin_copy_data();
    talk_.writer().text("1\ta\n");
    talk_.end_copy_data(begun);
    (chosen_.requests & gives_copies_up) != 0 ? talk_.refuse_copy("no") : talk_.finish_copy();
    talk_.sync();
    require(!talk_.fault(), "data is encoded");
  }

  // Rows, or CopyData, whose contents are anything.
  void take_batch(const engine::event& said) {
    const engine::row_batch& batch = said.rows;
    require(batch.rows >= 1 && batch.rows <= engine::conversation::batch_rows, "a batch's bounds");
    require(batch.data >= talk_.rows_block().get() && batch.data + batch.size <= filled_,
            "rows lie in their block");
    bytes_view left(batch.data, batch.size);
    for (std::uint32_t i = 0; i < batch.rows; ++i) {
      const proto::frame_result row = proto::next_frame(left, INT32_MAX);
      require(row.state == proto::framing::complete && row.message.type == said.type,
              "rows are whole");
      proto::data_row values;
      require(said.type == 'd' || !decode(row.message.body, values), "rows are sound");
      tell(said.type, said.request);
      told_ += hex(row.message.body);
      left = left.subspan(row.needed);
    }
    require(left.empty(), "a batch holds rows alone");
  }

  void take_message(const engine::event& said) {
    std::vector<std::byte> again(heard_ + 1024);
    proto::writer out{again};
    require(!encode(out, said.message), "what came can be encoded again");
    require(out.size() <= heard_, "a message is no longer than what came");
    tell(said.type, said.request);
    told_ += hex(out.written());
  }

  void tell(char type, std::uint64_t request) {
    require(request == 0 || request >= last_request_, "answers come in the order of requests");
    last_request_ = std::max(last_request_, request);
    told_ += type;
    told_ += std::to_string(request);
    told_ += ' ';
  }

  void send() {
    const bytes_view out = talk_.wants().send;
    sent_ += out.size();
    require(sent_ <= 2000 + 16 * heard_, "no flood is answered by a flood");
    talk_.sent(out.size());
  }

  plan chosen_;
  engine::conversation talk_;
  const std::byte* filled_ = nullptr;
  std::size_t heard_ = 0;
  std::size_t events_ = 0;
  std::uint64_t last_request_ = 0;
  bool asked_ = false;
  std::string told_;
  std::size_t sent_ = 0;
};

std::string play(const plan& chosen, bytes_view server, bool cut) {
  listener ear(chosen);
  if (chosen.let_in) ear.hear(start_of_session());
  std::minstd_rand random(chosen.cut + 1U);
  while (cut && !server.empty()) {
    const std::size_t most = chosen.cut % 4 == 0 ? 1 : 1 + random() % 97;
    const std::size_t count = std::min(server.size(), most);
    ear.hear(server.first(count));
    server = server.subspan(count);
  }
  ear.hear(server);
  return ear.end();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  const plan chosen{.let_in = (data[0] & 1) != 0,
                    .asks_newer_version = (data[0] & 2) != 0,
                    .has_password = (data[0] & 4) != 0,
                    .short_limit = (data[0] & 8) != 0,
                    .over_tls = (data[0] & 16) != 0,
                    .has_token = (data[0] & 32) != 0,
                    .must_bind = (data[0] & 64) != 0,
                    .must_ask = (data[0] & 128) != 0,
                    .requests = data[1],
                    .cut = data[2]};
  const exact_block server({reinterpret_cast<const std::byte*>(data) + 3, size - 3});
  require(play(chosen, server.view(), false) == play(chosen, server.view(), true),
          "however the stream is cut, the same is seen");
  return 0;
}
