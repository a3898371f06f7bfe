#pragma once

#include <map>
#include <string>
#include <vector>

namespace facemorph {

/// A layer of a pickled network as its class and the numbers it was made with. Only data.
struct ModuleRecord {
  std::string name;  ///< "main.3", as in the names of its tensors
  std::string type;  ///< "LeakyReLU" of torch.nn; of others with the module: "gan.PixelNorm"
  std::map<std::string, double> numbers;  ///< "stride"; pairs of equal numbers count as one
  std::map<std::string, std::string> texts;

  /// The number of that name, or `otherwise`.
  double number(const std::string& key, double otherwise) const {
    const auto found = numbers.find(key);
    return found == numbers.end() ? otherwise : found->second;
  }
};

/// Modules without inner ones, in the order in which they were registered: mostly that in which
/// they run.
using ModuleRecords = std::vector<ModuleRecord>;

}  // namespace facemorph
