#include "types/tsquery_text.hpp"

#include <algorithm>

#include "types/ascii.hpp"
#include "types/ts_text.hpp"

namespace tusk {
namespace {

using kind = tsquery::kind;
using node = tsquery::node;

/// How tightly an operator binds (tsearch_op_priority).
int priority(kind what) noexcept {
  switch (what) {
    case kind::logical_or: return 1;
    case kind::logical_and: return 2;
    case kind::phrase: return 3;
    case kind::lexeme:
    case kind::logical_not: break;
  }
  return 4;
}

/// `:*AB` behind a lexeme (get_modifiers).
void read_modifiers(detail::lexeme_reader& in, node& into) {
  if (!in.take(':')) return;
  constexpr std::string_view letters = "dcba";
  for (;;) {
    const char c = ascii::lower(in.peek());
    const std::size_t weight = c == '\0' ? std::string_view::npos : letters.find(c);
    if (c == '*') {
      into.is_prefix = true;
    } else if (weight != std::string_view::npos) {
      into.weights = static_cast<std::uint8_t>(into.weights | (1U << weight));
    } else {
      return;
    }
    in.take(in.peek());
  }
}

/// `<->` or `<3>` (parse_phrase_operator).
bool read_distance(detail::lexeme_reader& in, node& into) {
  int distance = 1;
  if (!in.take('-')) distance = in.number(tsquery::max_distance + 1);
  if (distance < 0 || distance > tsquery::max_distance) return false;
  into.distance = static_cast<std::int16_t>(distance);
  return in.take('>');
}

/// Makes a postfix list of the text, by the shunting yard: operators wait on a stack until one
/// comes that binds less tightly. A parenthesis waits among them as an empty entry.
class query_parser {
 public:
  query_parser(std::string_view text, bool is_stored)
      : in_(text, true, is_stored), is_stored_(is_stored) {}

  bool parse() {
    in_.skip_space();
    if (in_.at_end()) return true;
    for (;;) {
      if (!operand()) return false;
      bool goes_on = false;
      if (!after_operand(goes_on)) return false;
      if (!goes_on) break;
    }
    while (!waiting_.empty()) {
      if (!waiting_.back()) return false;
      pop();
    }
    return true;
  }
  std::vector<node> take() {
    // Read backwards, postfix is the order of the wire.
    std::reverse(done_.begin(), done_.end());
    return std::move(done_);
  }

 private:
  /// What may stand where an operand is due: `!` and `(`, and then a lexeme.
  bool operand() {
    for (in_.skip_space(); in_.at('!') || in_.at('('); in_.skip_space()) {
      if (in_.take('!')) {
        waiting_.emplace_back(node{kind::logical_not, false, 0, 0, 0, {}});
      } else {
        in_.take('(');
        waiting_.emplace_back();
      }
    }
    if (in_.at(':')) return false;
    node next;
    if (!in_.lexeme(next.text)) return false;
    if (!is_stored_ && next.text.size() > tsvector::max_lexeme_size) return false;
    read_modifiers(in_, next);
    done_.push_back(std::move(next));
    return true;
  }

  /// Closing parentheses, and then an operator, or the end.
  bool after_operand(bool& goes_on) {
    for (in_.skip_space(); in_.take(')'); in_.skip_space())
      if (!close()) return false;
    if (in_.at_end()) return true;
    node next;
    if (in_.take('&')) {
      next.what = kind::logical_and;
    } else if (in_.take('|')) {
      next.what = kind::logical_or;
    } else if (in_.take('<')) {
      next.what = kind::phrase;
      if (!read_distance(in_, next)) return false;
    } else {
      return false;
    }
    while (!waiting_.empty() && waiting_.back() &&
           priority(waiting_.back()->what) >= priority(next.what))
      pop();
    waiting_.emplace_back(std::move(next));
    goes_on = true;
    return true;
  }

  bool close() {
    while (!waiting_.empty() && waiting_.back())
      pop();
    if (waiting_.empty()) return false;
    waiting_.pop_back();
    return true;
  }

  void pop() {
    done_.push_back(std::move(*waiting_.back()));
    waiting_.pop_back();
  }

  detail::lexeme_reader in_;
  bool is_stored_;
  std::vector<node> done_;
  std::vector<std::optional<node>> waiting_;
};

/// Prints the tree as the server does (infix).
class query_printer {
 public:
  explicit query_printer(const std::vector<node>& nodes) : nodes_(nodes) {}

  std::string print() {
    if (!nodes_.empty()) to_do_.push_back({step::node, 0, 0, false});
    while (!to_do_.empty()) {
      const step next = to_do_.back();
      to_do_.pop_back();
      switch (next.what) {
        case step::node: visit(next); break;
        case step::joint: print_operator(nodes_[next.at]); break;
        case step::close: out_.append(" )"); break;
      }
    }
    return std::move(out_);
  }

 private:
  /// A node to be printed below an operator of some priority, the operator between its operands,
  /// or the end of a parenthesis.
  struct step {
    enum { node, joint, close } what;
    std::size_t at;
    int parent;
    bool is_right_of_phrase;
  };

  void visit(const step& here) {
    const node& item = nodes_[here.at];
    if (item.what == kind::lexeme) {
      print_lexeme(item);
      return;
    }
    const int own = priority(item.what);
    const bool is_phrase = item.what == kind::phrase;
    // The order of phrases matters, so a phrase on the right of another keeps its parentheses.
    if (own < here.parent || (is_phrase && here.is_right_of_phrase)) {
      out_.append("( ");
      to_do_.push_back({step::close, 0, 0, false});
    }
    // What is pushed last is printed first: the left operand, the operator, the right operand.
    if (item.what == kind::logical_not) {
      out_.push_back('!');
      to_do_.push_back({step::node, here.at + item.left, own, false});
      return;
    }
    to_do_.push_back({step::node, here.at + 1, own, is_phrase});
    to_do_.push_back({step::joint, here.at, 0, false});
    to_do_.push_back({step::node, here.at + item.left, own, false});
  }

  void print_operator(const node& item) {
    if (item.what == kind::logical_and) {
      out_.append(" & ");
    } else if (item.what == kind::logical_or) {
      out_.append(" | ");
    } else if (item.distance == 1) {
      out_.append(" <-> ");
    } else {
      out_.append(" <").append(std::to_string(item.distance)).append("> ");
    }
  }

  void print_lexeme(const node& item) {
    constexpr std::string_view letters = "DCBA";
    detail::append_lexeme(item.text, out_);
    if (item.weights == 0 && !item.is_prefix) return;
    out_.append(item.is_prefix ? ":*" : ":");
    for (std::size_t weight = letters.size(); weight-- > 0;)
      if ((item.weights >> weight & 1U) != 0) out_.push_back(letters[weight]);
  }

  const std::vector<node>& nodes_;
  std::vector<step> to_do_;
  std::string out_;
};

}  // namespace

namespace detail {

std::optional<std::vector<tsquery::node>> parse_query(std::string_view text, bool is_stored) {
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  query_parser parser(text, is_stored);
  if (!parser.parse()) return std::nullopt;
  return parser.take();
}

}  // namespace detail

std::string tsquery::to_string() const {
  return query_printer(nodes_).print();
}

}  // namespace tusk
