#include "tusk/secret.hpp"

#include <cstddef>
#include <utility>

namespace tusk {

namespace {

// Through a volatile pointer, or the compiler would see that nobody reads it again. The whole
// capacity, for a longer text may have stood there before.
void overwrite(std::string& text) noexcept {
  text.resize(text.capacity());
  volatile char* at = text.data();
  for (std::size_t i = 0; i < text.size(); ++i)
    at[i] = '\0';
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
