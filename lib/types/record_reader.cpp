#include "types/record_reader.hpp"

#include "tusk/types/failure.hpp"

// Records as record_send and record_out of PostgreSQL write them.
namespace tusk::detail {
namespace {

// Each field in binary has at least its OID and its length.
constexpr std::size_t least_field = 8;
constexpr std::string_view malformed = "its binary form is malformed";

}  // namespace

record_reader::record_reader(const field& value, std::string_view target)
    : value_(value), target_(target), binary_(value.bytes()), text_(value.text(), scratch_) {
  if (value.format == format::text) return;
  const std::int32_t count = binary_.i32();
  if (!binary_.ok() || count < 0) fail_read(value, target, malformed);
  count_ = static_cast<std::size_t>(count);
  if (count_ > binary_.remaining() / least_field) fail_read(value, target, malformed);
  require_count(count_);
}

void record_reader::require_count(std::size_t count) const {
  const type_info* info = value_.type.info();
  if (info == nullptr || info->kind != type_kind::composite) return;
  if (info->attributes.size() == count) return;
  info->note_outdated();
  fail_read(value_, target_,
            "the type has been changed since it was looked up; run the statement again, and it is "
            "looked up anew");
}

bool record_reader::next(field& into) {
  into = {};
  into.origin = value_.origin;
  into.format = value_.format;
  const bool found = value_.format == format::binary ? next_binary(into) : next_text(into);
  if (found) ++index_;
  return found;
}

bool record_reader::next_binary(field& into) {
  if (index_ == count_) {
    if (binary_.finish()) fail_read(value_, target_, malformed);
    return false;
  }
  const oid sent = binary_.u32();
  into.size = binary_.i32();
  if (into.size >= 0) into.data = binary_.bytes(static_cast<std::size_t>(into.size)).data();
  if (!binary_.ok() || into.size < -1) fail_read(value_, target_, malformed);
  into.type = sent;
  const type_info* info = value_.type.info();
  if (info != nullptr && index_ < info->attributes.size()) {
    // What the bytes say counts; what the catalogs say of another type is of no use for them.
    const type_ref known = info->attributes[index_].ref();
    if (known == sent) {
      into.type = known;
    } else {
      info->note_outdated();
    }
  }
  return true;
}

bool record_reader::next_text(field& into) {
  const type_info* info = value_.type.info();
  std::string_view text;
  // `()` is a record without fields, or one NULL; only the catalogs know.
  const bool is_empty = text_.is_bare() && (info == nullptr || info->attributes.empty());
  if (is_empty || !text_.next(text)) {
    if (!text_.ok()) fail_text(value_, target_, "a composite value");
    require_count(index_);
    return false;
  }
  into.data = reinterpret_cast<const std::byte*>(text.data());
  into.size = text_.is_null() ? -1 : static_cast<std::int32_t>(text.size());
  if (info != nullptr) {
    if (index_ >= info->attributes.size()) require_count(index_ + 1);
    into.type = info->attributes[index_].ref();
  }
  return true;
}

std::string_view record_reader::name() const noexcept {
  const type_info* info = value_.type.info();
  if (info == nullptr || index_ == 0 || index_ > info->attributes.size()) return {};
  return info->attributes[index_ - 1].name;
}

}  // namespace tusk::detail
