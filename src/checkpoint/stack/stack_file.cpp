#include "checkpoint/stack/stack_file.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "checkpoint/generator/names.hpp"
#include "checkpoint/stack/stack_check.hpp"
#include "checkpoint/stack/stack_fields.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <initializer_list>
#include <set>
#include <utility>

namespace facemorph {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostText = std::size_t{1} << 20;
constexpr std::size_t kMostValues = 100'000;
constexpr int kMostDepth = 3;

std::string tensor_name(std::size_t layer, const char* leaf) {
  return "layers." + std::to_string(layer) + "." + leaf;
}

/// The shortest decimal that reads back as the same float: "1e-05", not "9.9999997473787516e-06".
double shortest(float value) {
  std::array<char, 32> text{};
  const char* end = std::to_chars(text.begin(), text.end(), value).ptr;
  double result = 0;
  std::from_chars(text.data(), end, result);
  return result;
}

/// Settings of one layer.
class JsonWriter {
 public:
  explicit JsonWriter(Json& json) : json_(json) {}

  void number(const char* name, int value) { json_[name] = value; }
  void real(const char* name, float value) { json_[name] = shortest(value); }
  void flag(const char* name, bool value) { json_[name] = value; }
  template <typename Enum, std::size_t N>
  void choice(const char* name, Enum value, const EnumNames<Enum, N>& names) {
    json_[name] =
        std::ranges::find(names, value, [](const auto& row) { return row.first; })->second;
  }
  template <typename Values>
  void tensor(const char*, const Values&, std::initializer_list<std::int64_t>) {}
  void vector(const char*, const std::vector<float>&) {}

 private:
  Json& json_;
};

/// Tensors of one layer.
class TensorWriter {
 public:
  TensorWriter(TensorTable& table, std::size_t layer) : table_(table), layer_(layer) {}

  template <typename... Ignored>
  void number(const Ignored&...) {}
  template <typename... Ignored>
  void real(const Ignored&...) {}
  template <typename... Ignored>
  void flag(const Ignored&...) {}
  template <typename... Ignored>
  void choice(const Ignored&...) {}
  void tensor(const char* name, const std::vector<float>& values,
              std::initializer_list<std::int64_t> shape) {
    table_.set(tensor_name(layer_, name), from_floats(values, shape));
  }
  void vector(const char* name, const std::vector<float>& values) {
    if (!values.empty()) tensor(name, values, {static_cast<std::int64_t>(values.size())});
  }

 private:
  TensorTable& table_;
  std::size_t layer_;
};

/// Fills one layer from its description and the table. Throws Error.
class FieldReader {
 public:
  /// `taken` gets the names of the tensors that are the layer's.
  FieldReader(const Json& json, const TensorTable& table, std::size_t layer,
              std::set<std::string>& taken)
      : json_(json), table_(table), layer_(layer), taken_(taken) {}

  void number(const char* name, int& value) {
    const Json& found = setting(name);
    // check_stack() knows what is reasonable; this only keeps it an int.
    if (!found.is_number_integer() || found.get<double>() < -1e9 || found.get<double>() > 1e9)
      refuse(name, "is no reasonable whole number");
    value = found.get<int>();
  }

  void real(const char* name, float& value) {
    const Json& found = setting(name);
    if (!found.is_number() || std::fabs(found.get<double>()) > 1e30)
      refuse(name, "is no reasonable number");
    value = static_cast<float>(found.get<double>());
  }

  void flag(const char* name, bool& value) {
    const Json& found = setting(name);
    if (!found.is_boolean()) refuse(name, "is neither true nor false");
    value = found.get<bool>();
  }

  template <typename Enum, std::size_t N>
  void choice(const char* name, Enum& value, const EnumNames<Enum, N>& names) {
    const Json& found = setting(name);
    if (!found.is_string()) refuse(name, "is no text");
    const auto text = found.get<std::string>();
    const auto row = std::ranges::find(names, text, [](const auto& entry) { return entry.second; });
    if (row == names.end()) refuse(name, "is '" + printable(text) + "', which Facemorph lacks");
    value = row->first;
  }

  template <typename Values>
  void tensor(const char* name, Values& values, std::initializer_list<std::int64_t> shape) {
    const Tensor* found = table_.find(tensor_name(layer_, name));
    if (found == nullptr)
      throw Error("this file lacks the tensor '" + tensor_name(layer_, name) + "'.");
    if (found->shape != std::vector<std::int64_t>(shape))
      throw Error("'" + tensor_name(layer_, name) + "' has the shape " + shape_text(found->shape) +
                  ", but its layer has " + shape_text(shape) + ".");
    values = floats(*found, name);
  }

  void vector(const char* name, std::vector<float>& values) {
    const Tensor* found = table_.find(tensor_name(layer_, name));
    if (found == nullptr) return;
    if (found->shape.size() != 1 || found->shape[0] == 0)
      throw Error("'" + tensor_name(layer_, name) + "' has the shape " + shape_text(found->shape) +
                  "; it should be a list of numbers.");
    values = floats(*found, name);
  }

