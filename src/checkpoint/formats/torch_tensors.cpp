#include "checkpoint/formats/torch_tensors.hpp"

#include "base/error.hpp"
#include "checkpoint/generator/names.hpp"

#include <cstring>
#include <limits>

namespace facemorph {
namespace {

using pickle::Storage;
using pickle::TensorRef;

constexpr std::int64_t kMaxElements = std::int64_t{1} << 40;

[[noreturn]] void refuse(const std::string& name, const std::string& problem) {
  throw Error("the tensor '" + printable(name) + "' " + problem +
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

/// Refuses views whose last element lies outside the storage. Requires at least one element.
void check_bounds(const TensorRef& ref, std::int64_t available, const std::string& name) {
  std::int64_t last = ref.offset;
  if (last < 0 || last > available) refuse(name, "begins outside its data");
  for (std::size_t i = 0; i < ref.shape.size(); ++i) {
    const std::int64_t steps = ref.shape[i] - 1;
    const std::int64_t stride = ref.stride[i];
    if (stride < 0 || (steps > 0 && stride > (available - last) / steps))
      refuse(name, "reaches outside its data");
    if (steps > 0) last += steps * stride;
  }
  if (last >= available) refuse(name, "reaches outside its data");
}

/// The same view without dimensions of size 1, and with those joined that follow on in memory:
/// a contiguous tensor becomes one run.
TensorRef joined(const TensorRef& ref) {
  TensorRef result{ref.storage, ref.offset, {}, {}};
  for (std::size_t i = ref.shape.size(); i > 0; --i) {
    const std::int64_t side = ref.shape[i - 1];
    const std::int64_t stride = ref.stride[i - 1];
    if (side == 1) continue;
    if (!result.shape.empty() && stride == result.shape.front() * result.stride.front()) {
      result.shape.front() *= side;
    } else {
      result.shape.insert(result.shape.begin(), side);
      result.stride.insert(result.stride.begin(), stride);
    }
  }
  return result;
}

template <typename Element>
void copy_row(const std::byte* from, std::int64_t count, std::int64_t stride, std::byte* to) {
  for (std::int64_t i = 0; i < count; ++i)
    std::memcpy(to + static_cast<std::size_t>(i) * sizeof(Element),
                from + static_cast<std::size_t>(i * stride) * sizeof(Element), sizeof(Element));
}

void copy_row(const std::byte* from, std::int64_t count, std::int64_t stride, std::size_t element,
              std::byte* to) {
  if (stride == 1)
    std::memcpy(to, from, static_cast<std::size_t>(count) * element);
  else if (element == 1)
    copy_row<std::uint8_t>(from, count, stride, to);
  else if (element == 2)
    copy_row<std::uint16_t>(from, count, stride, to);
  else if (element == 4)
    copy_row<std::uint32_t>(from, count, stride, to);
  else
    copy_row<std::uint64_t>(from, count, stride, to);
}

/// Copies a strided view, row by row of its last dimension. The view was checked.
void gather(const TensorRef& view, std::span<const std::byte> source, std::size_t element,
            std::span<std::byte> target) {
  const std::size_t outer = view.shape.empty() ? 0 : view.shape.size() - 1;
  const std::int64_t row = view.shape.empty() ? 1 : view.shape.back();
  const std::int64_t row_stride = view.shape.empty() ? 1 : view.stride.back();
  const std::size_t row_bytes = static_cast<std::size_t>(row) * element;
  std::vector<std::int64_t> index(outer, 0);
  std::int64_t position = view.offset;
  for (std::size_t done = 0; done < target.size(); done += row_bytes) {
    copy_row(source.data() + static_cast<std::size_t>(position) * element, row, row_stride, element,
             target.data() + done);
    for (std::size_t d = outer; d > 0; --d) {
      position += view.stride[d - 1];
      if (++index[d - 1] < view.shape[d - 1]) break;
      position -= view.stride[d - 1] * view.shape[d - 1];
      index[d - 1] = 0;
    }
  }
}

}  // namespace

Tensor TensorBuilder::build(const TensorRef& ref, const std::string& name) {
  const Storage& storage = *document_.get_if<Storage>(ref.storage);
  if (storage.untyped) refuse(name, "has no element type that Facemorph knows");
  if (ref.shape.size() != ref.stride.size()) refuse(name, "has an impossible shape");
  const std::int64_t count = checked_count(ref, name);
  Tensor tensor{storage.dtype, ref.shape, {}};
  if (count == 0) return tensor;

  const std::span<const std::byte> source = bytes_of_(storage.key);
  if (ref.offset < 0 || storage.view_offset < 0 || ref.offset > kMaxElements ||
      storage.view_offset > kMaxElements)
    refuse(name, "begins outside its data");
  TensorRef placed = ref;
  placed.offset += storage.view_offset;
  const std::size_t element = dtype_size(storage.dtype);
  check_bounds(placed, static_cast<std::int64_t>(source.size() / element), name);
  // Both factors are bounded above, so that the product cannot overflow.
  const auto bytes = static_cast<std::size_t>(count) * element;
  if (bytes > budget_) refuse(name, "is far larger than the file that it is in");
  budget_ -= bytes;
  std::vector<std::byte> gathered(bytes);
  gather(joined(placed), source, element, gathered);
  tensor.bytes = std::move(gathered);
  return tensor;
}

}  // namespace facemorph
