#include "tusk/types/hstore.hpp"

#include <algorithm>
#include <numeric>

#include "tusk/proto/reader.hpp"
#include "tusk/types/failure.hpp"
#include "types/hstore_text.hpp"

namespace tusk {
namespace {

constexpr std::string_view malformed = "its binary form is malformed";

/// comparePairs: by length, then by bytes.
bool is_before(std::string_view left, std::string_view right) noexcept {
  if (left.size() != right.size()) return left.size() < right.size();
  return left < right;
}

bool comes_first(const hstore::entry& left, const hstore::entry& right) noexcept {
  return is_before(left.first, right.first);
}

template <class Entries>
auto place_of(Entries& entries, std::string_view key) noexcept {
  return std::lower_bound(entries.begin(), entries.end(), key,
                          [](const hstore::entry& each, std::string_view wanted) {
                            return is_before(each.first, wanted);
                          });
}

/// A text behind its length; nullopt for the length -1.
std::optional<std::string> read_text(proto::reader& in) {
  const std::int32_t size = in.i32();
  if (size == -1) return std::nullopt;
  if (size < 0) in.fail(proto::fault::truncated);
  const bytes_view bytes = in.bytes(size < 0 ? 0 : static_cast<std::size_t>(size));
  return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

void write_text(value_writer& to, std::string_view text) {
  if (text.find('\0') != std::string_view::npos)
    to.fail(codec<hstore>::name, "it holds a NUL, which no PostgreSQL text can hold");
  if (text.size() > INT32_MAX) to.fail(codec<hstore>::name, "a text of it is too long");
  to.out().i32(static_cast<std::int32_t>(text.size()));
  to.out().text(text);
}

hstore read_binary(const field& value) {
  // Each entry has at least the lengths of its key and of its value.
  constexpr std::size_t least_entry = 8;
  proto::reader in(value.bytes());
  const std::int32_t count = in.i32();
  if (!in.ok() || count < 0) fail_read(value, codec<hstore>::name, malformed);
  if (static_cast<std::size_t>(count) > in.remaining() / least_entry) {
    fail_read(value, codec<hstore>::name, "it announces more entries than its bytes can hold");
  }
  std::vector<hstore::entry> entries;
  entries.reserve(static_cast<std::size_t>(count));
  for (std::int32_t i = 0; i < count; ++i) {
    std::optional<std::string> key = read_text(in);
    std::optional<std::string> text = read_text(in);
    if (!in.ok() || !key) fail_read(value, codec<hstore>::name, malformed);
    entries.emplace_back(std::move(*key), std::move(text));
  }
  if (in.finish()) fail_read(value, codec<hstore>::name, malformed);
  return hstore(std::move(entries));
}

}  // namespace

hstore::hstore(std::vector<entry> entries) : entries_(std::move(entries)) {
  const auto follows = [](const entry& a, const entry& b) { return !comes_first(a, b); };
  // As it comes from the server.
  if (std::adjacent_find(entries_.begin(), entries_.end(), follows) == entries_.end()) return;
  std::vector<std::size_t> order(entries_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (entries_[a].first == entries_[b].first) return a < b;
    return comes_first(entries_[a], entries_[b]);
  });
  std::vector<entry> sorted;
  sorted.reserve(entries_.size());
  for (const std::size_t each : order)
    if (sorted.empty() || sorted.back().first != entries_[each].first)
      sorted.push_back(std::move(entries_[each]));
  entries_ = std::move(sorted);
}

const std::optional<std::string>* hstore::find(std::string_view key) const noexcept {
  const auto at = place_of(entries_, key);
  return at != entries_.end() && at->first == key ? &at->second : nullptr;
}

void hstore::set(std::string key, std::optional<std::string> value) {
  const auto at = place_of(entries_, key);
  if (at != entries_.end() && at->first == key) {
    at->second = std::move(value);
  } else {
    entries_.emplace(at, std::move(key), std::move(value));
  }
}

bool hstore::erase(std::string_view key) {
  const auto at = place_of(entries_, key);
  if (at == entries_.end() || at->first != key) return false;
  entries_.erase(at);
  return true;
}

std::size_t hstore::hash() const noexcept {
  const std::hash<std::string_view> each;
  std::size_t mixed = entries_.size();
  for (const auto& [key, value] : entries_) {
    mixed = mixed * 31 + each(key);
    mixed = mixed * 31 + (value ? each(*value) : 1);
  }
  return mixed;
}

hstore codec<hstore>::decode(const field& value) {
  if (value.is_null() || !reads(value.type)) detail::fail_type(value, name);
  if (value.format == format::binary) return read_binary(value);
  std::optional<hstore> parsed = hstore::parse(value.text());
  if (!parsed) detail::fail_text(value, name, "an hstore");
  return *std::move(parsed);
}

format codec<hstore>::encode(value_writer& to, const hstore& value) {
  if (to.target() == 0) {
    const std::string text = value.to_string();
    if (text.find('\0') != std::string::npos)
      to.fail(name, "it holds a NUL, which no PostgreSQL text can hold");
    to.out().text(text);
    return format::text;
  }
  if (!writes(to.target())) to.fail(name, "the types do not go together");
  if (value.size() > INT32_MAX) to.fail(name, "it has more than 2147483647 entries");
  to.out().i32(static_cast<std::int32_t>(value.size()));
  for (const auto& [key, text] : value) {
    write_text(to, key);
    if (text) {
      write_text(to, *text);
    } else {
      to.out().i32(-1);
    }
  }
  return format::binary;
}

}  // namespace tusk
