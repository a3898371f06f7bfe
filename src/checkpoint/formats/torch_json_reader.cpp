#include "base/error.hpp"
#include "base/json.hpp"
#include "checkpoint/formats/readers.hpp"
#include "checkpoint/formats/torch_tensors.hpp"
#include "checkpoint/formats/zip_archive.hpp"
#include "checkpoint/generator/names.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <string_view>

// Archives of LibTorch 1.0 to 1.3: model.json describes the modules, tensors/N are their numbers,
// and buffers are attributes, which attributes.pkl numbers.

namespace facemorph {
namespace {

using nlohmann::json;

constexpr std::string_view kModel = "model.json";
/// A network has some three levels of JSON for each of its own.
constexpr JsonLimits kLimits = {.bytes = 16U << 20, .values = 1'000'000, .depth = 64};

[[noreturn]] void damaged(const std::string& problem) {
  throw Error("this is an archive of LibTorch 1.0 to 1.3, but it is damaged: " + problem +
              ". Fetch it again.");
}

std::optional<std::string> root_of(const ZipArchive& archive) {
  for (const std::string& name : archive.names())
    if (name == kModel || (name.ends_with("/model.json") && std::ranges::count(name, '/') == 1))
      return name.substr(0, name.size() - kModel.size());
  return std::nullopt;
}

json parse_model(std::span<const std::byte> bytes) {
  try {
    json model = parse_json({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, kLimits);
    if (model.is_object()) return model;
  } catch (const JsonError& error) {
    damaged("its model.json: " + std::string(error.what()));
  }
  damaged("its model.json is no JSON object");
}

/// An entry of an object, or null.
const json& at(const json& object, const char* key) {
  static const json kNothing;
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() ? *found : kNothing;
}

std::string text_at(const json& object, const char* key) {
  const json& value = at(object, key);
  return value.is_string() ? value.get<std::string>() : "";
}

/// Numbers of 64 bits stand there as texts.
std::int64_t number_of(const json& value) {
  if (value.is_number_integer()) return value.get<std::int64_t>();
  const std::string text = value.is_string() ? value.get<std::string>() : "";
  std::int64_t number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) damaged("a number is missing");
  return number;
}

std::vector<std::int64_t> numbers_of(const json& values) {
  constexpr std::size_t kMostDimensions = 16;
  if (values.is_array() && values.size() > kMostDimensions) damaged("a shape is far too long");
  std::vector<std::int64_t> numbers;
  if (values.is_array())
    for (const json& value : values)
      numbers.push_back(number_of(value));
  return numbers;
}

DType type_named(const std::string& name) {
  static const std::map<std::string, DType> kTypes = {
      {"FLOAT", DType::Float32}, {"DOUBLE", DType::Float64}, {"FLOAT16", DType::Float16},
      {"INT64", DType::Int64},   {"INT32", DType::Int32},    {"INT16", DType::Int16},
      {"INT8", DType::Int8},     {"UINT8", DType::UInt8},    {"BOOL", DType::Bool}};
  const auto found = kTypes.find(name);
  if (found == kTypes.end()) damaged("it has tensors of the type '" + printable(name) + "'");
  return found->second;
}

class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes)
      : archive_(bytes),
        root_(root_of(archive_).value()),
        model_(parse_model(archive_.read(root_ + std::string(kModel)))),
        budget_(tensor_budget(bytes.size())) {
    read_attributes();
  }

  TensorTable run() {
    add_module(at(model_, "mainModule"), "");
    return std::move(table_);
  }

 private:
  /// Attributes are numbered; those that are tensors name one.
  void read_attributes() {
    const std::string name = root_ + "attributes.pkl";
    if (!archive_.contains(name)) return;
    const std::vector<std::byte> bytes = archive_.read(name);
    const pickle::Document document = pickle::parse(bytes, /*script=*/true);
    const auto* items = document.get_if<pickle::Sequence>(document.root);
    if (items == nullptr) damaged("its attributes are no list");
    for (const pickle::Ref item : items->items) {
      const auto* tensor = document.get_if<std::int64_t>(item);
      attributes_.push_back(tensor == nullptr ? -1 : *tensor);
    }
  }

  void add_module(const json& module, const std::string& path) {
    for (const json& parameter : at(module, "parameters"))
      add_tensor(path + text_at(parameter, "name"), number_of(at(parameter, "tensorId")));
    for (const json& attribute : at(module, "attributes")) {
      if (text_at(attribute, "type") != "Tensor") continue;
      const auto id = static_cast<std::size_t>(number_of(at(attribute, "id")));
      if (id >= attributes_.size()) damaged("an attribute is missing");
      add_tensor(path + text_at(attribute, "name"), attributes_[id]);
    }
    for (const json& inner : at(module, "submodules"))
      add_module(inner, path + text_at(inner, "name") + ".");
  }

  void add_tensor(const std::string& name, std::int64_t id) {
    const json& tensors = at(model_, "tensors");
    if (id < 0 || !tensors.is_array() || static_cast<std::size_t>(id) >= tensors.size())
      damaged("the tensor '" + printable(name) + "' is missing");
    table_.set(without_wrappers(name), build(tensors[static_cast<std::size_t>(id)], name));
  }

  Tensor build(const json& described, const std::string& name) {
    const std::string key = text_at(at(described, "data"), "key");
    const auto [place, fresh] = storages_.try_emplace(key);
    if (fresh) place->second = archive_.read(root_ + key);
    pickle::Document document;
    document.nodes.emplace_back(
        pickle::Storage{type_named(text_at(described, "dataType")), false, key, 0, 0});
    TensorBuilder builder(
        document, [&](const std::string&) { return std::span<const std::byte>(place->second); },
        budget_);
    Tensor tensor =
        builder.build({0, number_of(at(described, "offset")), numbers_of(at(described, "dims")),
                       numbers_of(at(described, "strides"))},
                      name);
    budget_ -= tensor.bytes.size();
    return tensor;
  }

  ZipArchive archive_;
  std::string root_;
  json model_;
  std::size_t budget_;
  std::vector<std::int64_t> attributes_;
  std::map<std::string, std::vector<std::byte>> storages_;  ///< read once, as tensors may share
  TensorTable table_;
};

}  // namespace

bool is_torch_json(std::span<const std::byte> bytes) {
  if (!is_zip(bytes)) return false;
  const ZipArchive archive(bytes);
  return root_of(archive).has_value();
}

Checkpoint read_torch_json(std::span<const std::byte> bytes) {
  Checkpoint checkpoint;
  checkpoint.state_dicts.push_back({"", Reader(bytes).run()});
  return checkpoint;
}

}  // namespace facemorph
