#include "tusk/copy_out.hpp"

#include "session/copy_reading.hpp"
#include "session/local_data.hpp"
#include "session/misuse.hpp"

// What becomes of the data of a COPY TO STDOUT.
namespace tusk {

namespace {

// As much as is gathered before it is written.
constexpr std::size_t write_size = std::size_t{64} << 10;

}  // namespace

std::uint64_t copy_out::write_to(std::ostream& sink) {
  detail::stream_sink into(sink, "the stream for the data of a COPY");
  const std::uint64_t total = write_to(into);
  into.flush();
  return total;
}

std::uint64_t copy_out::write_to_descriptor(int descriptor) {
  detail::descriptor_sink into(descriptor,
                               detail::name_of_descriptor(descriptor) + " for the data of a COPY");
  std::vector<std::byte> gathered;
  gathered.reserve(write_size);
  const std::uint64_t total = write_to([&](bytes_view part) {
    if (gathered.size() + part.size() > write_size) {
      into(gathered);
      gathered.clear();
    }
    if (part.size() >= write_size) {
      into(part);
    } else {
      gathered.insert(gathered.end(), part.begin(), part.end());
    }
  });
  into(gathered);
  return total;
}

namespace detail {

copy_row_source::copy_row_source(std::unique_ptr<copy_reading> from) noexcept
    : from_(std::move(from)), columns_(from_->columns.get()) {}
copy_row_source::copy_row_source(copy_row_source&&) noexcept = default;
copy_row_source& copy_row_source::operator=(copy_row_source&&) noexcept = default;
copy_row_source::~copy_row_source() = default;

bool copy_row_source::advance() {
  if (from_ == nullptr) misuse("the rows of the COPY were moved from", {});
  while ((body_ = from_->rows.next()) == nullptr) {
    if (!from_->data.advance()) {
      from_->rows.finish();
      return false;
    }
    from_->rows.feed(from_->data.message());
  }
  return true;
}

const completion& copy_row_source::done() const noexcept {
  return from_->data.done();
}

}  // namespace detail
}  // namespace tusk
