#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

#include "session/large_object_state.hpp"
#include "session/local_data.hpp"
#include "session/misuse.hpp"

// Large objects from and to the client's streams, files and descriptors.
namespace tusk {

namespace {

using detail::fail_local;
using detail::fail_with_errno;

class open_file {
 public:
  open_file(const std::string& path, int flags)
      : name_("the file " + path), descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {
    if (descriptor_ < 0) fail_with_errno(name_ + " cannot be opened");
    struct stat what{};
    if (::fstat(descriptor_, &what) == 0 && S_ISDIR(what.st_mode)) {
      close();
      fail_local(name_ + " cannot be read: it is a directory");
    }
  }
  open_file(const open_file&) = delete;
  open_file& operator=(const open_file&) = delete;
  ~open_file() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
  /// For messages.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// A full disk may be found out here only.
  void close() {
    if (::close(std::exchange(descriptor_, -1)) != 0) fail_with_errno(name_ + " cannot be written");
  }

 private:
  std::string name_;
  int descriptor_;
};

}  // namespace

std::uint64_t large_object::write_from(std::istream& source) {
  return write_from(
      detail::stream_source(source, "the stream that a large object is written from"));
}

std::uint64_t large_object::write_from_descriptor(int descriptor) {
  return write_from(detail::descriptor_source(descriptor, detail::name_of_descriptor(descriptor)));
}

std::uint64_t large_object::write_to(std::ostream& sink) {
  detail::stream_sink into(sink, "the stream that a large object is read into");
  const std::uint64_t total = write_to(into);
  into.flush();
  return total;
}

std::uint64_t large_object::write_to_descriptor(int descriptor) {
  return write_to(detail::descriptor_sink(descriptor, detail::name_of_descriptor(descriptor)));
}

oid large_object::import_from_descriptor(executor& in, int descriptor, oid wanted,
                                         const call_options& each) {
  large_object fresh = create(in, wanted, each);
  const oid id = fresh.id();
  fresh.write_from_descriptor(descriptor);
  fresh.close();
  return id;
}

oid large_object::import_from(executor& in, std::istream& source, oid wanted,
                              const call_options& each) {
  large_object fresh = create(in, wanted, each);
  const oid id = fresh.id();
  fresh.write_from(source);
  fresh.close();
  return id;
}

oid large_object::import_from(executor& in, const std::string& path, oid wanted,
                              const call_options& each) {
  const open_file file(path, O_RDONLY);
  return import_from_descriptor(in, file.descriptor(), wanted, each);
}

std::uint64_t large_object::export_to_descriptor(executor& in, oid id, int descriptor,
                                                 const call_options& each) {
  large_object object = open(in, id, large_object_mode::read, each);
  const std::uint64_t total = object.write_to_descriptor(descriptor);
  object.close();
  return total;
}

std::uint64_t large_object::export_to(executor& in, oid id, std::ostream& sink,
                                      const call_options& each) {
  large_object object = open(in, id, large_object_mode::read, each);
  const std::uint64_t total = object.write_to(sink);
  object.close();
  return total;
}

// The object is opened first: where there is none, the file stays as it is.
std::uint64_t large_object::export_to(executor& in, oid id, const std::string& path,
                                      const call_options& each) {
  large_object object = open(in, id, large_object_mode::read, each);
  open_file file(path, O_WRONLY | O_CREAT | O_TRUNC);
  const std::uint64_t total =
      object.write_to(detail::descriptor_sink(file.descriptor(), file.name()));
  file.close();
  object.close();
  return total;
}

}  // namespace tusk
