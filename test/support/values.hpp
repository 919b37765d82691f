#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "support/wire.hpp"
#include "tusk/error.hpp"
#include "tusk/proto/writer.hpp"
#include "tusk/types/codec.hpp"

namespace tusk::test {

/// A field that owns its bytes, in a heap block of exactly their size, and its column.
class sample {
 public:
  sample(oid type, tusk::format as, bytes_view bytes)
      : block_(bytes), column_(std::make_unique<column>()) {
    column_->name.push_back('c');
    column_->type = type;
    field_ = {block_.view().data(), static_cast<std::int32_t>(bytes.size()), type, as,
              column_.get()};
  }
  operator const field&() const { return field_; }

 private:
  exact_block block_;
  std::unique_ptr<column> column_;
  field field_;
};

/// `binary(oids::int4, "0000002a")`
inline sample binary(oid type, std::string_view literal) {
  return {type, format::binary, wire(literal)};
}
inline sample text(oid type, std::string_view value) {
  return {type, format::text, bytes_of(value)};
}

/// What a codec wrote.
struct written {
  format as = format::text;
  std::vector<std::byte> bytes;

  [[nodiscard]] std::string hex() const { return test::hex(bytes); }
  [[nodiscard]] std::string_view text() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
};

template <class T>
written encode(const T& value, oid target) {
  std::vector<std::byte> room(256);
  for (;;) {
    proto::writer out(room);
    value_writer to(out, target, 1);
    const format as = codec<T>::encode(to, value);
    if (out.size() <= room.size()) {
      const bytes_view done = out.written();
      return {as, {done.begin(), done.end()}};
    }
    room.resize(out.size() * 2);  // text in arrays is counted before it is quoted
  }
}

/// What comes back when a value is sent as `target` and that is read again.
template <class T>
T round_trip(const T& value, oid target = codec<T>::type) {
  const written sent = encode(value, target);
  return codec<T>::decode(sample(target, sent.as, sent.bytes));
}

template <class T>
T decode(const field& value) {
  return codec<T>::decode(value);
}

/// The message of the data_error that `call` throws; empty when it throws none.
template <class Call>
std::string data_error_of(Call call) {
  try {
    call();
  } catch (const data_error& e) {
    return std::string(e.message());
  }
  return {};
}

}  // namespace tusk::test
