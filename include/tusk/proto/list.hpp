#pragma once

#include <concepts>
#include <cstddef>
#include <iterator>
#include <span>
#include <type_traits>

#include "tusk/proto/element.hpp"

namespace tusk::proto {

/// A sequence inside a message, which owns nothing: either the caller's array (to encode), or bytes
/// of a decoded message whose elements are read again, one by one, as they are visited. The array
/// or the message must outlive it.
template <class T>
class list {
 public:
  using value_type = T;

  /// Visits the elements, by value. Reads from the wire were checked when the list was decoded.
  class iterator {
   public:
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using reference = T;
    using pointer = void;
    using iterator_category = std::input_iterator_tag;
    using iterator_concept = std::forward_iterator_tag;

    iterator() noexcept = default;
    [[nodiscard]] T operator*() const noexcept { return current_; }
    iterator& operator++() noexcept {
      --left_;
      load();
      return *this;
    }
    iterator operator++(int) noexcept {
      iterator before = *this;
      ++*this;
      return before;
    }
    /// Only for two iterators of one list.
    friend bool operator==(const iterator& a, const iterator& b) noexcept {
      return a.left_ == b.left_;
    }

   private:
    friend class list;
    iterator(const list& of, std::size_t left) noexcept
        : items_(of.items_), in_(of.wire_), left_(left) {
      load();
    }
    void load() noexcept {
      if (left_ == 0) return;
      current_ = items_ != nullptr ? *items_++ : element<T>::read(in_);
    }

    const T* items_ = nullptr;
    reader in_{bytes_view{}};
    std::size_t left_ = 0;
    T current_{};
  };

  list() noexcept = default;
  /// A list of the caller's, from anything that a `std::span<const T>` can be made of. Implicit, so
  /// that a message can be written as one brace.
  template <class Range>
    requires(!std::same_as<Range, list> && std::is_convertible_v<const Range&, std::span<const T>>)
  list(const Range& items) noexcept {  // NOLINT(google-explicit-constructor)
    const std::span<const T> all{items};
    items_ = all.empty() ? nullptr : all.data();
    count_ = all.size();
  }

  [[nodiscard]] std::size_t size() const noexcept { return count_; }
  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
  [[nodiscard]] iterator begin() const noexcept { return {*this, count_}; }
  [[nodiscard]] iterator end() const noexcept { return {*this, 0}; }
  /// The bytes of the elements as they came; empty for a list of the caller's.
  [[nodiscard]] bytes_view wire() const noexcept { return wire_; }

  /// Takes `count` elements from `in`, each of which is checked.
  [[nodiscard]] static list read(reader& in, std::size_t count) noexcept {
    const std::size_t start = in.offset();
    for (std::size_t i = 0; i < count && in.ok(); ++i)
      static_cast<void>(element<T>::read(in));
    return in.ok() ? list{in.since(start), count} : list{};
  }
  /// Takes elements up to a zero byte where an element would begin, and that byte too.
  [[nodiscard]] static list read_terminated(reader& in) noexcept {
    const std::size_t start = in.offset();
    std::size_t count = 0;
    for (; !in.next_is_zero() && in.ok(); ++count)
      static_cast<void>(element<T>::read(in));
    const bytes_view wire = in.since(start);
    static_cast<void>(in.u8());
    return in.ok() ? list{wire, count} : list{};
  }
  /// Appends the elements alone; their count, if the message has one, goes before.
  void write(writer& out) const noexcept {
    if (items_ == nullptr) return out.bytes(wire_);
    for (const T& item : std::span<const T>{items_, count_})
      element<T>::write(out, item);
  }
  /// Appends the elements and a zero byte. An element that would itself look like the end is
  /// refused with `bad_value`.
  void write_terminated(writer& out) const noexcept {
    for (const T item : *this) {
      if (element<T>::looks_like_end(item)) return out.fail(fault::bad_value);
      element<T>::write(out, item);
    }
    out.u8(0);
  }

  /// Equal elements, wherever they lie.
  friend bool operator==(const list& a, const list& b) noexcept {
    if (a.count_ != b.count_) return false;
    for (iterator i = a.begin(), j = b.begin(); i != a.end(); ++i, ++j) {
      if (!element<T>::equal(*i, *j)) return false;
    }
    return true;
  }

 private:
  list(bytes_view wire, std::size_t count) noexcept : wire_(wire), count_(count) {}

  const T* items_ = nullptr;
  bytes_view wire_;
  std::size_t count_ = 0;
};

}  // namespace tusk::proto
