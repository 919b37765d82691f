#include <utility>

#include "session/client_binding.hpp"
#include "session/description.hpp"
#include "session/session_flow.hpp"
#include "tusk/proto/bind_writer.hpp"

// How a statement goes out, in each of the four modes.
namespace tusk::detail {

namespace {

void take_description(const engine::event& said, prepared_statement& into) {
  if (const auto* types = std::get_if<proto::parameter_description>(&said.message)) {
    into.parameters.clear();
    for (const oid type : types->types)
      into.parameters.push_back(type);
  } else if (const auto* columns = std::get_if<proto::row_description>(&said.message)) {
    into.columns = read_columns(*columns);
  } else {
    return;
  }
  into.described = true;
}

}  // namespace

in_flight session_core::send(const call& asked, const row_shape* shape,
                             const net::deadline& until) {
  settle_statements();
  switch (mode_of(asked)) {
    case statement_mode::prepared: return send_described(asked, shape, until);
    case statement_mode::declared: return send_declared(asked, shape, false);
    case statement_mode::unnamed: return send_declared(asked, shape, true);
    case statement_mode::simple: break;
  }
  if (!left_portals_.empty()) close_left_as_text(until);
  return send_as_text(asked, shape);
}

// Bind, Execute and Sync, and before them Close for what left the cache, in one piece.
in_flight session_core::send_described(const call& asked, const row_shape* shape,
                                       const net::deadline& until) {
  prepared_statement& what = prepared(asked, until, [&](prepared_statement& known) {
    check_parameters(known, asked.values, knowledge(until));
    if (shape != nullptr) choose_columns(known, *shape, asked.options.formats, knowledge(until));
  });
  static const column_choice text;
  const column_choice& choice = shape != nullptr ? what.choice : text;
  const auto before = talk().mark();
  try {
    write_closes();
    write_bind(what, asked.values, choice.codes);
  } catch (...) {
    talk().take_back(before);
    throw;
  }
  talk().bound(static_cast<std::uint32_t>(what.columns.size()));
  talk().run_portal();
  check_written(before, what.sql);
  closes_are_written();
  return {&what, {}, shape, choice.columns};
}

void session_core::prepare(prepared_statement& fresh, const net::deadline& until) {
  fresh.name = described_.keeps() || fresh.owned ? next_name() : std::string();
  fresh.columns.clear();
  fresh.bind_head.clear();
  fresh.choice = {};
  fresh.accepted.clear();
  fresh.targets.clear();
  fresh.parameter_info.clear();
  fresh.types_learnt = false;
  const auto before = talk().mark();
  // Here as well, or calls that are refused again and again would heap statements on the server.
  write_closes();
  talk().parse(fresh.name, fresh.sql, {});
  talk().describe(proto::target::statement, fresh.name);
  talk().sync();
  check_written(before, fresh.sql);
  closes_are_written();
  bool refused = true;
  in_flight sent;
  const late_end meant = std::exchange(if_late_, late_end::nothing_done);
  try {
    read_answers(fresh.sql, until, sent, [&](const engine::event& said) {
      if (said.type == '1') refused = false;
      take_description(said, fresh);
    });
    require_not_cancelled(fresh.sql);
  } catch (const error& failed) {
    // Whether the server keeps it is not known in every case; Close of a missing one is no error.
    if (!fresh.name.empty() && (!refused || failed.kind() != error_kind::server))
      evicted_.push_back(std::move(fresh.name));
    fresh.name.clear();
    fresh.epoch = 0;
    throw;
  }
  if_late_ = meant;
  fresh.epoch = epoch_;
}

std::shared_ptr<prepared_statement> session_core::prepare_for_caller(const call& asked) {
  return conduct(asked, [&](const net::deadline& until) {
    auto fresh = std::make_shared<prepared_statement>();
    fresh->sql = asked.what.text();
    fresh->owned = true;
    settle_statements();
    guarded(fresh->sql, until, [&] { prepare(*fresh, until); });
    return fresh;
  });
}

void session_core::release(prepared_statement& what) noexcept {
  if (closed_ || what.name.empty()) return;
  try {
    evicted_.push_back(std::move(what.name));
  } catch (const std::bad_alloc&) {
    // Then the server keeps it until the session ends.
  }
}

// The declared statement for these types; one that has not been parsed yet has no epoch.
std::shared_ptr<prepared_statement> session_core::declared(std::string_view sql,
                                                           std::span<const parameter> values,
                                                           bool unnamed) {
  const bool kept = !unnamed && declared_.keeps();
  if (kept) {
    const auto& known = declared_.find(sql);
    if (known != nullptr && is_current(*known) && same_types(*known, values)) return known;
    declared_.remove(sql, evicted_);
  }
  auto fresh = std::make_shared<prepared_statement>();
  fresh->sql = sql;
  for (const parameter& each : values)
    fresh->parameters.push_back(each.operations->type);
  if (kept) fresh->name = next_name();
  return fresh;
}

// Everything in one Sync group. What is not described yet is so on its way.
in_flight session_core::send_declared(const call& asked, const row_shape* shape, bool unnamed) {
  std::shared_ptr<prepared_statement> what = declared(asked.what.text(), asked.values, unnamed);
  const bool parse = what->epoch == 0;
  const auto before = talk().mark();
  in_flight sent{what.get(), what, shape, nullptr};
  try {
    write_closes();
    if (what->described && !parse) {
      static const column_choice text;
      const column_choice& choice =
          shape != nullptr ? choose_columns(*what, *shape, asked.options.formats, knowledge())
                           : text;
      write_bind(*what, asked.values, choice.codes);
      talk().bound(static_cast<std::uint32_t>(what->columns.size()));
      sent.columns = choice.columns;
    } else {
      write_undescribed(*what, asked.values, shape, parse);
    }
    talk().run_portal();
  } catch (...) {
    talk().take_back(before);
    throw;
  }
  check_written(before, asked.what.text());
  closes_are_written();
  if (parse && !what->name.empty()) {
    what->epoch = epoch_;
    declared_.insert(std::move(what), evicted_);
  }
  return sent;
}

// Parse where it is due, Bind, and Describe of the portal, whose answer has the columns.
void session_core::write_undescribed(prepared_statement& what, std::span<const parameter> values,
                                     const row_shape* shape, bool parse, std::string_view portal) {
  if (parse) talk().parse(what.name, what.sql, what.parameters);
  write_bind(what, values, shape != nullptr ? undescribed_formats(*shape) : std::vector<format>(),
             portal);
  talk().bound(0);
  talk().describe(proto::target::portal, portal);
}

literal_rules session_core::quoting_rules() const noexcept {
  return {.standard_conforming_strings = line_->parameter("standard_conforming_strings") != "off",
          .client_encoding = line_->parameter("client_encoding"),
          .server_encoding = line_->parameter("server_encoding")};
}

in_flight session_core::send_as_text(const call& asked, const row_shape* shape) {
  const std::string text = bind_literals(asked.what.text(), asked.values, quoting_rules());
  auto what = std::make_shared<prepared_statement>();
  what->sql = asked.what.text();
  const auto before = talk().mark();
  talk().simple_query(text);
  check_written(before, what->sql);
  return {what.get(), what, shape, nullptr};
}

void session_core::check_written(const engine::conversation::checkpoint& before,
                                 std::string_view sql) {
  const proto::error fault = talk().fault();
  if (!fault) return;
  talk().take_back(before);
  raise({.kind = error_kind::usage,
         .message = "the statement cannot be sent: " + std::string(proto::explain(fault.what)),
         .statement = std::string(sql),
         .safe_to_retry = true});
}

// Close for what left the cache, and for cursors that were left; they are forgotten only when this
// is certain to be sent.
void session_core::write_closes() {
  for (const std::string& name : evicted_)
    talk().close(proto::target::statement, name);
  for (const left_portal& each : left_portals_)
    talk().close(proto::target::portal, each.name);
}

void session_core::write_bind(prepared_statement& what, std::span<const parameter> values,
                              std::span<const format> codes, std::string_view portal) {
  const bool again = portal.empty() && !what.bind_head.empty();
  proto::writer& out = talk().writer();
  proto::bind_writer bind = again ? proto::bind_writer(out, what.bind_head, values.size())
                                  : proto::bind_writer(out, portal, what.name, values.size());
  if (!again && portal.empty() && !out.status()) {
    const bytes_view head = bind.head();
    what.bind_head.assign(head.begin(), head.end());
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    const parameter& given = values[i];
    if (given.operations->is_null(given.value)) {
      bind.null_value();
      continue;
    }
    bind.open_value();
    value_writer to(out, what.target(i), i + 1);
    bind.close_value(given.operations->encode(to, given.value));
  }
  if (const proto::error refused = bind.finish(codes)) {
    raise({.kind = error_kind::usage,
           .message = "the parameters cannot be sent: " + std::string(proto::explain(refused.what)),
           .statement = what.sql,
           .safe_to_retry = true});
  }
}

}  // namespace tusk::detail
