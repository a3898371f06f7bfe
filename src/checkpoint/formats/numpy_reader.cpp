#include "base/error.hpp"
#include "base/utf8.hpp"
#include "checkpoint/formats/readers.hpp"
#include "checkpoint/formats/zip_archive.hpp"
#include "checkpoint/generator/names.hpp"

#include <array>
#include <charconv>
#include <cstring>
#include <map>
#include <optional>

namespace facemorph {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::string_view kEnding = ".npy";
constexpr std::size_t kMaxTensors = 5'000;
constexpr std::size_t kMaxHeader = 4096;
constexpr std::size_t kMaxDimensions = 16;
constexpr std::size_t kMaxName = 512;

[[noreturn]] void damaged(const std::string& name, const std::string& what) {
  throw Error("the array '" + printable(name) + "' is damaged (" + what +
              "). Save the archive again.");
}

/// What stands before an array's values (NEP 1, "Format Specification: Version 1.0").
struct Header {
  std::string descr;  ///< "<f4"
  bool fortran_order = false;
  std::vector<std::int64_t> shape;
};

/// Reads {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }, and no other Python.
class HeaderText {
 public:
  HeaderText(std::string_view text, const std::string& name) : text_(text), name_(name) {}

  Header read() {
    Header header;
    int fields = 0;
    expect("{");
    while (!accept("}")) {
      const std::string key = quoted();
      expect(":");
      if (key == "descr")
        header.descr = description();
      else if (key == "fortran_order")
        header.fortran_order = truth();
      else if (key == "shape")
        header.shape = tuple();
      else
        damaged(name_, "its header has an unknown field");
      ++fields;
      if (!accept(",")) {
        expect("}");
        break;
      }
    }
    skip_spaces();
    if (fields != 3 || !text_.empty()) damaged(name_, "its header is not one of an array");
    return header;
  }

 private:
  void skip_spaces() {
    text_.remove_prefix(std::min(text_.find_first_not_of(" \n"), text_.size()));
  }
  bool accept(std::string_view token) {
    skip_spaces();
    if (!text_.starts_with(token)) return false;
    text_.remove_prefix(token.size());
    return true;
  }
  void expect(std::string_view token) {
    if (!accept(token)) damaged(name_, "its header is not one of an array");
  }
  std::string quoted() {
    expect("'");
    const std::size_t end = text_.find('\'');
    if (end == std::string_view::npos) damaged(name_, "its header is cut off");
    std::string value(text_.substr(0, end));
    text_.remove_prefix(end + 1);
    return value;
  }
  std::string description() {
    if (accept("["))
      throw Error("the array '" + printable(name_) + "' has records, not numbers. Save plain " +
                  "arrays of weights.");
    return quoted();
  }
  bool truth() {
    if (accept("True")) return true;
    expect("False");
    return false;
  }
  std::vector<std::int64_t> tuple() {
    std::vector<std::int64_t> values;
    expect("(");
    while (!accept(")")) {
      std::int64_t value = 0;
      skip_spaces();
      const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
      if (error != std::errc{} || value < 0 || values.size() == kMaxDimensions)
        damaged(name_, "its shape is impossible");
      text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
      values.push_back(value);
      if (!accept(",")) {
        expect(")");
        break;
      }
    }
    return values;
  }

  std::string_view text_;
  const std::string& name_;
};

DType dtype_of(const std::string& descr, const std::string& name) {
  static const std::map<std::string, DType> kTypes = {
      {"f2", DType::Float16}, {"f4", DType::Float32}, {"f8", DType::Float64},
      {"u1", DType::UInt8},   {"i1", DType::Int8},    {"i2", DType::Int16},
      {"i4", DType::Int32},   {"i8", DType::Int64},   {"b1", DType::Bool}};
  if (descr.find('O') != std::string::npos)
    throw Error("the array '" + printable(name) +
                "' holds Python objects, which Facemorph never loads. Save the weights one array "
                "each: numpy.savez(\"netG.npz\", **{k: v.numpy() for k, v in "
                "netG.state_dict().items()})");
  const auto found = descr.size() == 3 ? kTypes.find(descr.substr(1)) : kTypes.end();
  if (found == kTypes.end())
    throw Error("the array '" + printable(name) + "' has the type '" + printable(descr) +
                "'. Save it as float32.");
  return found->second;
}

/// Numbers of big-endian machines, the other way round.
void swap_bytes(std::vector<std::byte>& bytes, std::size_t size) {
  for (std::size_t i = 0; i + size <= bytes.size(); i += size)
    std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(i),
                 bytes.begin() + static_cast<std::ptrdiff_t>(i + size));
}

