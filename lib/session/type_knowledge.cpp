#include "session/type_knowledge.hpp"

#include <algorithm>

#include "session/description.hpp"
#include "session/misuse.hpp"
#include "session/row_collector.hpp"
#include "session/session_flow.hpp"
#include "session/type_registry.hpp"
#include "tusk/types/array.hpp"
#include "tusk/types/characters.hpp"
#include "tusk/types/integers.hpp"

// What the catalogs say of types that are not built in: asked for when a codec does not take a type
// for its OID alone, and kept until types are altered or dropped.
namespace tusk::detail {

namespace {

using catalog_shape =
    positional<oid, std::string, std::string, std::string, char, char, oid,
               std::vector<std::string>, std::vector<oid>, std::vector<std::string>>;

std::vector<oid> types_of(const prepared_statement& what) {
  std::vector<oid> types;
  std::copy_if(what.parameters.begin(), what.parameters.end(), std::back_inserter(types),
               is_of_the_catalogs);
  for (const column& each : what.columns)
    if (is_of_the_catalogs(each.type)) types.push_back(each.type);
  return types;
}

/// While something runs that is not the statement that is observed.
class unwatched {
 public:
  explicit unwatched(std::unique_ptr<observation>& place) noexcept
      : place_(place), kept_(std::move(place)) {}
  ~unwatched() { place_ = std::move(kept_); }
  unwatched(const unwatched&) = delete;
  unwatched& operator=(const unwatched&) = delete;

 private:
  std::unique_ptr<observation>& place_;
  std::unique_ptr<observation> kept_;
};

}  // namespace

void type_knowledge::learn(prepared_statement& of) const {
  if (of.types_learnt) return;
  if (until != nullptr) core.learn_types(types_of(of), *until);
  of.parameter_info.clear();
  for (const oid type : of.parameters)
    of.parameter_info.push_back(is_of_the_catalogs(type) ? core.types().find(type) : nullptr);
  for (column& each : of.columns)
    fill(each);
  of.types_learnt = until != nullptr;
}

void type_knowledge::fill(column& each) const {
  if (is_of_the_catalogs(each.type)) each.info = core.types().find(each.type);
}

date_order type_knowledge::dates() const noexcept {
  return core.dates();
}

// Asks for these types, then for those that they are made of, and so on: a round trip each.
void session_core::learn_types(std::vector<oid> wanted, const net::deadline& until) {
  // More than any type needs; a server must not keep us asking.
  constexpr int most_rounds = 64;
  std::vector<catalog_row> rows;
  std::vector<oid> asked;
  types_.forget_unknown();
  const auto is_known = [&](oid type) {
    return types_.find(type) != nullptr ||
           std::find(asked.begin(), asked.end(), type) != asked.end();
  };
  for (int round = 0; round < most_rounds; ++round) {
    std::erase_if(wanted, is_known);
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    if (wanted.empty()) break;
    asked.insert(asked.end(), wanted.begin(), wanted.end());
    std::vector<oid> next;
    for (catalog_row& row : ask_catalogs(wanted, until)) {
      const std::vector<oid> parts = referred_types(row);
      next.insert(next.end(), parts.begin(), parts.end());
      rows.push_back(std::move(row));
    }
    wanted = std::move(next);
  }
  types_.add(rows);
  for (const oid type : asked)
    if (types_.find(type) == nullptr) types_.add_unknown(type);
}

std::shared_ptr<const type_info> session_core::look_up(oid type) {
  const std::string what = "a look at the catalogs";
  const call_options options;
  return conduct({.options = options, .what = what}, [&](const net::deadline& until) {
    settle_statements();
    return guarded(what, until, [&] { return look_up_anew(type, until); });
  });
}

std::shared_ptr<const type_info> session_core::look_up(std::string_view name) {
  const std::string what = "a look at the catalogs for a type";
  const call_options options;
  return conduct({.options = options, .what = what}, [&](const net::deadline& until) {
    settle_statements();
    return guarded(what, until, [&] {
      const std::string sql =
          with_literal("SELECT pg_catalog.to_regtype($1)::pg_catalog.oid", name);
      const auto store = ask_aside(sql, positional<std::optional<oid>>::shape, until);
      const row_position at(*store, 0);
      const auto found =
          positional<std::optional<oid>>::read<std::optional<oid>>(at.body(), at.columns());
      if (!found) misuse("there is no type called " + std::string(name), {});
      return look_up_anew(*found, until);
    });
  });
}

std::shared_ptr<const type_info> session_core::look_up_anew(oid type, const net::deadline& until) {
  types_.forget(type);
  learn_types({type}, until);
  auto known = types_.find(type);
  if (known->kind == type_kind::unknown)
    misuse("there is no type with the OID " + std::to_string(type), {});
  return known;
}

std::vector<catalog_row> session_core::ask_catalogs(const std::vector<oid>& types,
                                                    const net::deadline& until) {
  const auto store = ask_aside(catalog_query(types), catalog_shape::shape, until);
  std::vector<catalog_row> rows;
  for (row_position at(*store, 0); at.index() < store->rows; at.advance())
    rows.push_back(catalog_shape::read<catalog_row>(at.body(), at.columns()));
  return rows;
}

// A question of the session's own in the middle of a call, when everything that was sent has been
// answered. By a name, for the unnamed statement may be what the call is about.
std::shared_ptr<const row_store> session_core::ask_aside(std::string sql, const row_shape& shape,
                                                         const net::deadline& until) {
  const auto what = std::make_shared<prepared_statement>();
  what->sql = std::move(sql);
  what->name = next_name();
  const unwatched aside(watch_);
  const auto before = talk().mark();
  try {
    write_undescribed(*what, {}, &shape, true);
    talk().run_portal();
    check_written(before, what->sql);
  } catch (...) {
    talk().take_back(before);
    throw;
  }
  evicted_.push_back(what->name);
  return read_aside({what.get(), what, &shape, nullptr}, until);
}

std::shared_ptr<const row_store> session_core::ask_aside_as_text(std::string_view sql,
                                                                 const row_shape& shape,
                                                                 const net::deadline& until) {
  const unwatched aside(watch_);
  const call_options options;
  return read_aside(send_as_text({.options = options, .what = sql}, &shape), until);
}

std::shared_ptr<const row_store> session_core::read_aside(in_flight sent,
                                                          const net::deadline& until) {
  const auto store = std::make_shared_for_overwrite<row_store>();
  row_collector rows(*store);
  const late_end before = if_late_;
  if (before == late_end::carried_out) if_late_ = late_end::unknown;
  read_answers(sent.of->sql, until, sent, [&](const engine::event& said) {
    if (said.type == 'D') rows.add(said.rows, talk().rows_block());
  });
  if_late_ = before;
  rows.finish();
  store->columns = sent.columns != nullptr ? std::move(sent.columns) : no_columns();
  return store;
}

}  // namespace tusk::detail
