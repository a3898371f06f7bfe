#pragma once

#include "checkpoint/formats/checkpoint.hpp"
#include "checkpoint/pickle/pickle.hpp"

#include <functional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace facemorph {

/// Turns the tensors of a parsed pickle into dense ones. Every size, stride and offset is checked
/// against the storage's real bytes first.
class TensorBuilder {
 public:
  /// `bytes_of` finds a storage's bytes by its key; it throws Error when there are none.
  using BytesOf = std::function<std::span<const std::byte>(const std::string& key)>;
  /// `budget` bounds the bytes of all tensors together: views that repeat a storage multiply it.
  TensorBuilder(const pickle::Document& document, BytesOf bytes_of, std::size_t budget)
      : document_(document), bytes_of_(std::move(bytes_of)), budget_(budget) {}

  /// `name` is used in messages.
  Tensor build(const pickle::TensorRef& ref, const std::string& name);

 private:
  const pickle::Document& document_;
  BytesOf bytes_of_;
  std::size_t budget_;
};

/// Finds every state dict (a dictionary with tensors in it) in a parsed pickle, strips "module."
/// and
/// "_orig_mod." from names, and puts the likeliest generator first: EMA weights, then names like
/// netG or generator, then others. Throws Error that says what the file holds when there is none.
std::vector<StateDict> find_state_dicts(const pickle::Document& document, TensorBuilder& builder);

}  // namespace facemorph
