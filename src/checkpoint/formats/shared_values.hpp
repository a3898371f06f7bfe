#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <utility>
#include <vector>

namespace facemorph {

/// Shared and immutable: copies cost nothing. Empty at first, and when it was moved from.
template <typename T>
class SharedValues {
 public:
  SharedValues() = default;
  SharedValues(std::vector<T> values)  // NOLINT(google-explicit-constructor): it is that vector
      : values_(std::make_shared<const std::vector<T>>(std::move(values))) {}
  SharedValues(std::initializer_list<T> values) : SharedValues(std::vector<T>(values)) {}

  const std::vector<T>& values() const {
    static const std::vector<T> nothing;
    return values_ ? *values_ : nothing;
  }
  /// Null when empty.
  const std::shared_ptr<const std::vector<T>>& shared() const { return values_; }
  operator const std::vector<T>&() const {  // NOLINT(google-explicit-constructor)
    return values();
  }
  std::size_t size() const { return values().size(); }
  bool empty() const { return values().empty(); }
  const T* data() const { return values().data(); }
  auto begin() const { return values().begin(); }
  auto end() const { return values().end(); }
  const T& operator[](std::size_t i) const { return values()[i]; }
  bool operator==(const SharedValues& other) const {
    return values_ == other.values_ || values() == other.values();
  }

 private:
  std::shared_ptr<const std::vector<T>> values_;
};

/// The numbers of a layer.
using Weights = SharedValues<float>;

}  // namespace facemorph
