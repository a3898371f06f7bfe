#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <utility>
#include <vector>

namespace facemorph {

/// Shared and immutable: copies cost nothing.
template <typename T>
class SharedValues {
 public:
  SharedValues() : SharedValues(std::vector<T>()) {}
  SharedValues(std::vector<T> values)  // NOLINT(google-explicit-constructor): it is that vector
      : values_(std::make_shared<const std::vector<T>>(std::move(values))) {}
  SharedValues(std::initializer_list<T> values) : SharedValues(std::vector<T>(values)) {}

  const std::vector<T>& values() const { return *values_; }
  const std::shared_ptr<const std::vector<T>>& shared() const { return values_; }
  operator const std::vector<T>&() const {  // NOLINT(google-explicit-constructor)
    return *values_;
  }
  std::size_t size() const { return values_->size(); }
  bool empty() const { return values_->empty(); }
  const T* data() const { return values_->data(); }
  auto begin() const { return values_->begin(); }
  auto end() const { return values_->end(); }
  const T& operator[](std::size_t i) const { return (*values_)[i]; }
  bool operator==(const SharedValues& other) const {
    return values_ == other.values_ || *values_ == *other.values_;
  }

 private:
  std::shared_ptr<const std::vector<T>> values_;
};

/// The numbers of a layer.
using Weights = SharedValues<float>;

}  // namespace facemorph
