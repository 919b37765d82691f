#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tusk/callback.hpp"
#include "tusk/endpoint.hpp"
#include "tusk/scram_key_cache.hpp"
#include "tusk/secret.hpp"

namespace tusk {

class wire_trace;
struct notice;
struct statement_event;

/// What a server wants a password or a token for.
struct credential_request {
  endpoint server{};
  std::string user{};
  std::string dbname{};
  bool encrypted = false;  ///< whether the connection is protected by TLS
};

/// What an OAuth token is wanted for.
struct token_request {
  credential_request login{};
  std::string issuer{};     ///< `oauth_issuer`
  std::string client_id{};  ///< `oauth_client_id`
  secret client_secret{};   ///< `oauth_client_secret`
  std::string scope{};      ///< `oauth_scope`
};

/// The format that an untyped row's columns are asked for in. (A typed row's follow from its C++
/// types.)
enum class formats : std::uint8_t {
  automatic,  ///< binary where tusk has a binary decoder, else text
  printable,  ///< binary where tusk prints the value exactly as the server's own text, else text
  text,       ///< text, everywhere
};

/// How statements are sent.
enum class statement_mode : std::uint8_t {
  /// Described before the first use, then kept prepared on the server: parameters go as the types
  /// that the server wants. One round trip more for each new text, none later.
  prepared,
  /// Kept prepared, but not described: a parameter goes as the type that its C++ type stands for, a
  /// string as the type that the server infers.
  declared,
  /// As `declared`, but nothing is kept: everything is parsed anew, in one Sync group. For poolers
  /// that hand each transaction to another server and know no prepared statements.
  unnamed,
  /// By the simple protocol, the values written into the text as literals, rows in text. For
  /// poolers and proxies that know nothing else.
  simple,
};

/// How a session behaves. Every member has a default.
struct session_options {
  /// How long each call may take, connecting included. None means for ever.
  std::optional<std::chrono::milliseconds> timeout{};
  /// How statements are sent, unless a call says otherwise.
  statement_mode mode = statement_mode::prepared;
  /// Statements kept prepared on the server: at most so many, 0 for none; the least recently used
  /// goes first.
  std::size_t statement_cache_entries = 256;
  /// And at most so many bytes of SQL text and descriptions.
  std::size_t statement_cache_bytes = std::size_t{1} << 20;
  /// SCRAM iterations that a server may ask for: each costs processor time here.
  std::uint32_t max_scram_iterations = 1'000'000;
  /// The longest message taken from the server, in bytes; at least 64 KiB. The protocol's own bound
  /// unless set. A row is one message.
  std::uint32_t max_message_bytes = 0x7fffffff;
  /// How long a stream that is left early, or a statement whose time is up, may take to be
  /// cancelled and drained before the session is given up as broken.
  std::chrono::milliseconds drain_timeout{5000};
  /// Notices and notifications kept until they are taken; the oldest go first, and are counted.
  std::size_t max_queued_messages = 1024;

  /// Asked for the password whenever a server wants one, at each connection anew. When it gives
  /// none, the parameter `password` and the password file are next. What it throws comes out of the
  /// session's constructor.
  callback<std::optional<secret>(const credential_request&)> password_provider{};
  /// Asked for a bearer token when a server offers OAUTHBEARER (PostgreSQL 18).
  callback<std::optional<secret>(const token_request&)> token_provider{};
  /// Asked for the passphrase of an encrypted client key, whose file it is given, when the
  /// parameter `sslpassword` is not set.
  callback<std::optional<secret>(const std::string& key_file)> key_passphrase_provider{};
  /// Makes the connection instead of tusk: gives the descriptor of a connected stream socket, which
  /// tusk then owns, or -1. Called for each attempt: with sslmode=prefer or allow a host may get
  /// two. And for each cancel request. Over a connection that it made TLS is used as sslmode says.
  callback<int(const endpoint&)> connector{};
  /// Keeps SCRAM's derived keys for the next login; none unless set.
  std::shared_ptr<scram_key_cache> scram_keys{};
  /// Is given all that passes on the session's connection from the startup packet on, as it is
  /// before TLS: a request for TLS and cancel requests are not in it. Each connection, also one
  /// that fails, begins it anew. For one session alone. What its callback throws ends the trace.
  std::shared_ptr<wire_trace> trace{};

  // Functions that are told what happens, in the middle of the call in which it happens. They must
  // not use the session. What they throw disturbs nothing: it is kept, and comes out of the call
  // when that is over, in place of its result; a call that fails throws its own error instead.
  // Where nothing can be thrown (a stream or a pipeline is destroyed), the next call throws it
  // before it does anything. The session stays usable.

  /// Is told each notice as it comes, those of connecting included; none is queued for
  /// `take_notices()` then.
  callback<void(const notice&)> on_notice{};
  /// Is told the name and the new value of a parameter that the server reports to have changed (see
  /// `session::parameters()`); not of the values that a connection begins with.
  callback<void(std::string_view name, std::string_view value)> on_parameter_change{};
  /// Is told of the beginning and of the end of each statement.
  callback<void(const statement_event&)> on_statement{};
  /// Whether `on_statement` is told the parameters' values. They may be anybody's secrets.
  bool observe_parameters = false;

  /// Texts are UTF-8, and `SET client_encoding` to anything else ends the session: the call throws
  /// `programming_error` once its answer was read, and the session is given up. With this set the
  /// session goes on: texts pass, both ways, as bytes in whatever encoding is set, and `report()`
  /// counts an error's position in its characters. (What tusk itself makes text of stays ASCII. In
  /// `statement_mode::simple` an encoding that hides ASCII inside of its characters is refused.)
  bool follow_client_encoding = false;
};

/// What one call does differently.
struct call_options {
  /// How long this call may take; the session's own setting when there is none.
  std::optional<std::chrono::milliseconds> timeout{};
  /// How its statement is sent; the session's own setting when there is none. A `tusk::statement`
  /// is prepared in any case.
  std::optional<statement_mode> mode{};
  /// The format of untyped rows.
  tusk::formats formats = tusk::formats::automatic;
};

}  // namespace tusk
