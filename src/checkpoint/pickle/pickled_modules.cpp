#include "checkpoint/pickle/pickled_modules.hpp"

#include "base/utf8.hpp"
#include "checkpoint/generator/names.hpp"

#include <algorithm>
#include <optional>

namespace facemorph {
namespace {

using pickle::Dict;
using pickle::Document;
using pickle::Object;
using pickle::Ref;
using pickle::Sequence;
using pickle::TensorRef;

constexpr int kMaxDepth = 32;
constexpr std::size_t kMaxName = 512;
constexpr std::size_t kMaxVisits = 100'000;
constexpr std::size_t kMaxAttributes = 64;
constexpr std::string_view kTorch = "torch.nn.modules.";

const std::string* name_at(const Document& document, Ref key) {
  const auto* name = document.get_if<std::string>(key);
  return name != nullptr && name->size() <= kMaxName && is_utf8(*name) ? name : nullptr;
}

/// The dictionary of that name among an object's attributes.
const Dict* attribute(const Document& document, const Object& object, std::string_view wanted) {
  const auto* state = document.get_if<Dict>(object.state);
  if (state == nullptr) return nullptr;
  for (const auto& [key, value] : state->items)
    if (const std::string* name = name_at(document, key); name != nullptr && *name == wanted) {
      if (const auto* dict = document.get_if<Dict>(value)) return dict;
      const auto* own = document.get_if<Object>(value);  // an OrderedDict by another class
      return own == nullptr ? nullptr : document.get_if<Dict>(own->state);
    }
  return nullptr;
}

std::optional<double> number_at(const Document& document, Ref ref) {
  if (const auto* whole = document.get_if<std::int64_t>(ref)) return static_cast<double>(*whole);
  if (const auto* real = document.get_if<double>(ref)) return *real;
  if (const auto* flag = document.get_if<bool>(ref)) return *flag ? 1 : 0;
  const auto* list = document.get_if<Sequence>(ref);
  if (list == nullptr || list->items.empty() || list->items.size() > 2) return std::nullopt;
  const auto first = document.get_if<Sequence>(list->items.front()) == nullptr
                         ? number_at(document, list->items.front())
                         : std::nullopt;
  const auto last = document.get_if<Sequence>(list->items.back()) == nullptr
                        ? number_at(document, list->items.back())
                        : std::nullopt;
  return first == last ? first : std::nullopt;
}

/// "LeakyReLU" of "torch.nn.modules.activation.LeakyReLU".
std::string short_type(const std::string& type) {
  return type.starts_with(kTorch) ? type.substr(type.rfind('.') + 1) : type;
}

class Reader {
 public:
  explicit Reader(const Document& document) : document_(document) {}

  void read(const Object& object, const std::string& name, int depth) {
    if (depth > kMaxDepth || name.size() > kMaxName) return;
    const std::string prefix = name.empty() ? "" : name + ".";
    read_tensors(object, prefix);
    const Dict* modules = attribute(document_, object, "_modules");
    if (modules == nullptr) return;
    if (modules->items.empty()) record(object, name);
    for (const auto& [key, value] : modules->items) {
      if (++visits_ > kMaxVisits) return;
      const std::string* inner_name = name_at(document_, key);
      const auto* inner = document_.get_if<Object>(value);
      if (inner_name != nullptr && inner != nullptr) read(*inner, prefix + *inner_name, depth + 1);
    }
  }

  PickledModule found() && { return std::move(found_); }

 private:
  void read_tensors(const Object& object, const std::string& prefix) {
    for (const char* kind : {"_parameters", "_buffers"})
      if (const Dict* tensors = attribute(document_, object, kind))
        for (const auto& [key, value] : tensors->items) {
          if (++visits_ > kMaxVisits) return;
          const std::string* name = name_at(document_, key);
          const auto* tensor = document_.get_if<TensorRef>(value);
          if (name != nullptr && tensor != nullptr)
            found_.tensors.emplace_back(prefix + *name, tensor);
        }
  }

  void record(const Object& object, const std::string& name) {
    ModuleRecord record{without_wrappers(name), short_type(object.type), {}, {}};
    const auto* state = document_.get_if<Dict>(object.state);
    for (std::size_t i = 0; i < std::min(state->items.size(), kMaxAttributes); ++i) {
      const auto& [key, value] = state->items[i];
      const std::string* attribute_name = name_at(document_, key);
      if (attribute_name == nullptr) continue;
      if (const auto number = number_at(document_, value))
        record.numbers[*attribute_name] = *number;
      else if (const std::string* text = name_at(document_, value))
        record.texts[*attribute_name] = *text;
    }
    found_.records.push_back(std::move(record));
  }

  const Document& document_;
  PickledModule found_;
  std::size_t visits_ = 0;
};

}  // namespace

bool is_module(const Document& document, const Object& object) {
  return attribute(document, object, "_modules") != nullptr &&
         attribute(document, object, "_parameters") != nullptr;
}

PickledModule read_module(const Document& document, const Object& object) {
  Reader reader(document);
  reader.read(object, "", 0);
  return std::move(reader).found();
}

}  // namespace facemorph
