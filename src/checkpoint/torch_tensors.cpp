#include "checkpoint/torch_tensors.hpp"

#include "base/error.hpp"

#include <cstring>
#include <limits>

namespace facemorph {
namespace {

using pickle::Storage;
using pickle::TensorRef;

constexpr std::int64_t kMaxElements = std::int64_t{1} << 40;

[[noreturn]] void refuse(const std::string& name, const std::string& problem) {
  throw Error("the tensor '" + name.substr(0, 120) + "' " + problem +
              ". The file is damaged; fetch or save it again.");
}

std::int64_t checked_count(const TensorRef& ref, const std::string& name) {
  std::int64_t count = 1;
  for (const std::int64_t side : ref.shape) {
    if (side < 0 || side > kMaxElements) refuse(name, "has an impossible shape");
    if (side != 0 && count > kMaxElements / side) refuse(name, "has an impossible shape");
    count *= side;
  }
  return count;
}

/// Index of the last element in its storage, or a refusal. Requires count > 0.
void check_bounds(const TensorRef& ref, std::int64_t available, const std::string& name) {
  std::int64_t last = ref.offset;
  if (last < 0 || last > available) refuse(name, "begins outside its data");
  for (std::size_t i = 0; i < ref.shape.size(); ++i) {
    const std::int64_t steps = ref.shape[i] - 1;
    const std::int64_t stride = ref.stride[i];
    if (stride < 0 || (steps > 0 && stride > (available - last) / steps))
      refuse(name, "reaches outside its data");
    last += steps * stride;
  }
  if (last >= available) refuse(name, "reaches outside its data");
}

bool is_contiguous(const TensorRef& ref) {
  std::int64_t expected = 1;
  for (std::size_t i = ref.shape.size(); i > 0; --i) {
    if (ref.shape[i - 1] != 1 && ref.stride[i - 1] != expected) return false;
    expected *= ref.shape[i - 1];
  }
  return true;
}

/// Copies a strided view row by row of its last dimension.
void gather(const TensorRef& ref, std::span<const std::byte> source, std::size_t element,
            std::vector<std::byte>& target) {
  std::vector<std::int64_t> index(ref.shape.size(), 0);
  std::byte* out = target.data();
  std::byte* const end = out + target.size();
  std::int64_t position = ref.offset;
  while (out != end) {
    std::memcpy(out, source.data() + static_cast<std::size_t>(position) * element, element);
    out += element;
    for (std::size_t d = ref.shape.size(); d > 0; --d) {
      position += ref.stride[d - 1];
      if (++index[d - 1] < ref.shape[d - 1]) break;
      position -= ref.stride[d - 1] * ref.shape[d - 1];
      index[d - 1] = 0;
    }
  }
}

}  // namespace

Tensor TensorBuilder::build(const TensorRef& ref, const std::string& name) {
  const Storage& storage = *document_.get_if<Storage>(ref.storage);
  if (storage.untyped) refuse(name, "has no element type that Facemorph knows");
  if (ref.shape.size() != ref.stride.size()) refuse(name, "has an impossible shape");
  const std::size_t element = dtype_size(storage.dtype);
  const std::int64_t count = checked_count(ref, name);
  Tensor tensor{storage.dtype, ref.shape, {}};
  if (count == 0) return tensor;

  const std::span<const std::byte> source = bytes_of_(storage.key);
  TensorRef placed = ref;
  if (ref.offset < 0 || storage.view_offset < 0 || storage.view_offset > kMaxElements ||
      ref.offset > kMaxElements)
    refuse(name, "begins outside its data");
  placed.offset += storage.view_offset;
  check_bounds(placed, static_cast<std::int64_t>(source.size() / element), name);
  const auto bytes = static_cast<std::size_t>(count) * element;
  if (bytes > budget_) refuse(name, "is far larger than the file that it is in");
  budget_ -= bytes;
  tensor.bytes.resize(bytes);
  if (is_contiguous(placed))
    std::memcpy(tensor.bytes.data(),
                source.data() + static_cast<std::size_t>(placed.offset) * element, bytes);
  else
    gather(placed, source, element, tensor.bytes);
  return tensor;
}

}  // namespace facemorph
