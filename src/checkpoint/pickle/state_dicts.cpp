#include "base/error.hpp"
#include "base/utf8.hpp"
#include "checkpoint/formats/torch_tensors.hpp"
#include "checkpoint/generator/names.hpp"
#include "checkpoint/pickle/pickled_modules.hpp"

#include <algorithm>

namespace facemorph {
namespace {

using pickle::Dict;
using pickle::Document;
using pickle::Object;
using pickle::Ref;
using pickle::Sequence;
using pickle::TensorRef;

constexpr int kMaxDepth = 32;
constexpr std::size_t kMaxVisits = 200'000;
constexpr std::size_t kMaxTensors = 5'000;
constexpr std::size_t kMaxName = 512;
constexpr std::size_t kMaxListed = 64;  // networks in a list

std::string join(const std::string& path, const std::string& name) {
  return path.empty() ? name : path + "." + name;
}

class Search {
 public:
  Search(const Document& document, TensorBuilder& builder)
      : document_(document), builder_(builder), seen_(document.nodes.size(), false) {}

  std::vector<StateDict> run() {
    visit(document_.root, "", 0);
    if (found_.empty()) explain();
    std::ranges::stable_sort(found_, {},
                             [](const StateDict& found) { return generator_rank(found.path); });
    return std::move(found_);
  }

 private:
  using Found = std::vector<std::pair<std::string, const TensorRef*>>;

  void visit(Ref ref, const std::string& path, int depth) {
    // Two names for one dictionary are one choice; and a dictionary may hold itself.
    if (depth > kMaxDepth || path.size() > kMaxName || ++visits_ > kMaxVisits || seen_[ref]) return;
    seen_[ref] = true;
    if (const auto* dict = document_.get_if<Dict>(ref)) visit_dict(*dict, path, depth);
    if (const auto* list = document_.get_if<Sequence>(ref)) visit_list(*list, path, depth);
    const auto* object = document_.get_if<Object>(ref);
    if (object == nullptr) return;
    if (object->script) return visit_script(*object, path, depth);
    if (is_module(document_, *object)) return visit_module(*object, path);
    visit(object->state, path, depth + 1);  // a trainer or the like, which may hold networks
  }

  /// A dictionary key that can name a tensor or a network.
  const std::string* name_at(Ref key) const {
    const auto* name = document_.get_if<std::string>(key);
    return name != nullptr && name->size() <= kMaxName && is_utf8(*name) ? name : nullptr;
  }

  void visit_dict(const Dict& dict, const std::string& path, int depth) {
    Found tensors;
    for (const auto& [key, value] : dict.items) {
      const std::string* name = name_at(key);
      if (name == nullptr) continue;
      if (*name == "param_groups") {
        optimiser_seen_ = true;
        return;  // an optimiser's state: its tensors are no weights
      }
      if (const auto* tensor = document_.get_if<TensorRef>(value))
        tensors.emplace_back(*name, tensor);
    }
    add(path, tensors);
    for (const auto& [key, value] : dict.items)
      if (const std::string* name = name_at(key)) visit(value, join(path, *name), depth + 1);
  }

  /// (netG.state_dict(), netD.state_dict())
  void visit_list(const Sequence& list, const std::string& path, int depth) {
    for (std::size_t i = 0; i < std::min(list.items.size(), kMaxListed); ++i)
      if (document_.get_if<Dict>(list.items[i]) != nullptr ||
          document_.get_if<Object>(list.items[i]) != nullptr)
        visit(list.items[i], join(path, std::to_string(i)), depth + 1);
  }

  /// A TorchScript module: its tensors and those of its submodules, flattened to one table.
  void visit_script(const Object& object, const std::string& path, int depth) {
    Found tensors;
    flatten(object, "", depth, tensors);
    add(path, tensors);
  }

