#include "base/error.hpp"
#include "checkpoint/torch_tensors.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace facemorph {
namespace {

using pickle::Dict;
using pickle::Document;
using pickle::Object;
using pickle::Ref;
using pickle::Sequence;
using pickle::TensorRef;

constexpr int kMaxDepth = 8;
constexpr std::size_t kMaxVisits = 200'000;
constexpr std::size_t kMaxTensors = 5'000;

std::string without_wrappers(std::string name) {
  bool again = true;
  while (again) {
    again = false;
    for (const std::string_view prefix : {"module.", "_orig_mod."})
      if (name.starts_with(prefix)) {
        name.erase(0, prefix.size());
        again = true;
      }
  }
  // torch.compile and DataParallel may also wrap inner modules.
  for (std::size_t at = name.find("._orig_mod."); at != std::string::npos;
       at = name.find("._orig_mod."))
    name.erase(at, 10);
  return name;
}

/// Lower-case words of a path: "models.G_ema" gives models, g, ema.
std::vector<std::string> words_of(const std::string& path) {
  std::vector<std::string> words(1);
  for (const char c : path) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      words.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else if (!words.back().empty())
      words.emplace_back();
  }
  return words;
}

/// Smaller is likelier to be the generator that people want to see.
int rank(const std::string& path) {
  static constexpr std::array<std::string_view, 6> kGenerator = {"netg", "generator", "gen",
                                                                 "g",    "modelg",    "gnet"};
  static constexpr std::array<std::string_view, 6> kDiscriminator = {
      "netd", "discriminator", "disc", "d", "modeld", "critic"};
  const std::vector<std::string> words = words_of(path);
  const auto any_of = [&](const auto& names) {
    return std::ranges::any_of(words, [&](const std::string& word) {
      return std::ranges::find(names, word) != names.end();
    });
  };
  if (any_of(kDiscriminator)) return 3;
  if (std::ranges::any_of(words, [](const std::string& w) {
        return w.ends_with("ema") || w == "averaged" || w == "shadow";
      }))
    return 0;
  return any_of(kGenerator) ? 1 : 2;
}

class Search {
 public:
  Search(const Document& document, TensorBuilder& builder)
      : document_(document), builder_(builder) {}

  std::vector<StateDict> run() {
    visit(document_.root, "", 0);
    if (found_.empty()) explain();
    std::ranges::stable_sort(found_, {}, [](const StateDict& s) { return rank(s.path); });
    return std::move(found_);
  }

 private:
  void visit(Ref ref, const std::string& path, int depth) {
    if (depth > kMaxDepth || ++visits_ > kMaxVisits) return;
    if (const auto* dict = document_.get_if<Dict>(ref))
      visit_dict(*dict, path, depth);
    else if (const auto* object = document_.get_if<Object>(ref))
      visit_script_object(*object, path, depth);
  }

  static std::string join(const std::string& path, const std::string& name) {
    return path.empty() ? name : path + "." + name;
  }

  void visit_dict(const Dict& dict, const std::string& path, int depth) {
    std::vector<std::pair<std::string, const TensorRef*>> tensors;
    for (const auto& [key, value] : dict.items) {
      const auto* name = document_.get_if<std::string>(key);
      if (name == nullptr || name->size() > 512) continue;
      if (*name == "param_groups") {
        optimiser_seen_ = true;
        return;  // an optimiser's state: its tensors are no weights
      }
      if (const auto* tensor = document_.get_if<TensorRef>(value))
        tensors.emplace_back(*name, tensor);
    }
    add(path, tensors);
    for (const auto& [key, value] : dict.items)
      if (const auto* name = document_.get_if<std::string>(key);
          name != nullptr && name->size() <= 512)
        visit(value, join(path, *name), depth + 1);
  }

  void add(const std::string& path,
           const std::vector<std::pair<std::string, const TensorRef*>>& tensors) {
    if (tensors.empty()) return;
    StateDict state_dict{path, {}};
    if ((tensor_count_ += tensors.size()) > kMaxTensors)
      throw Error("the file names more than 5,000 tensors; that is no checkpoint.");
    for (const auto& [name, tensor] : tensors)
      state_dict.tensors.set(without_wrappers(name), builder_.build(*tensor, name));
    found_.push_back(std::move(state_dict));
  }

  /// A TorchScript module: attributes that are tensors, and submodules, flattened to one table.
  void visit_script_object(const Object& object, const std::string& path, int depth) {
    std::vector<std::pair<std::string, const TensorRef*>> tensors;
    flatten(object, "", depth, tensors);
    add(path, tensors);
  }

  void flatten(const Object& object, const std::string& prefix, int depth,
               std::vector<std::pair<std::string, const TensorRef*>>& out) {
    const auto* state = document_.get_if<Dict>(object.state);
    if (state == nullptr || depth > kMaxDepth || prefix.size() > 512) return;
    for (const auto& [key, value] : state->items) {
      if (++visits_ > kMaxVisits) return;
      const auto* name = document_.get_if<std::string>(key);
      if (name == nullptr || name->size() > 512) continue;
      if (const auto* tensor = document_.get_if<TensorRef>(value))
        out.emplace_back(prefix + *name, tensor);
      else if (const auto* inner = document_.get_if<Object>(value))
        flatten(*inner, prefix + *name + ".", depth + 1, out);
    }
  }

  [[noreturn]] void explain() const {
    const std::string advice = " Choose the file that torch.save(netG.state_dict(), …) wrote.";
    if (optimiser_seen_)
      throw Error("this is the state of an optimiser, without any network." + advice);
    if (const auto* tensor = document_.get_if<TensorRef>(document_.root))
      throw Error("this is a single tensor of shape " + shape_text(tensor->shape) +
                  " (pictures, or a latent?), not a network." + advice);
    if (const auto* list = document_.get_if<Sequence>(document_.root)) {
      const bool numbers = !list->items.empty() && std::ranges::all_of(list->items, [this](Ref r) {
        return document_.get_if<double>(r) != nullptr ||
               document_.get_if<std::int64_t>(r) != nullptr;
      });
      throw Error("this is a list of " + std::to_string(list->items.size()) +
                  (numbers ? " numbers (losses?)" : " things") + ", not a network." + advice);
    }
    throw Error("there are no weights in this file." + advice);
  }

  const Document& document_;
  TensorBuilder& builder_;
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
