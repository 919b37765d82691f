#include "types/copy_lines.hpp"

namespace tusk::detail {
namespace {

// A row of this size is rare enough that its memory is not kept for the next one.
constexpr std::size_t kept_capacity = std::size_t{1} << 20U;

}  // namespace

copy_lines::copy_lines() noexcept
    : is_csv_(false), outside_('\n', '\r', '\\', '\\'), inside_(outside_) {}

copy_lines::copy_lines(char quote, char escape) noexcept
    : is_csv_(true),
      quote_(quote),
      escape_(escape),
      outside_('\n', '\r', quote, quote),
      inside_(quote, quote, escape, escape) {}

void copy_lines::feed(bytes_view chunk) noexcept {
  at_ = reinterpret_cast<const char*>(chunk.data());
  end_ = at_ + chunk.size();
}

bool copy_lines::next(std::string_view& line) {
  if (has_given_carried_) forget_carried();
  if (at_ == end_) return false;
  if (at_cr_) settle_cr();
  if (at_ == end_) return false;
  const char* const stop = find_end();
  check_size(static_cast<std::size_t>(stop - at_));
  if (stop == end_) {
    carried_.append(at_, stop);
    has_partial_ = true;
    at_ = end_;
    return false;
  }
  note_ending(*stop);
  line =
      has_partial_ ? carry_on(stop) : std::string_view(at_, static_cast<std::size_t>(stop - at_));
  at_ = stop + 1;
  return true;
}

std::string_view copy_lines::carry_on(const char* stop) {
  carried_.append(at_, stop);
  has_partial_ = false;
  has_given_carried_ = true;
  return carried_;
}

void copy_lines::forget_carried() {
  has_given_carried_ = false;
  if (carried_.capacity() > kept_capacity) carried_ = std::string();
  carried_.clear();
}

/// The end of the line in the chunk, or the chunk's.
const char* copy_lines::find_end() noexcept {
  return is_csv_ ? find_csv_end() : find_text_end();
}

const char* copy_lines::find_text_end() noexcept {
  const char* at = at_;
  if (state_ == state::escaped) {
    state_ = state::plain;
    ++at;
  }
  for (;;) {
    at = outside_.find(at, end_);
    if (at == end_ || *at != '\\') return at;
    if (end_ - at == 1) {
      state_ = state::escaped;
      return end_;
    }
    at += 2;
  }
}

const char* copy_lines::find_csv_end() noexcept {
  const char* at = at_;
  for (;;) {
    if (state_ != state::plain) at = skip_quoted(at);
    at = outside_.find(at, end_);
    if (at == end_ || *at != quote_) return at;
    state_ = state::quoted;
    ++at;
  }
}

/// Behind the closing quote, or the chunk's end. A doubled quote is no case of its own: it closes,
/// and opens again.
const char* copy_lines::skip_quoted(const char* at) noexcept {
  for (;;) {
    if (state_ == state::quoted_escape && at != end_) {
      state_ = state::quoted;
      if (*at == quote_ || *at == escape_) ++at;
    }
    at = inside_.find(at, end_);
    if (at == end_) return end_;
    if (*at++ == quote_) {
      state_ = state::plain;
      return at;
    }
    state_ = state::quoted_escape;
  }
}

/// What follows a CR decides what all lines end with.
void copy_lines::settle_cr() {
  at_cr_ = false;
  const bool has_lf = *at_ == '\n';
  if (has_lf) ++at_;
  if (ending_ == ending::unknown) ending_ = has_lf ? ending::crlf : ending::cr;
  if (!has_lf && ending_ == ending::crlf)
    fail("a carriage return that is not escaped, where lines end with CRLF");
}

void copy_lines::note_ending(char c) {
  if (c == '\r') {
    if (ending_ == ending::lf)
      fail("a carriage return that is not escaped, where lines end with LF");
    at_cr_ = ending_ != ending::cr;
    return;
  }
  if (ending_ == ending::cr || ending_ == ending::crlf)
    fail("a line feed that is not escaped, where lines end with CR or CRLF");
  ending_ = ending::lf;
}

void copy_lines::finish() const {
  if (has_partial_ || at_ != end_)
    fail(state_ == state::quoted || state_ == state::quoted_escape
             ? "the data ends between quotes"
             : "the data ends in the middle of it");
  if (at_cr_ && ending_ == ending::crlf)
    fail("the data ends in the middle of a line's end: there is a CR without its LF");
}

void copy_lines::check_size(std::size_t more) const {
  if (more > most_copy_value || carried_.size() > most_copy_value - more)
    fail("it is longer than 1 GiB; are the quotes those of the COPY?");
}

void copy_lines::fail(std::string_view reason) const {
  fail_copy_data({is_csv_ ? copy_format::csv : copy_format::text, row_, 0}, reason);
}

}  // namespace tusk::detail
