#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/values.hpp"
#include "tusk/types/type_ref.hpp"

namespace tusk::test {

/// Types as a session would have learnt them from the catalogs.
using known_type = std::shared_ptr<const type_info>;

inline type_info named_type(oid number, std::string_view name, type_kind kind) {
  type_info made;
  made.number = number;
  made.schema = "shop";
  made.name = name;
  made.sql_name = name;
  made.kind = kind;
  made.outdated = std::make_shared<std::atomic<bool>>(false);
  return made;
}

inline known_type composite_info(oid number, std::string_view name,
                                 std::vector<attribute> attributes) {
  type_info made = named_type(number, name, type_kind::composite);
  made.attributes = std::move(attributes);
  return std::make_shared<const type_info>(std::move(made));
}

inline known_type enum_info(oid number, std::string_view name, std::vector<std::string> labels) {
  type_info made = named_type(number, name, type_kind::enumeration);
  made.labels = std::move(labels);
  return std::make_shared<const type_info>(std::move(made));
}

inline known_type made_of(oid number, std::string_view name, type_kind kind, type_ref part,
                          known_type part_info = {}) {
  type_info made = named_type(number, name, kind);
  made.part = part;
  made.part_info = std::move(part_info);
  return std::make_shared<const type_info>(std::move(made));
}

/// A field of such a type in column "c"; it owns its bytes, in a heap block of exactly their size.
class known_sample {
 public:
  known_sample(const known_type& type, tusk::format as, bytes_view bytes)
      : block_(bytes), column_(std::make_unique<column>()) {
    column_->name = "c";
    column_->type = type->number;
    column_->info = type;
    field_ = {block_.view().data(), static_cast<std::int32_t>(bytes.size()), column_->ref(), as,
              column_.get()};
  }
  operator const field&() const { return field_; }

 private:
  exact_block block_;
  std::unique_ptr<column> column_;
  field field_;
};

inline known_sample binary(const known_type& type, std::string_view literal) {
  return {type, format::binary, wire(literal)};
}
inline known_sample text(const known_type& type, std::string_view value) {
  return {type, format::text, bytes_of(value)};
}

/// What a codec writes to a parameter of such a type.
template <class T>
written encode(const T& value, const known_type& target) {
  std::vector<std::byte> room(4096);
  for (;;) {
    proto::writer out(room);
    value_writer to(out, target->ref(), 1);
    const format as = codec<T>::encode(to, value);
    if (out.size() <= room.size()) {
      const bytes_view done = out.written();
      return {as, {done.begin(), done.end()}};
    }
    room.resize(out.size() * 2);
  }
}

/// What comes back when a value is sent to such a type and that is read again.
template <class T>
T round_trip(const T& value, const known_type& type) {
  const written sent = encode(value, type);
  return codec<T>::decode(known_sample(type, sent.as, sent.bytes));
}

/// Every proper prefix of a binary form, and the form with a byte more, is refused.
template <class T>
void check_damage_refused(const known_type& type, std::string_view literal) {
  std::vector<std::byte> bytes = wire(literal);
  static_cast<void>(codec<T>::decode(known_sample(type, format::binary, bytes)));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const known_sample cut(type, format::binary, bytes_view(bytes).first(size));
    if (data_error_of([&] { static_cast<void>(codec<T>::decode(cut)); }).empty())
      throw std::runtime_error("a prefix of " + std::to_string(size) + " bytes was read");
  }
  bytes.push_back(std::byte{0});
  const known_sample longer(type, format::binary, bytes);
  if (data_error_of([&] { static_cast<void>(codec<T>::decode(longer)); }).empty())
    throw std::runtime_error("a byte too many was read");
}

}  // namespace tusk::test
