#include "checkpoint/network_split.hpp"

#include "base/error.hpp"
#include "checkpoint/names.hpp"

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

void draft_parts(const TensorView& tensors, const std::string& prefix, int depth,
                 std::vector<DraftedPart>& found) {
  const Parts parts = split(tensors);
  for (const auto& [name, part] : parts) {
    if (name.empty() || depth >= kMostNesting || !stands_alone(parts, name)) continue;
    const std::string path = prefix.empty() ? name : prefix + "." + name;
    try {
      found.push_back({path, part, draft_generator(part), parts.size() > 1});
    } catch (const Error&) {
      draft_parts(part, path, depth + 1, found);
    }
  }
}

}  // namespace

std::vector<DraftedPart> draft_generators(const TensorTable& tensors) {
  TensorView view;
  for (const auto& [name, tensor] : tensors.entries())
    view.emplace_back(name, &tensor);
  std::vector<DraftedPart> found;
  try {
    found.push_back({"", view, draft_generator(view), false});
  } catch (const Error&) {
    draft_parts(view, "", 0, found);
    if (found.empty()) throw;
  }
  std::ranges::stable_sort(found, {},
                           [](const DraftedPart& part) { return generator_rank(part.path); });
  return found;
}

}  // namespace facemorph