/// From columns first to rows first.
std::vector<std::byte> row_major(const std::vector<std::byte>& bytes,
                                 const std::vector<std::int64_t>& shape, std::size_t size) {
  std::vector<std::byte> result(bytes.size());
  std::vector<std::size_t> strides;
  std::size_t stride = size;
  for (const std::int64_t side : shape) {
    strides.push_back(stride);
    stride *= static_cast<std::size_t>(side);
  }
  std::vector<std::int64_t> place(shape.size(), 0);
  for (std::size_t to = 0; to < bytes.size(); to += size) {
    std::size_t from = 0;
    for (std::size_t i = 0; i < shape.size(); ++i)
      from += static_cast<std::size_t>(place[i]) * strides[i];
    std::memcpy(result.data() + to, bytes.data() + from, size);
    for (std::size_t i = shape.size(); i-- > 0 && ++place[i] == shape[i];)
      place[i] = 0;
  }
  return result;
}

/// The header's text; moves `bytes` behind it.
std::string_view take_header(std::span<const std::byte>& bytes, const std::string& name) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (!text.starts_with(kMagic) || text.size() < kMagic.size() + 6)
    damaged(name, "it does not begin as one");
  const bool old = text[kMagic.size()] == 1;
  const std::size_t begin = kMagic.size() + 2 + (old ? 2U : 4U);
  std::size_t length = 0;
  for (std::size_t i = begin; i-- > kMagic.size() + 2;)
    length = length << 8U | static_cast<unsigned char>(text[i]);
  if (length > kMaxHeader || begin + length > text.size()) damaged(name, "its header is cut off");
  bytes = bytes.subspan(begin + length);
  return text.substr(begin, length);
}

Tensor read_array(std::span<const std::byte> bytes, const std::string& name) {
  const std::string_view text = take_header(bytes, name);
  const Header header = HeaderText(text, name).read();
  Tensor tensor{dtype_of(header.descr, name), header.shape, {}};
  const std::size_t size = dtype_size(tensor.dtype);
  std::size_t expected = size;
  for (const std::int64_t side : header.shape) {
    const auto sides = static_cast<std::size_t>(side);
    if (sides > bytes.size() || (sides != 0 && expected > bytes.size() / sides))
      damaged(name, "its values are cut off");
    expected *= sides;
  }
  if (expected != bytes.size()) damaged(name, "its values do not fill its shape");
  std::vector<std::byte> values(bytes.begin(), bytes.end());
  if (header.descr.front() == '>') swap_bytes(values, size);
  if (header.fortran_order && header.shape.size() > 1)
    values = row_major(values, tensor.shape, size);
  tensor.bytes = std::move(values);
  return tensor;
}

bool is_array(const std::string& name) {
  return name.ends_with(kEnding) && name.size() <= kMaxName && is_utf8(name);
}

}  // namespace

bool is_npz(std::span<const std::byte> bytes) {
  if (!is_zip(bytes)) return false;
  const ZipArchive archive(bytes);
  return !archive.names().empty() && std::ranges::all_of(archive.names(), is_array);
}

Checkpoint read_npz(std::span<const std::byte> bytes) {
  ZipArchive archive(bytes);
  if (archive.names().size() > kMaxTensors)
    throw Error("the archive holds more than 5,000 arrays, which no generator has.");
  Checkpoint checkpoint;
  StateDict state_dict;
  for (const std::string& entry : archive.names()) {
    const std::string name = entry.substr(0, entry.size() - kEnding.size());
    state_dict.tensors.set(without_wrappers(name), read_array(archive.read(entry), name));
  }
  checkpoint.state_dicts.push_back(std::move(state_dict));
  return checkpoint;
}

std::string explain_npy(std::span<const std::byte> bytes) {
  const std::string advice =
      " A generator is all its weights: numpy.savez(\"netG.npz\", **{k: v.numpy() for k, v in "
      "netG.state_dict().items()}), or torch.save(netG.state_dict(), \"netG.pth\").";
  try {
    const std::string_view text = take_header(bytes, "file");
    const Header header = HeaderText(text, "file").read();
    return "this is a single NumPy array of shape " + shape_text(header.shape) + "." + advice;
  } catch (const Error&) {
    return "this is a NumPy array." + advice;
  }
}

}  // namespace facemorph
