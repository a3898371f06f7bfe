#include "checkpoint/generator/module_statements.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <set>

namespace facemorph {
namespace {

std::string number_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

/// As draft.hpp names activations; empty for other modules.
std::string activation_of(const ModuleRecord& module) {
  static const std::map<std::string, std::string> kNames = {
      {"ReLU", "relu"},         {"ELU", "elu"},   {"SELU", "selu"},       {"GELU", "gelu"},
      {"SiLU", "silu"},         {"Tanh", "tanh"}, {"Sigmoid", "sigmoid"}, {"Identity", "none"},
      {"Softplus", "softplus"}, {"CELU", "elu"}};
  if (module.type == "LeakyReLU")
    return "leaky_relu_" + number_text(module.number("negative_slope", 0.01));
  const auto found = kNames.find(module.type);
  return found == kNames.end() || module.number("alpha", 1) != 1 ? "" : found->second;
}

bool is_batch_norm(const ModuleRecord& module) {
  return module.type.starts_with("BatchNorm");
}

std::string norm_of(const ModuleRecord& module) {
  if (is_batch_norm(module)) return "batch";
  if (module.type.starts_with("InstanceNorm")) return "instance";
  if (module.type == "GroupNorm") return "group_" + number_text(module.number("num_groups", 1));
  return "";
}

bool is_upsample(const ModuleRecord& module) {
  return module.type.starts_with("Upsampl");
}

/// The one value that all of a list have.
std::optional<std::string> common(const std::vector<std::string>& values) {
  if (values.empty() || values.front().empty()) return std::nullopt;
  return std::ranges::count(values, values.front()) == std::ssize(values)
             ? std::optional(values.front())
             : std::nullopt;
}

/// The modules of a chain's layers, and what stands between these.
class Order {
 public:
  Order(const GeneratorChain& chain, const ModuleRecords& modules) {
    for (const ChainLayer& layer : chain.layers) {
      const auto found = std::ranges::find(modules, layer.weight.name, &ModuleRecord::name);
      if (found == modules.end()) return;
      places_.push_back(found);
    }
    known_ = !places_.empty() && std::ranges::is_sorted(places_);
    if (!known_) return;
    before_ = {modules.begin(), places_.front()};
    for (std::size_t i = 0; i < places_.size(); ++i)
      behind_.emplace_back(places_[i] + 1, i + 1 < places_.size() ? places_[i + 1] : modules.end());
    std::size_t with_activation = 0;
    for (std::size_t i = 0; i + 1 < behind_.size(); ++i)
      with_activation += activations(i).empty() ? 0U : 1U;
    runs_ = behind_.size() > 1 && with_activation + 2 >= behind_.size() && with_activation > 0;
  }

  /// Whether every layer has its module, and these stand in the chain's order.
  bool known() const { return known_; }
  /// Whether the modules stand in the order in which they run: an activation behind every layer but
  /// the last, perhaps not behind the first.
  bool runs() const { return runs_; }
  const ModuleRecord& module(std::size_t layer) const { return *places_[layer]; }
  /// Between a layer and the next.
  const ModuleRecords& behind(std::size_t layer) const { return behind_[layer]; }
  const ModuleRecords& before_layer(std::size_t layer) const {
    return layer == 0 ? before_ : behind_[layer - 1];
  }
  std::size_t size() const { return behind_.size(); }

  std::vector<std::string> activations(std::size_t layer) const {
    std::vector<std::string> result;
    for (const ModuleRecord& module : behind_[layer])
      if (std::string name = activation_of(module); !name.empty()) result.push_back(name);
    return result;
  }

 private:
  std::vector<ModuleRecords::const_iterator> places_;
  ModuleRecords before_;
  std::vector<ModuleRecords> behind_;
  bool known_ = false;
  bool runs_ = false;
};

/// Enlargements stand among the modules, if there are any.
std::optional<int> upsampling_before(const Order& order, std::size_t layer) {
  bool any = false;
  for (std::size_t i = 0; i < order.size(); ++i)
    any = any || std::ranges::any_of(order.before_layer(i), is_upsample);
  if (!any || !order.runs()) return std::nullopt;
  int factor = 1;
  for (const ModuleRecord& module : order.before_layer(layer))
    if (is_upsample(module)) factor *= static_cast<int>(module.number("scale_factor", 0));
  return factor == 1 || factor == 2 || factor == 4 ? std::optional(factor) : std::nullopt;
}

class Statements {
 public:
  Statements(GeneratorDraft& draft, const ModuleRecords& modules, const Order& order)
      : draft_(draft), modules_(modules), order_(order) {}

  void run() {
    state_activations();
    state_norms();
    state_upsampling();
    if (!order_.behind(order_.size() - 1).empty()) state_output();
  }

