#include "checkpoint/generator/network_split.hpp"

#include "base/error.hpp"
#include "checkpoint/generator/names.hpp"

#include <algorithm>
#include <map>

namespace facemorph {
namespace {

constexpr int kMostNesting = 4;

using Parts = std::map<std::string, TensorView>;

/// Parts by the first word of the name, for tables that hold several networks side by side.
Parts split(const TensorView& tensors) {
  Parts parts;
  for (const auto& [name, tensor] : tensors) {
    const std::size_t dot = name.find('.');
    const std::string part = dot == std::string::npos ? std::string() : name.substr(0, dot);
    parts[part].emplace_back(without_wrappers(name.substr(dot + 1)), tensor);
  }
  return parts;
}

/// The same part of the modules.
ModuleRecords modules_of(const ModuleRecords& modules, const std::string& part) {
  ModuleRecords result;
  for (const ModuleRecord& module : modules)
    if (module.name.starts_with(part + ".")) {
      result.push_back(module);
      result.back().name = without_wrappers(module.name.substr(part.size() + 1));
    }
  return result;
}

bool is_network(const TensorView& tensors) {
  return std::ranges::count_if(tensors, [](const auto& entry) {
           return entry.second->shape.size() == 4 || entry.second->shape.size() == 2;
         }) > 1;
}

/// Whether a part may stand alone: leaving out tensors that belong to it would give wrong pictures.
bool stands_alone(const Parts& parts, const std::string& name) {
  if (generator_rank(name) <= 1) return true;
  return std::ranges::all_of(
      parts, [&](const auto& part) { return part.first == name || is_network(part.second); });
}

void draft_parts(const TensorView& tensors, const ModuleRecords& modules, const std::string& prefix,
                 int depth, std::vector<DraftedPart>& found) {
  const Parts parts = split(tensors);
  for (const auto& [name, part] : parts) {
    if (name.empty() || depth >= kMostNesting || !stands_alone(parts, name)) continue;
    const std::string path = prefix.empty() ? name : prefix + "." + name;
    const ModuleRecords inner = modules_of(modules, name);
    try {
      found.push_back({path, part, draft_generator(part, inner), parts.size() > 1});
    } catch (const Error&) {
      draft_parts(part, inner, path, depth + 1, found);
    }
  }
}

}  // namespace

std::vector<DraftedPart> draft_generators(const TensorTable& tensors,
                                          const ModuleRecords& modules) {
  TensorView view;
  for (const auto& [name, tensor] : tensors.entries())
    view.emplace_back(name, &tensor);
  std::vector<DraftedPart> found;
  try {
    found.push_back({"", view, draft_generator(view, modules), false});
  } catch (const Error&) {
    draft_parts(view, modules, "", 0, found);
    if (found.empty()) throw;
  }
  std::ranges::stable_sort(found, {},
                           [](const DraftedPart& part) { return generator_rank(part.path); });
  return found;
}

}  // namespace facemorph
