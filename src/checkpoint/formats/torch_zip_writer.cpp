#include "checkpoint/formats/checkpoint.hpp"

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "checkpoint/formats/zip_archive.hpp"
#include "checkpoint/generator/names.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace facemorph {
namespace {

std::string_view storage_name(DType dtype) {
  switch (dtype) {
    case DType::Float16:
      return "HalfStorage";
    case DType::BFloat16:
      return "BFloat16Storage";
    case DType::Float32:
      return "FloatStorage";
    case DType::Float64:
      return "DoubleStorage";
    case DType::UInt8:
      return "ByteStorage";
    case DType::Int8:
      return "CharStorage";
    case DType::Int16:
      return "ShortStorage";
    case DType::Int32:
      return "IntStorage";
    case DType::Int64:
      return "LongStorage";
    case DType::Bool:
      return "BoolStorage";
  }
  return "FloatStorage";
}

/// Writes pickle protocol 2 with the few instructions that weights_only unpicklers know.
class PickleWriter {
 public:
  void raw(std::string_view code) { text_ += code; }
  void global(std::string_view module, std::string_view name) {
    text_ += 'c';
    text_ += module;
    text_ += '\n';
    text_ += name;
    text_ += '\n';
  }
  void string(std::string_view value) {
    text_ += 'X';
    little(value.size(), 4);
    text_ += value;
  }
  void integer(std::int64_t value) {
    if (value >= 0 && value < 256) {
      text_ += 'K';
      little(static_cast<std::uint64_t>(value), 1);
    } else if (value >= INT32_MIN && value <= INT32_MAX) {
      text_ += 'J';
      little(static_cast<std::uint64_t>(value), 4);
    } else {
      raw("\x8a\x08");
      little(static_cast<std::uint64_t>(value), 8);
    }
  }
  void integers(const std::vector<std::int64_t>& values) {
    text_ += '(';
    for (const std::int64_t value : values)
      integer(value);
    text_ += 't';
  }
  void empty_ordered_dict() {
    global("collections", "OrderedDict");
    raw(")R");
  }
  std::vector<std::byte> bytes() const {
    std::vector<std::byte> result(text_.size());
    std::memcpy(result.data(), text_.data(), text_.size());
    return result;
  }

 private:
  void little(std::uint64_t value, int count) {
    for (int i = 0; i < count; ++i)
      text_ += static_cast<char>(value >> (8U * static_cast<unsigned>(i)));
  }
  std::string text_;
};

std::vector<std::int64_t> contiguous_strides(const std::vector<std::int64_t>& shape) {
  std::vector<std::int64_t> strides(shape.size(), 1);
  for (std::size_t i = shape.size(); i > 1; --i)
    strides[i - 2] = strides[i - 1] * std::max<std::int64_t>(shape[i - 1], 1);
  return strides;
}

/// torch._utils._rebuild_tensor_v2(storage, 0, shape, strides, False, OrderedDict())
void write_tensor(PickleWriter& pickle, const Tensor& tensor, std::size_t key) {
  pickle.global("torch._utils", "_rebuild_tensor_v2");
  pickle.raw("((");
  pickle.string("storage");
  pickle.global("torch", storage_name(tensor.dtype));
  pickle.string(std::to_string(key));
  pickle.string("cpu");
  pickle.integer(tensor.numel());
  pickle.raw("tQ");  // the storage itself lies in data/<key>
  pickle.integer(0);
  pickle.integers(tensor.shape);
  pickle.integers(contiguous_strides(tensor.shape));
  pickle.raw("\x89");
  pickle.empty_ordered_dict();
  pickle.raw("tR");
}

std::vector<std::byte> text_bytes(std::string_view text) {
  std::vector<std::byte> bytes(text.size());
  std::memcpy(bytes.data(), text.data(), text.size());
  return bytes;
}

}  // namespace

std::vector<std::byte> to_torch_zip(const TensorTable& tensors) {
  PickleWriter pickle;
  pickle.raw("\x80\x02");
  pickle.empty_ordered_dict();
  pickle.raw("(");
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const std::string& name = tensors.entries()[i].name;
    if (!is_utf8(name))
      throw Error("'" + printable(name) + "' is not UTF-8, which Python could not read.");
    pickle.string(name);
    write_tensor(pickle, tensors.entries()[i].tensor, i);
  }
  pickle.raw("u.");
  ZipWriter zip;
  zip.add("archive/data.pkl", pickle.bytes());
  zip.add("archive/byteorder", text_bytes("little"));
  for (std::size_t i = 0; i < tensors.size(); ++i)
    zip.add("archive/data/" + std::to_string(i), tensors.entries()[i].tensor.bytes);
  zip.add("archive/version", text_bytes("3\n"));
  return zip.finish();
}

}  // namespace facemorph
