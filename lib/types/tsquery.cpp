#include "tusk/types/tsquery.hpp"

#include "types/tsquery_text.hpp"
#include "types/value_wire.hpp"

namespace tusk {
namespace {

using kind = tsquery::kind;
using node = tsquery::node;

}  // namespace

tsquery tsquery::term(std::string_view lexeme, std::initializer_list<ts_weight> weights,
                      bool is_prefix) {
  constexpr std::string_view name = codec<tsquery>::name;
  if (lexeme.empty()) detail::fail_conversion(name, "a lexeme is empty");
  if (lexeme.size() > tsvector::max_lexeme_size)
    detail::fail_conversion(name, "a lexeme is longer than 2046 bytes");
  if (lexeme.find('\0') != std::string_view::npos)
    detail::fail_conversion(name, "a lexeme has a NUL in it, which no PostgreSQL text can hold");
  tsquery result;
  node& only = result.nodes_.emplace_back();
  only.text = lexeme;
  only.is_prefix = is_prefix;
  for (const ts_weight each : weights)
    only.weights = static_cast<std::uint8_t>(only.weights | (1U << static_cast<unsigned>(each)));
  return result;
}

tsquery tsquery::join(node joint, const tsquery& left, const tsquery& right) {
  if (left.is_empty()) return right;
  if (right.is_empty()) return left;
  tsquery result;
  result.nodes_.reserve(1 + left.nodes_.size() + right.nodes_.size());
  joint.left = static_cast<std::uint32_t>(1 + right.nodes_.size());
  result.nodes_.push_back(std::move(joint));
  result.nodes_.insert(result.nodes_.end(), right.nodes_.begin(), right.nodes_.end());
  result.nodes_.insert(result.nodes_.end(), left.nodes_.begin(), left.nodes_.end());
  return result;
}

tsquery tsquery::negate(const tsquery& operand) {
  if (operand.is_empty()) return operand;
  tsquery result = operand;
  result.nodes_.insert(result.nodes_.begin(), node{kind::logical_not, false, 0, 0, 1, {}});
  return result;
}

tsquery tsquery::phrase(const tsquery& left, const tsquery& right, int distance) {
  if (distance < 0 || distance > max_distance)
    detail::fail_conversion(
        codec<tsquery>::name,
        "the distance of a phrase is from 0 to 16384, not " + std::to_string(distance));
  return join({kind::phrase, false, 0, static_cast<std::int16_t>(distance), 0, {}}, left, right);
}

bool tsquery::link() {
  // Backwards, operands come before their operator, the left one first.
  std::vector<std::size_t> operands;
  for (std::size_t at = nodes_.size(); at-- > 0;) {
    node& item = nodes_[at];
    if (item.what == kind::logical_not) {
      if (operands.empty()) return false;
      operands.pop_back();
      item.left = 1;
    } else if (item.what != kind::lexeme) {
      if (operands.size() < 2) return false;
      operands.pop_back();
      item.left = static_cast<std::uint32_t>(operands.back() - at);
      operands.pop_back();
    }
    operands.push_back(at);
  }
  return operands.size() == (nodes_.empty() ? 0U : 1U);
}

std::optional<tsquery> tsquery::parse(std::string_view text) {
  tsquery result;
  std::optional<std::vector<node>> nodes = detail::parse_query(text, false);
  if (!nodes) return std::nullopt;
  result.nodes_ = std::move(*nodes);
  if (!result.link()) return std::nullopt;
  return result;
}

std::size_t tsquery::hash() const noexcept {
  std::size_t hash = nodes_.size();
  for (const node& each : nodes_) {
    hash = hash * 31 + std::hash<std::string_view>{}(each.text);
    hash = hash * 31 + static_cast<std::size_t>(each.what);
    hash = hash * 31 + each.weights * 2U + (each.is_prefix ? 1U : 0U);
    hash = hash * 31 + static_cast<std::uint16_t>(each.distance);
  }
  return hash;
}

namespace detail {

/// The binary form of tsquerysend: a count, and the nodes in prefix order.
template <>
struct value_wire<tsquery> {
  static constexpr std::string_view what = "a tsquery";

  // What a node begins with (QI_VAL and QI_OPR), and the weights there are.
  static constexpr std::uint8_t lexeme_mark = 1;
  static constexpr std::uint8_t operator_mark = 2;
  static constexpr std::uint8_t all_weights = 0x0F;

  static std::optional<tsquery> parse(std::string_view text) {
    tsquery result;
    std::optional<std::vector<node>> nodes = parse_query(text, true);
    if (!nodes) return std::nullopt;
    result.nodes_ = std::move(*nodes);
    if (!result.link()) return std::nullopt;
    return result;
  }

  /// Servers send a query of nothing in binary, but many (12.22, 18.4) refuse to take it back.
  static bool has_text_only(const tsquery& value) noexcept { return value.is_empty(); }

  static std::string_view read(proto::reader& in, tsquery& into) {
    // The count is not believed: memory grows with what is there.
    const std::uint32_t count = in.u32();
    for (std::uint32_t i = 0; i < count && in.ok(); ++i) {
      const std::uint8_t mark = in.u8();
      node& next = into.nodes_.emplace_back();
      std::string_view wrong;
      if (mark == lexeme_mark) {
        wrong = read_lexeme(in, next);
      } else if (mark == operator_mark) {
        wrong = read_operator(in, next);
      } else if (in.ok()) {
        wrong = "a node is neither a lexeme nor an operator";
      }
      if (!wrong.empty()) return wrong;
    }
    if (in.ok() && !into.link()) return "its nodes are not one tree";
    return {};
  }

  static std::string_view read_lexeme(proto::reader& in, node& into) {
    into.weights = in.u8();
    into.is_prefix = in.u8() != 0;
    into.text = in.cstring();
    return into.weights > all_weights ? "a lexeme has weights that there are not" : "";
  }

  static std::string_view read_operator(proto::reader& in, node& into) {
    // OP_NOT is 1, and the others follow; so do ours.
    const std::uint8_t code = in.u8();
    if (!in.ok()) return {};
    if (code < 1 || code > static_cast<std::uint8_t>(kind::phrase))
      return "it has an operator that there is not";
    into.what = static_cast<kind>(code);
    if (into.what == kind::phrase) into.distance = in.i16();
    return {};
  }

  static void write(value_writer& to, const tsquery& value) {
    if (value.nodes_.size() > INT32_MAX)
      to.fail(codec<tsquery>::name, "it has more than 2147483647 nodes");
    proto::writer& out = to.out();
    out.u32(static_cast<std::uint32_t>(value.nodes_.size()));
    for (const node& each : value.nodes_) {
      if (each.what == kind::lexeme) {
        out.u8(lexeme_mark);
        out.u8(each.weights);
        out.u8(each.is_prefix ? 1 : 0);
        out.text(each.text);
        out.u8(0);
        continue;
      }
      out.u8(operator_mark);
      out.u8(static_cast<std::uint8_t>(each.what));
      if (each.what == kind::phrase) out.i16(each.distance);
    }
  }
};

template struct value_codec<tsquery, oids::tsquery, oids::tsquery_array>;

}  // namespace detail
}  // namespace tusk
