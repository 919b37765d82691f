#include "tusk/secret.hpp"

#include <utility>

#include "auth/secret.hpp"

namespace tusk {

namespace {

// The whole capacity, for a longer text may have stood there before.
void overwrite(std::string& text) noexcept {
  text.resize(text.capacity());
  auth::wipe(text.data(), text.size());
  text.clear();
}

}  // namespace

secret::secret(std::string&& text) : text_(text) {
  overwrite(text);
}

// A short text lies inside the string itself, and a move leaves it there.
secret::secret(secret&& other) noexcept : text_(std::move(other.text_)) {
  overwrite(other.text_);
}

secret& secret::operator=(const secret& other) {
  if (this != &other) {
    wipe();
    text_ = other.text_;
  }
  return *this;
}

secret& secret::operator=(secret&& other) noexcept {
  if (this != &other) {
    wipe();
    text_ = std::move(other.text_);
    overwrite(other.text_);
  }
  return *this;
}

void secret::wipe() noexcept {
  overwrite(text_);
}

}  // namespace tusk
