#include <algorithm>

#include "tusk/proto/reader.hpp"
#include "tusk/types/composite.hpp"
#include "tusk/types/failure.hpp"
#include "types/composite_text.hpp"

// Composites as the server sends them: record_send and record_out.
namespace tusk::detail {
namespace {

/// Each attribute in binary has at least its OID and its length.
constexpr std::size_t least_attribute = 8;

/// One composite value that is read.
class reading {
 public:
  reading(const field& value, const composite_reading& as, std::span<field> members)
      : value_(value), as_(as), members_(members), info_(value.type.info()) {
    if (value.is_null()) fail_type(value, as.name);
    if (info_ != nullptr) check_attributes();
  }

  void binary();
  void text(std::string& scratch);

 private:
  void check_attributes() const;
  void require_count(std::size_t count) const;
  [[nodiscard]] std::size_t member_of(std::size_t index) const;
  [[nodiscard]] type_ref type_at(std::size_t index, oid sent) const;
  void take(std::size_t index, field part, bool is_copy);
  [[nodiscard]] std::string called(std::size_t index, type_ref type) const;
  [[noreturn]] void fail(const std::string& reason) const { fail_read(value_, as_.name, reason); }
  /// It may fit what the type has become meanwhile.
  [[noreturn]] void fail_misfit(const std::string& reason) const {
    info_->note_outdated();
    fail(reason);
  }
  [[noreturn]] void fail_outdated(const std::string& seen) const;

  const field& value_;
  const composite_reading& as_;
  std::span<field> members_;
  const type_info* info_;  ///< null for an anonymous record
};

// Of what the catalogs say, each attribute needs its member and each member its attribute.
void reading::check_attributes() const {
  const std::vector<attribute>& all = info_->attributes;
  if (as_.members.empty()) {
    if (all.size() == members_.size()) return;
    fail_misfit("the type has " + std::to_string(all.size()) + " attributes and the struct " +
                std::to_string(members_.size()) + " members");
  }
  for (std::size_t i = 0; i < as_.members.size(); ++i) {
    if (i < all.size() && all[i].name == as_.members[i]) continue;
    const std::string_view name = as_.members[i];
    if (std::none_of(all.begin(), all.end(), [&](const auto& each) { return each.name == name; }))
      fail_misfit("the type has no attribute for the struct's member \"" + std::string(name) + '"');
  }
  for (const attribute& each : all)
    if (std::find(as_.members.begin(), as_.members.end(), each.name) == as_.members.end())
      fail_misfit("its attribute \"" + each.name + "\" has no member of that name in the struct");
}

void reading::fail_outdated(const std::string& seen) const {
  info_->note_outdated();
  fail(seen +
       ": the type has been changed since it was looked up; run the statement again, and "
       "it is looked up anew");
}

void reading::require_count(std::size_t count) const {
  if (info_ != nullptr && count != info_->attributes.size()) {
    fail_outdated("it has come with " + std::to_string(count) + " attributes instead of " +
                  std::to_string(info_->attributes.size()));
  }
  if (count != members_.size()) {
    fail("it has " + std::to_string(count) + " fields, and " + std::to_string(members_.size()) +
         " are to be read");
  }
}

std::size_t reading::member_of(std::size_t index) const {
  if (as_.members.empty()) return index;
  const std::string& name = info_->attributes[index].name;
  if (as_.members[index] == name) return index;
  return static_cast<std::size_t>(std::find(as_.members.begin(), as_.members.end(), name) -
                                  as_.members.begin());
}

std::string reading::called(std::size_t index, type_ref type) const {
  const std::string name = info_ != nullptr ? "attribute \"" + info_->attributes[index].name + '"'
                                            : "field " + std::to_string(index + 1);
  return type == 0 ? name : name + " (" + type_label(type) + ")";
}

type_ref reading::type_at(std::size_t index, oid sent) const {
  if (info_ == nullptr) return sent;
  const attribute& known = info_->attributes[index];
  if (sent != known.type) {
    fail_outdated(called(index, known.ref()) + " has come as " + type_label(sent));
  }
  return known.ref();
}

// Finds the type that the member is read from, and whether it can be.
void reading::take(std::size_t index, field part, bool is_copy) {
  const std::size_t member = member_of(index);
  const attribute_reading& as = *as_.attributes[member];
  if (part.type == 0) {
    part.type = as.own_type;
  } else if (const auto fits = as.read_as(part.type)) {
    part.type = *fits;
  } else if (part.is_null() && part.type == oids::unknown) {
    part.type = as.own_type;  // a NULL that was written as such has no type
  } else {
    fail(called(index, part.type) + " cannot be read as " + std::string(as.name) +
         (part.type.is_known() ? ": the types do not go together"
                               : ": only the catalogs know its type; cast the record to a "
                                 "composite type, or the field to a built-in one"));
  }
  if (part.is_null() && !as.nullable)
    fail(called(index, part.type) + " is NULL; read a std::optional");
  if (is_copy && as.is_view)
    fail(called(index, part.type) + " is escaped in the text; read std::string");
  part.origin = value_.origin;
  members_[member] = part;
}

void reading::binary() {
  constexpr const char* malformed = "its binary form is malformed";
  proto::reader in(value_.bytes());
  const std::int32_t count = in.i32();
  if (!in.ok() || count < 0) fail(malformed);
  const auto fields = static_cast<std::size_t>(count);
  if (fields > in.remaining() / least_attribute)
    fail("it announces more fields than its bytes can hold");
  require_count(fields);
  for (std::size_t i = 0; i < fields; ++i) {
    const oid sent = in.u32();
    field part;
    part.size = in.i32();
    if (part.size >= 0) part.data = in.bytes(static_cast<std::size_t>(part.size)).data();
    if (!in.ok() || part.size < -1) fail(malformed);
    part.type = type_at(i, sent);
    part.format = format::binary;
    take(i, part, false);
  }
  if (in.finish()) fail(malformed);
}

void reading::text(std::string& scratch) {
  constexpr std::string_view what = "a composite value";
  composite_scanner in(value_.text(), scratch);
  std::size_t count = 0;
  std::string_view text;
  const bool is_empty = in.is_bare() && members_.empty();
  while (!is_empty && in.next(text)) {
    const std::size_t most = info_ != nullptr ? info_->attributes.size() : members_.size();
    if (count++ >= most) continue;  // counted, for the message
    field part;
    part.data = reinterpret_cast<const std::byte*>(text.data());
    part.size = in.is_null() ? -1 : static_cast<std::int32_t>(text.size());
    part.format = format::text;
    if (info_ != nullptr) part.type = info_->attributes[count - 1].ref();
    take(count - 1, part, in.is_copy());
  }
  if (!in.ok()) fail_text(value_, as_.name, what);
  require_count(count);
}

}  // namespace

void read_composite(const field& value, const composite_reading& as, std::span<field> members,
                    std::string& scratch) {
  reading one(value, as, members);
  if (value.format == format::binary) {
    one.binary();
  } else {
    one.text(scratch);
  }
}

}  // namespace tusk::detail
