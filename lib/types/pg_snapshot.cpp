#include "tusk/types/pg_snapshot.hpp"

#include <algorithm>
#include <limits>

#include "types/value_wire.hpp"

namespace tusk {
namespace {

constexpr std::size_t number_size = sizeof(std::uint64_t);

/// The text up to `end`, which is taken with it; all of it when there is no `end`.
std::string_view take_until(std::string_view& text, char end) noexcept {
  const std::size_t at = text.find(end);
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return taken;
}

}  // namespace

std::optional<pg_snapshot> pg_snapshot::parse(std::string_view text) {
  if (std::count(text.begin(), text.end(), ':') != 2 || text.ends_with(',')) return std::nullopt;
  const std::optional<xid8> first = xid8::parse(take_until(text, ':'));
  const std::optional<xid8> last = xid8::parse(take_until(text, ':'));
  if (!first || !last) return std::nullopt;
  pg_snapshot result{*first, *last, {}};
  while (!text.empty()) {
    const std::optional<xid8> one = xid8::parse(take_until(text, ','));
    if (!one) return std::nullopt;
    // The server, too, passes over repetitions.
    if (result.xip.empty() || result.xip.back() != *one) result.xip.push_back(*one);
  }
  if (!result.is_valid()) return std::nullopt;
  return result;
}

std::string pg_snapshot::to_string() const {
  std::string text = xmin.to_string() + ':' + xmax.to_string() + ':';
  for (std::size_t i = 0; i < xip.size(); ++i) {
    if (i > 0) text.push_back(',');
    text.append(xip[i].to_string());
  }
  return text;
}

bool pg_snapshot::is_valid() const noexcept {
  if (xmin.number == 0 || xmax < xmin) return false;
  if (xip.empty()) return true;
  // pg_snapshot_recv lets the last be xmax itself, so that a server may hold such a one.
  const bool ascends = std::adjacent_find(xip.begin(), xip.end(), [](xid8 left, xid8 right) {
                         return left >= right;
                       }) == xip.end();
  return ascends && xip.front() >= xmin && xip.back() <= xmax;
}

bool pg_snapshot::sees(xid8 transaction) const noexcept {
  if (transaction < xmin) return true;
  if (transaction >= xmax) return false;
  return !std::binary_search(xip.begin(), xip.end(), transaction);
}

std::size_t pg_snapshot::hash() const noexcept {
  std::uint64_t hash = xmin.number * 31 + xmax.number;
  for (const xid8 one : xip)
    hash = (hash ^ one.number) * 0x9E3779B97F4A7C15U;
  return static_cast<std::size_t>(hash);
}

namespace detail {

/// The count of xip, xmin, xmax, then xip (pg_snapshot_send).
template <>
struct value_wire<pg_snapshot> {
  static constexpr std::string_view what = "a snapshot";
  static std::optional<pg_snapshot> parse(std::string_view text) {
    return pg_snapshot::parse(text);
  }
  static std::string_view read(proto::reader& in, pg_snapshot& into) {
    const std::int32_t count = in.i32();
    into.xmin = xid8(in.integer<std::uint64_t>());
    into.xmax = xid8(in.integer<std::uint64_t>());
    if (!in.ok()) return {};
    if (count < 0 || static_cast<std::size_t>(count) > in.remaining() / number_size)
      return "it announces more transactions than its bytes can hold";
    into.xip.reserve(static_cast<std::size_t>(count));
    for (std::int32_t i = 0; i < count; ++i)
      into.xip.emplace_back(in.integer<std::uint64_t>());
    return into.is_valid() ? std::string_view() : "its transactions are out of order";
  }
  static void write(value_writer& to, const pg_snapshot& value) {
    if (!value.is_valid())
      to.fail(codec<pg_snapshot>::name, "its transactions are out of order, or one is 0");
    if (value.xip.size() > std::numeric_limits<std::int32_t>::max() / number_size)
      to.fail(codec<pg_snapshot>::name, "it has more transactions than a value can hold");
    to.out().i32(static_cast<std::int32_t>(value.xip.size()));
    to.out().integer(value.xmin.number);
    to.out().integer(value.xmax.number);
    for (const xid8 one : value.xip)
      to.out().integer(one.number);
  }
};
template struct value_codec<pg_snapshot, oids::pg_snapshot, oids::pg_snapshot_array>;

}  // namespace detail
}  // namespace tusk
