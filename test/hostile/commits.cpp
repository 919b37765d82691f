// COMMITs whose answer does not come, and servers that say strange things of what became of them.

#include <string>

#include "hostile/hostile_script.hpp"

using namespace tusk;
using namespace tusk::test;

namespace {

void answer(mock_connection& client, std::string_view value, proto::transaction_status status) {
  client.read_request();
  const std::vector<proto::column_description> columns{{.name = "a", .type = 25}};
  client.send(proto::row_description{columns});
  send_row(client, value);
  client.send(proto::command_complete{"SELECT 1"}, proto::ready_for_query{status});
}

void answer(mock_connection& client, std::string_view value) {
  answer(client, value, proto::transaction_status::idle);
}

/// What those are told who ask after the loss.
struct replies {
  std::string timeline = "00000001";
  std::vector<std::string> status;  ///< one for each question; the last again and again
};

/// Loses the connection instead of answering COMMIT, and then gives these replies.
mock_server::script losing_commit(const replies& later) {
  return [later](mock_connection& client) {
    client.accept_startup();
    if (client.number() == 0) {
      answer(client, "00000001");
      client.read_request();
      client.send(proto::command_complete{"BEGIN"},
                  proto::ready_for_query{proto::transaction_status::in_block});
      answer(client, "4294967999", proto::transaction_status::in_block);
      client.read_request();
      return;
    }
    answer(client, later.timeline);
    for (std::size_t i = 0;; ++i)
      answer(client, later.status.at(std::min(i, later.status.size() - 1)));
  };
}

/// What comes out of the commit; nothing when it returns normally.
std::optional<error> outcome(const replies& later, milliseconds drain_timeout) {
  mock_server server(losing_commit(later));
  session_options options = patient();
  options.drain_timeout = drain_timeout;
  session db(address_of(server), options);
  transaction tx = db.begin({.know_outcome = true});
  std::optional<error> failed;
  try {
    tx.commit();
  } catch (const error& e) {
    failed = e;
  }
  CHECK_FALSE(tx.is_open());
  CHECK(db.status() == session_status::broken);
  CHECK(server.comes_to(2));
  return failed;
}

constexpr milliseconds long_enough{60'000};

}  // namespace

TEST_CASE("a commit is found to have taken effect after it was seen in progress") {
  CHECK_FALSE(outcome({.status = {"in progress", "in progress", "committed"}}, long_enough));
}

TEST_CASE("a commit is found to have been rolled back") {
  const auto failed = outcome({.status = {"aborted"}}, long_enough);
  REQUIRE(failed);
  CHECK(named(failed->kind()) == "connection_lost");
  CHECK(failed->safe_to_retry());
  CHECK_FALSE(failed->session_usable());
  CHECK(mentions(*failed, "was rolled back"));
}

TEST_CASE("a commit stays in doubt when the server has forgotten it, or never ends it") {
  const auto [status, drain_timeout, why] = GENERATE(
      std::tuple{std::string(""), milliseconds(60'000), "the server has forgotten it"},
      std::tuple{std::string("in progress"), milliseconds(300), "it is still in progress"},
      std::tuple{std::string("perhaps"), milliseconds(60'000), "the server has forgotten it"});
  const auto failed = outcome({.status = {status}}, drain_timeout);
  REQUIRE(failed);
  CHECK(failed->kind() == error_kind::in_doubt);
  CHECK_FALSE(failed->safe_to_retry());
  INFO(failed->what());
  // On a machine that is too slow even to connect in that time the reason is another.
  if (drain_timeout > milliseconds(300)) CHECK(mentions(*failed, why));
}

TEST_CASE("another server at the same address is not believed") {
  const auto failed = outcome({.timeline = "00000002", .status = {"committed"}}, long_enough);
  REQUIRE(failed);
  CHECK(failed->kind() == error_kind::in_doubt);
  CHECK(mentions(*failed, "another server has taken the place"));
}

TEST_CASE("a standby at the same address is not believed") {
  const auto failed = outcome({.timeline = "", .status = {"committed"}}, milliseconds(300));
  REQUIRE(failed);
  CHECK(failed->kind() == error_kind::in_doubt);
}

TEST_CASE("a rollback that is never answered ends the session in time, and throws nothing") {
  mock_server server([](mock_connection& client) {
    client.accept_startup();
    client.read_request();
    client.send(proto::command_complete{"BEGIN"},
                proto::ready_for_query{proto::transaction_status::in_block});
    client.wait_for_end();
  });
  session db(address_of(server), brief_drain());
  {
    const transaction tx = db.begin();
    CHECK(db.status() == session_status::in_transaction);
  }
  CHECK(db.status() == session_status::broken);
  CHECK(mentions(failure_of([&] { db.execute("select 1"); }), "could not be rolled back"));
}
