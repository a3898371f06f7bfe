#pragma once

#include <map>
#include <string>
#include <string_view>

namespace facemorph {

/// What an assumption rests on.
enum class Basis {
  Stated,      ///< the file says so, or its shapes leave nothing else
  Statistics,  ///< the network's stored batch-norm statistics agree with no other value as well
  Looks,       ///< no other value gives pictures as natural
  Values,      ///< the values that the network gives suggest it
  Habit,       ///< most generators have it
  Chosen,      ///< by the user
};
std::string_view basis_text(Basis basis);  ///< "the file says so" …

struct Certainty {
  double confidence = 0;  ///< in [0, 1]
  Basis basis = Basis::Habit;
};

/// How sure each assumption of a generator is, by the choice's key.
using Certainties = std::map<std::string, Certainty>;

}  // namespace facemorph