 private:
  void state(const std::string& key, const std::string& value) {
    const auto choice = std::ranges::find(draft_.choices, key, &Choice::key);
    if (choice != draft_.choices.end()) choice->options = {value};
  }

  void state_activations() {
    const std::size_t hidden = order_.size() - 1;
    std::vector<std::string> later;
    for (std::size_t i = 1; i < hidden; ++i)
      later.push_back(common(order_.activations(i)).value_or(""));
    const auto first = order_.runs() ? common(order_.activations(0)) : std::nullopt;
    if (hidden == 1 && first) later = {*first};
    if (const auto all = order_.runs() ? common(later) : only_activation()) {
      state("activation", *all);
      if (order_.runs() && order_.activations(0).empty()) state("first_activation", "none");
      if (first == all) state("first_activation", "same");
    } else if (order_.runs()) {
      state_each_activation();
    }
    if (order_.runs()) state_order();
  }

  void state_each_activation() {
    for (std::size_t i = 0; i + 1 < order_.size(); ++i)
      draft_.chain.layers[i].activation = common(order_.activations(i)).value_or("none");
    std::erase_if(draft_.choices, [](const Choice& choice) {
      return choice.key == "activation" || choice.key == "first_activation";
    });
  }

  /// One module that a forward() uses again and again.
  std::optional<std::string> only_activation() const {
    std::set<std::string> kinds;
    for (const ModuleRecord& module : modules_)
      if (const std::string name = activation_of(module);
          !name.empty() && name != "tanh" && name != "sigmoid")
        kinds.insert(name);
    return kinds.size() == 1 ? std::optional(*kinds.begin()) : std::nullopt;
  }

  void state_order() {
    std::vector<std::string> orders;
    for (std::size_t i = 0; i + 1 < order_.size(); ++i) {
      const ModuleRecords& behind = order_.behind(i);
      const auto norm =
          std::ranges::find_if(behind, [](const auto& m) { return norm_of(m) != ""; });
      const auto activation =
          std::ranges::find_if(behind, [](const auto& m) { return activation_of(m) != ""; });
      if (norm != behind.end() && activation != behind.end())
        orders.emplace_back(norm < activation ? "norm_first" : "activation_first");
    }
    if (const auto all = common(orders)) state("order", *all);
  }

  void state_norms() {
    std::vector<std::string> epsilons;
    std::vector<std::string> kinds;
    for (const ModuleRecord& module : modules_) {
      if (is_batch_norm(module)) epsilons.push_back(number_text(module.number("eps", 1e-5)));
      if (norm_of(module) != "") kinds.push_back(norm_of(module));
    }
    if (epsilons.size() > 1 && epsilons.front() == "1e-05" &&
        common({epsilons.begin() + 1, epsilons.end()}) == "0.8")
      state("epsilon", "0.8_later");
    if (const auto all = common(epsilons)) state("epsilon", *all);
    if (const auto all = common(kinds)) state("norm", *all);
  }

  void state_upsampling() {
    std::vector<std::string> modes;
    for (const ModuleRecord& module : modules_)
      if (is_upsample(module)) modes.push_back(mode_of(module));
    if (const auto all = common(modes)) state("upsampling", *all);
  }

  static std::string mode_of(const ModuleRecord& module) {
    const auto mode = module.texts.find("mode");
    if (mode == module.texts.end() || mode->second == "nearest") return "nearest";
    if (mode->second != "bilinear") return "";
    return module.number("align_corners", 0) != 0 ? "bilinear_aligned" : "bilinear";
  }

  /// The last activation of all modules.
  void state_output() {
    const auto last = order_.activations(order_.size() - 1);
    if (last.size() != 1 || (last.front() != "tanh" && last.front() != "sigmoid")) return;
    state("output", last.front());
    if (last.front() == "sigmoid") state("range", "0..1");
    if (last.front() == "tanh") state("range", "-1..1");
  }

  GeneratorDraft& draft_;
  const ModuleRecords& modules_;
  const Order& order_;
};

}  // namespace

void state_convolutions(GeneratorChain& chain, const ModuleRecords& modules) {
  const Order order(chain, modules);
  if (!order.known()) return;
  for (std::size_t i = 0; i < chain.layers.size(); ++i) {
    const ModuleRecord& module = order.module(i);
    if (chain.layers[i].kind == LayerKind::Linear || !module.numbers.contains("stride") ||
        !module.numbers.contains("padding"))
      continue;
    chain.layers[i].stated = StatedConvolution{
        static_cast<int>(module.number("stride", 1)), static_cast<int>(module.number("padding", 0)),
        static_cast<int>(module.number("output_padding", 0)), upsampling_before(order, i)};
  }
}

void state_choices(GeneratorDraft& draft, const ModuleRecords& modules) {
  const Order order(draft.chain, modules);
  if (order.known()) Statements(draft, modules, order).run();
}

}  // namespace facemorph