 private:
  [[noreturn]] void refuse(const std::string& name, const std::string& problem) const {
    throw Error("in this file's description of its layers, '" + name + "' of layer " +
                std::to_string(layer_) + " " + problem + ".");
  }

  const Json& setting(const char* name) const {
    const auto found = json_.find(name);
    if (found == json_.end()) refuse(name, "is missing");
    return *found;
  }

  std::vector<float> floats(const Tensor& tensor, const char* name) {
    taken_.insert(tensor_name(layer_, name));
    const bool is_float = tensor.dtype == DType::Float32 || tensor.dtype == DType::Float16 ||
                          tensor.dtype == DType::BFloat16 || tensor.dtype == DType::Float64;
    if (!is_float)
      throw Error("'" + tensor_name(layer_, name) + "' holds " +
                  std::string(dtype_name(tensor.dtype)) + " numbers, which are no weights.");
    return to_floats(tensor);
  }

  const Json& json_;
  const TensorTable& table_;
  std::size_t layer_;
  std::set<std::string>& taken_;
};

[[noreturn]] void not_a_description() {
  throw Error(
      "this file's description of its layers (facemorph.stack) is damaged. Convert the "
      "original file again.");
}

Json parse(const std::string& text) {
  try {
    Json json = parse_ordered_json(text, {kMostText, kMostValues, kMostDepth});
    if (json.is_object()) return json;
  } catch (const JsonError&) {
  }
  not_a_description();
}

int whole_number(const Json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end() || !found->is_number_integer() || found->get<double>() < 1 ||
      found->get<double>() > kMostChannels)
    throw Error("this file's description of its layers has no reasonable '" + std::string(name) +
                "'.");
  return found->get<int>();
}

template <std::size_t... I>
Layer empty_layer(const std::string& type, std::index_sequence<I...>) {
  std::array<Layer, sizeof...(I)> all = {Layer(std::in_place_index<I>)...};
  const auto found = std::ranges::find(all, type, layer_type);
  if (found == all.end())
    throw Error("this file has a layer of the type '" + printable(type) +
                "', which Facemorph lacks. It may come from a newer version.");
  return *found;
}

Layer read_layer(const Json& json, const TensorTable& tensors, std::size_t index,
                 std::set<std::string>& taken) {
  if (!json.is_object()) not_a_description();
  const auto type = json.find("type");
  if (type == json.end() || !type->is_string()) not_a_description();
  Layer layer =
      empty_layer(type->get<std::string>(), std::make_index_sequence<std::variant_size_v<Layer>>());
  FieldReader reader(json, tensors, index, taken);
  std::visit([&](auto& fields) { visit_fields(reader, fields); }, layer);
  return layer;
}

/// A tensor that no layer asked for is a misspelt one.
void refuse_others(const std::set<std::string>& taken, const TensorTable& tensors) {
  for (const NamedTensor& entry : tensors.entries())
    if (entry.name.starts_with("layers.") && !taken.contains(entry.name))
      throw Error("no layer of this file takes its tensor '" + printable(entry.name) + "'.");
}

}  // namespace

TensorTable stack_tensors(const LayerStack& stack) {
  TensorTable table;
  for (std::size_t i = 0; i < stack.layers.size(); ++i) {
    TensorWriter writer(table, i);
    std::visit([&](const auto& layer) { visit_fields(writer, layer); }, stack.layers[i]);
  }
  return table;
}

std::string stack_json(const LayerStack& stack) {
  check_stack(stack);
  Json json = {{"nz", stack.nz}, {"channels", stack.channels}, {"image_size", stack.image_size}};
  Json& layers = json["layers"] = Json::array();
  for (const Layer& layer : stack.layers) {
    Json& described = layers.emplace_back(Json{{"type", layer_type(layer)}});
    JsonWriter writer(described);
    std::visit([&](const auto& fields) { visit_fields(writer, fields); }, layer);
  }
  return json.dump();
}

LayerStack stack_from(const std::string& text, const TensorTable& tensors) {
  const Json json = parse(text);
  const auto layers = json.find("layers");
  if (layers == json.end() || !layers->is_array() || layers->size() > kMostLayers)
    not_a_description();
  LayerStack stack{whole_number(json, "nz"),
                   whole_number(json, "channels"),
                   whole_number(json, "image_size"),
                   {}};
  std::set<std::string> taken;
  for (const Json& layer : *layers)
    stack.layers.push_back(read_layer(layer, tensors, stack.layers.size(), taken));
  check_stack(stack);
  refuse_others(taken, tensors);
  return stack;
}

std::map<std::string, std::string> stack_metadata(const LayerStack& stack) {
  return {{"format", "pt"}, {kArchKey, "stack"}, {kStackKey, stack_json(stack)}};
}

}  // namespace facemorph
