#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace facemorph {

/// The numbers of a layer, shared and immutable: copies of a stack cost nothing.
class Weights {
 public:
  Weights() : Weights(std::vector<float>()) {}
  Weights(std::vector<float> values)  // NOLINT(google-explicit-constructor): it is that vector
      : values_(std::make_shared<const std::vector<float>>(std::move(values))) {}

  const std::vector<float>& values() const { return *values_; }
  const std::shared_ptr<const std::vector<float>>& shared() const { return values_; }
  operator const std::vector<float>&() const {  // NOLINT(google-explicit-constructor)
    return *values_;
  }
  std::size_t size() const { return values_->size(); }
  bool empty() const { return values_->empty(); }
  const float* data() const { return values_->data(); }
  auto begin() const { return values_->begin(); }
  auto end() const { return values_->end(); }
  float operator[](std::size_t i) const { return (*values_)[i]; }
  bool operator==(const Weights& other) const {
    return values_ == other.values_ || *values_ == *other.values_;
  }

 private:
  std::shared_ptr<const std::vector<float>> values_;
};

}  // namespace facemorph
