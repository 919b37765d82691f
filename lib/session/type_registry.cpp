#include "session/type_registry.hpp"

#include <string_view>

namespace tusk::detail {

namespace {

type_kind kind_of(char typtype) noexcept {
  switch (typtype) {
    case 'a': return type_kind::array;
    case 'b': return type_kind::base;
    case 'c': return type_kind::composite;
    case 'd': return type_kind::domain;
    case 'e': return type_kind::enumeration;
    case 'm': return type_kind::multirange;
    case 'p': return type_kind::pseudo;
    case 'r': return type_kind::range;
    default: return type_kind::unknown;
  }
}

/// Builds types from rows, each after those that it is made of.
class type_builder {
 public:
  type_builder(const std::vector<catalog_row>& rows,
               std::unordered_map<oid, type_registry::pointer>& known,
               std::shared_ptr<std::atomic<bool>> outdated)
      : known_(known), outdated_(std::move(outdated)) {
    for (const catalog_row& row : rows)
      rows_.emplace(row.number, &row);
  }

  type_registry::pointer build(oid type, int depth = 0) {
    // PostgreSQL's types are never made of themselves; a server that says so is left unbelieved.
    constexpr int deepest = 64;
    if (const auto found = known_.find(type); found != known_.end()) return found->second;
    const auto row = rows_.find(type);
    if (row == rows_.end() || depth == deepest) return nullptr;
    const catalog_row& said = *row->second;
    rows_.erase(row);
    const auto info = std::make_shared<type_info>();
    describe(*info, said);
    info->part_info = build(said.part, depth + 1);
    for (attribute& each : info->attributes)
      each.info = build(each.type, depth + 1);
    return known_[type] = info;
  }

 private:
  void describe(type_info& info, const catalog_row& said) const {
    info.number = said.number;
    info.schema = said.schema;
    info.name = said.name;
    info.sql_name = said.sql_name;
    info.kind = kind_of(said.kind);
    info.delimiter = said.delimiter;
    info.part = said.part;
    info.labels = said.labels;
    info.outdated = outdated_;
    const std::size_t count = std::min(said.attributes.size(), said.attribute_types.size());
    for (std::size_t i = 0; i < count; ++i)
      info.attributes.push_back({said.attributes[i], said.attribute_types[i], nullptr});
  }

  std::unordered_map<oid, const catalog_row*> rows_;
  std::unordered_map<oid, type_registry::pointer>& known_;
  std::shared_ptr<std::atomic<bool>> outdated_;
};

}  // namespace

type_registry::pointer type_registry::find(oid type) const {
  const auto found = known_.find(type);
  return found == known_.end() ? nullptr : found->second;
}

void type_registry::add(const std::vector<catalog_row>& rows) {
  type_builder builder(rows, known_, outdated_);
  for (const catalog_row& row : rows)
    static_cast<void>(builder.build(row.number));
}

void type_registry::add_unknown(oid type) {
  const auto info = std::make_shared<type_info>();
  info->number = type;
  known_.emplace(type, info);
}

void type_registry::forget_unknown() {
  std::erase_if(known_, [](const auto& each) { return each.second->kind == type_kind::unknown; });
}

// Each is gone before its parts are looked at, so that this ends whatever they say.
void type_registry::forget(oid type) {
  const auto found = known_.find(type);
  if (found == known_.end()) return;
  const pointer gone = std::move(found->second);
  known_.erase(found);
  forget(gone->part);
  for (const attribute& each : gone->attributes)
    forget(each.type);
}

void type_registry::clear() {
  known_.clear();
  // What belongs to the old ones may still call its mark.
  outdated_ = std::make_shared<std::atomic<bool>>(false);
}

// Each name and operator with its schema, for the search path is the user's. Multiranges came with
// PostgreSQL 14; read through jsonb, their column may be missing.
std::string catalog_query(const std::vector<oid>& types) {
  constexpr std::string_view head =
      "SELECT t.oid, n.nspname::pg_catalog.text, t.typname::pg_catalog.text, "
      "pg_catalog.format_type(t.oid, NULL), "
      "CASE WHEN e.oid IS NOT NULL THEN 'a' ELSE t.typtype END, t.typdelim, "
      "CASE WHEN e.oid IS NOT NULL THEN e.oid "
      "WHEN t.typtype OPERATOR(pg_catalog.=) 'd' THEN t.typbasetype "
      "WHEN t.typtype OPERATOR(pg_catalog.=) 'r' THEN (SELECT r.rngsubtype "
      "FROM pg_catalog.pg_range r WHERE r.rngtypid OPERATOR(pg_catalog.=) t.oid) "
      "WHEN t.typtype OPERATOR(pg_catalog.=) 'm' THEN (SELECT r.rngtypid "
      "FROM pg_catalog.pg_range r WHERE (pg_catalog.to_jsonb(r) "
      "OPERATOR(pg_catalog.->>) 'rngmultitypid') OPERATOR(pg_catalog.=) t.oid::pg_catalog.text) "
      "ELSE 0::pg_catalog.oid END, "
      "ARRAY(SELECT a.attname::pg_catalog.text FROM pg_catalog.pg_attribute a "
      "WHERE a.attrelid OPERATOR(pg_catalog.=) t.typrelid "
      "AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped ORDER BY a.attnum), "
      "ARRAY(SELECT a.atttypid FROM pg_catalog.pg_attribute a "
      "WHERE a.attrelid OPERATOR(pg_catalog.=) t.typrelid "
      "AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped ORDER BY a.attnum), "
      "ARRAY(SELECT l.enumlabel::pg_catalog.text FROM pg_catalog.pg_enum l "
      "WHERE l.enumtypid OPERATOR(pg_catalog.=) t.oid ORDER BY l.enumsortorder) "
      "FROM pg_catalog.pg_type t "
      "JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) t.typnamespace "
      "LEFT JOIN pg_catalog.pg_type e ON e.oid OPERATOR(pg_catalog.=) t.typelem "
      "AND e.typarray OPERATOR(pg_catalog.=) t.oid "
      "WHERE t.oid OPERATOR(pg_catalog.=) ANY ('{";
  std::string sql(head);
  for (std::size_t i = 0; i < types.size(); ++i)
    sql.append(i == 0 ? "" : ",").append(std::to_string(types[i]));
  return sql.append("}'::pg_catalog.oid[])");
}

std::vector<oid> referred_types(const catalog_row& row) {
  std::vector<oid> types;
  if (is_of_the_catalogs(row.part)) types.push_back(row.part);
  for (const oid type : row.attribute_types)
    if (is_of_the_catalogs(type)) types.push_back(type);
  return types;
}

}  // namespace tusk::detail
