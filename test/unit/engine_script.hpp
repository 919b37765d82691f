#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "engine/conversation.hpp"
#include "support/catch.hpp"
#include "support/wire.hpp"
#include "tusk/proto/backend.hpp"
#include "tusk/proto/frontend.hpp"

namespace tusk::test {

using byte_string = std::vector<std::byte>;

/// Messages, one behind the other, as their encoders write them. (May be called before any test
/// runs, where Catch's REQUIRE may not.)
template <class... Message>
byte_string say(const Message&... messages) {
  byte_string out(std::size_t{1} << 18);
  proto::writer to{out};
  (static_cast<void>(encode(to, messages)), ...);
  if (to.status()) throw std::logic_error("a script's message cannot be encoded");
  out.resize(to.size());
  return out;
}

inline byte_string operator+(byte_string left, const byte_string& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

/// One turn of a conversation: what the client asks, and what the server then says.
struct turn {
  std::function<void(engine::conversation&)> ask = [](engine::conversation&) {};
  byte_string answer;
};

/// All that can be seen of a conversation. Rows and CopyData stand one by one, for where a batch
/// ends depends on how the bytes come.
struct played {
  std::vector<std::string> events;
  byte_string sent;
  engine::failure failure;
  engine::phase phase = engine::phase::authenticating;

  friend bool operator==(const played& a, const played& b) {
    // What a failure overtakes is not sent.
    return a.events == b.events && a.phase == b.phase && a.failure.kind == b.failure.kind &&
           a.failure.message == b.failure.message &&
           (a.phase == engine::phase::broken || a.sent == b.sent);
  }
};

inline std::string text_of(const proto::backend_message& message) {
  if (const auto* e = std::get_if<proto::error_response>(&message)) {
    return " " + std::string(proto::find(e->fields, proto::field_code::sqlstate));
  }
  if (const auto* n = std::get_if<proto::notice_response>(&message)) {
    return " " + std::string(proto::find(n->fields, proto::field_code::message));
  }
  if (const auto* s = std::get_if<proto::parameter_status>(&message)) {
    return " " + std::string(s->name) + "=" + std::string(s->value);
  }
  if (const auto* a = std::get_if<proto::notification_response>(&message)) {
    return " " + std::string(a->channel);
  }
  if (const auto* c = std::get_if<proto::command_complete>(&message)) {
    return " " + std::string(c->tag);
  }
  if (const auto* z = std::get_if<proto::ready_for_query>(&message)) {
    return {' ', static_cast<char>(z->status)};
  }
  return {};
}

/// `C 4 SELECT 1`: type, number of the request, and what is in it. A row: `D 3 ` and its body.
inline void record(const engine::event& said, std::vector<std::string>& to) {
  const std::string head = std::string(1, said.type) + " " + std::to_string(said.request);
  if (said.type != 'D' && said.type != 'd') {
    to.push_back(head + text_of(said.message));
    return;
  }
  bytes_view rows(said.rows.data, said.rows.size);
  for (std::uint32_t i = 0; i < said.rows.rows; ++i) {
    const proto::frame_result found = proto::next_frame(rows, INT32_MAX);
    REQUIRE(found.state == proto::framing::complete);
    to.push_back(head + " " + hex(found.message.body));
    rows = rows.subspan(found.needed);
  }
  CHECK(rows.empty());
}

/// How many of `left` bytes come next.
using cutter = std::function<std::size_t(std::size_t left)>;

inline cutter whole() {
  return [](std::size_t left) { return left; };
}
inline cutter byte_by_byte() {
  return [](std::size_t) { return std::size_t{1}; };
}
inline cutter at_random(unsigned seed) {
  return [random = std::mt19937(seed)](std::size_t left) mutable {
    return std::min<std::size_t>(left, 1 + random() % 40);
  };
}

/// Takes what the engine wants sent.
inline void collect(engine::conversation& talk, byte_string& to) {
  const bytes_view send = talk.wants().send;
  to.insert(to.end(), send.begin(), send.end());
  talk.sent(send.size());
}

inline void listen(engine::conversation& talk, std::vector<std::string>& to) {
  engine::event said;
  while (talk.next(said) == engine::step::event)
    record(said, to);
}

inline void feed(engine::conversation& talk, bytes_view answer, const cutter& cut, played& seen) {
  while (!answer.empty() && talk.phase() != engine::phase::broken) {
    const std::span<std::byte> room = talk.space();
    REQUIRE_FALSE(room.empty());
    const std::size_t count = std::min(cut(answer.size()), room.size());
    std::copy_n(answer.begin(), count, room.begin());
    talk.received(count);
    answer = answer.subspan(count);
    listen(talk, seen.events);
    collect(talk, seen.sent);
  }
}

inline played play(const engine::startup_options& options, const std::vector<turn>& turns,
                   const cutter& cut, engine::conversation::limits bounds = {}) {
  engine::conversation talk(options, bounds);
  played seen;
  for (const turn& each : turns) {
    each.ask(talk);
    collect(talk, seen.sent);
    feed(talk, each.answer, cut, seen);
  }
  seen.failure = talk.failure();
  seen.phase = talk.phase();
  return seen;
}

/// Plays the conversation with the server's bytes cut in many ways; all must come to the same.
inline played play_all_ways(const engine::startup_options& options, const std::vector<turn>& turns,
                            engine::conversation::limits bounds = {}) {
  const played at_once = play(options, turns, whole(), bounds);
  CHECK(play(options, turns, byte_by_byte(), bounds) == at_once);
  for (unsigned seed = 1; seed <= 8; ++seed)
    CHECK(play(options, turns, at_random(seed), bounds) == at_once);
  return at_once;
}

/// A secret that is there when it is asked for.
inline engine::secret_source knows(std::string_view secret) {
  return [secret = auth::to_secret(secret)] { return std::optional(secret); };
}

/// What most scripts begin with.
inline engine::startup_options alice() {
  engine::startup_options options;
  options.user = "alice";
  options.database = "shop";
  return options;
}

inline byte_string let_in() {
  return say(proto::authentication_ok{}, proto::parameter_status{"server_version", "15.0"},
             proto::backend_key_data{7, bytes_of("key!")}, proto::ready_for_query{});
}

inline byte_string refusal(std::string_view code) {
  const std::vector<proto::error_field> fields{
      {'S', "ERROR"}, {'V', "ERROR"}, {'C', code}, {'M', "it went wrong"}};
  return say(proto::error_response{fields});
}

inline byte_string remark(std::string_view text) {
  const std::vector<proto::error_field> fields{{'S', "NOTICE"}, {'C', "00000"}, {'M', text}};
  return say(proto::notice_response{fields});
}

/// A row of text values.
inline byte_string text_row(const std::vector<std::string_view>& values) {
  std::vector<std::optional<bytes_view>> fields;
  for (const std::string_view value : values)
    fields.emplace_back(bytes_of(value));
  return say(proto::data_row{fields});
}

inline byte_string columns(const std::vector<std::string_view>& names) {
  std::vector<proto::column_description> all;
  for (const std::string_view name : names)
    all.push_back({.name = name, .type = 25});
  return say(proto::row_description{all});
}

inline byte_string complete(std::string_view tag) {
  return say(proto::command_complete{tag});
}

inline byte_string ready(proto::transaction_status status = proto::transaction_status::idle) {
  return say(proto::ready_for_query{status});
}

}  // namespace tusk::test