  void flatten(const Object& object, const std::string& prefix, int depth, Found& out) {
    const auto* state = document_.get_if<Dict>(object.state);
    if (state == nullptr || depth > kMaxDepth || prefix.size() > kMaxName) return;
    for (const auto& [key, value] : state->items) {
      if (++visits_ > kMaxVisits) return;
      const std::string* name = name_at(key);
      if (name == nullptr) continue;
      if (const auto* tensor = document_.get_if<TensorRef>(value))
        out.emplace_back(prefix + *name, tensor);
      else if (const auto* inner = document_.get_if<Object>(value))
        flatten(*inner, prefix + *name + ".", depth + 1, out);
    }
  }

  void visit_module(const Object& object, const std::string& path) {
    PickledModule module = read_module(document_, object);
    add(path, module.tensors);
    if (!module.tensors.empty()) found_.back().modules = std::move(module.records);
  }

  void add(const std::string& path, const Found& tensors) {
    if (tensors.empty()) return;
    if ((tensor_count_ += tensors.size()) > kMaxTensors)
      throw Error(
          "the file names more than 5,000 tensors, which no generator has. Choose the "
          "generator's file, often called netG.pth.");
    StateDict state_dict{path, {}, {}};
    for (const auto& [name, tensor] : tensors)
      state_dict.tensors.set(without_wrappers(name), builder_.build(*tensor, name));
    found_.push_back(std::move(state_dict));
  }

  [[noreturn]] void explain() const {
    throw Error(what_it_is() +
                " Choose the file that torch.save(netG.state_dict(), …) wrote, often called "
                "netG.pth.");
  }

  std::string what_it_is() const {
    if (optimiser_seen_) return "this is the state of an optimiser, without any network.";
    if (const auto* tensor = document_.get_if<TensorRef>(document_.root))
      return "this is a single tensor of shape " + shape_text(tensor->shape) +
             " (pictures, or a latent?), not a network.";
    if (const auto* list = document_.get_if<Sequence>(document_.root)) return what_list(*list);
    if (const auto* dict = document_.get_if<Dict>(document_.root); dict != nullptr)
      return what_dict(*dict);
    return "there are no weights in this file.";
  }

  bool is_number(Ref ref) const {
    return document_.get_if<double>(ref) != nullptr ||
           document_.get_if<std::int64_t>(ref) != nullptr;
  }

  std::string what_dict(const Dict& dict) const {
    if (dict.items.empty()) return "the dictionary in this file is empty.";
    const bool losses = std::ranges::all_of(dict.items, [this](const auto& item) {
      const auto* list = document_.get_if<Sequence>(item.second);
      return is_number(item.second) ||
             (list != nullptr &&
              std::ranges::all_of(list->items, [this](Ref ref) { return is_number(ref); }));
    });
    return losses ? "this is a dictionary of numbers (losses?), not a network."
                  : "the dictionary in this file holds no tensors.";
  }

  std::string what_list(const Sequence& list) const {
    const std::string count = std::to_string(list.items.size());
    const auto all = [&](auto&& is_one) {
      return !list.items.empty() && std::ranges::all_of(list.items, is_one);
    };
    if (all([this](Ref item) { return document_.get_if<TensorRef>(item) != nullptr; }))
      return "this is a list of " + count +
             " tensors (pictures, or parameters without their names?), not a state dict.";
    const bool numbers = all([this](Ref item) { return is_number(item); });
    return "this is a list of " + count + (numbers ? " numbers (losses?)" : " things") +
           ", not a network.";
  }

  const Document& document_;
  TensorBuilder& builder_;
  std::vector<bool> seen_;
  std::vector<StateDict> found_;
  std::size_t visits_ = 0;
  std::size_t tensor_count_ = 0;
  bool optimiser_seen_ = false;
};

}  // namespace

std::vector<StateDict> find_state_dicts(const Document& document, TensorBuilder& builder) {
  return Search(document, builder).run();
}

}  // namespace facemorph
