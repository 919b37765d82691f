#include "tusk/proto/bind_writer.hpp"

#include <cstring>

#include "parts.hpp"
#include "tusk/proto/extended.hpp"

namespace tusk::proto {

bind_writer::bind_writer(writer& out, std::string_view portal, std::string_view statement,
                         std::size_t parameter_count) noexcept
    : out_(out), around_(out, bind::type), count_(parameter_count) {
  out_.cstring(portal);
  out_.cstring(statement);
  write_count(out_, count_);
  formats_at_ = out_.size();
  if (count_ > UINT16_MAX) return;  // refused already: there are no codes to patch
  if (std::byte* codes = out_.claim(2 * count_)) std::memset(codes, 0, 2 * count_);
  write_count(out_, count_);
}

bind_writer::bind_writer(writer& out, bytes_view head, std::size_t parameter_count) noexcept
    : out_(out), around_(envelope::of_copy(out)), count_(parameter_count) {
  out_.bytes(head);
  formats_at_ = out_.size() - 2 - 2 * count_;
}

void bind_writer::note_format(format code) noexcept {
  if (next_ < count_ && count_ <= UINT16_MAX) {
    out_.patch(formats_at_ + 2 * next_, static_cast<std::int16_t>(code));
  }
  ++next_;
}

error bind_writer::finish(std::span<const format> result_formats) noexcept {
  finished_ = true;
  if (next_ != count_) out_.fail(fault::bad_count);
  write_count(out_, result_formats.size());
  for (const format code : result_formats)
    out_.i16(static_cast<std::int16_t>(code));
  return around_.seal();
}

void bind_writer::abandon() noexcept {
  finished_ = true;
  around_.take_back();
}

}  // namespace tusk::proto
