#include "checkpoint/generator/certainty.hpp"

namespace facemorph {

std::string_view basis_text(Basis basis) {
  switch (basis) {
    case Basis::Stated:
      return "the file says so";
    case Basis::Statistics:
      return "fits the stored statistics best";
    case Basis::Looks:
      return "gives the most natural pictures";
    case Basis::Values:
      return "by the values that come out";
    case Basis::Habit:
      return "a guess: most networks have it";
    case Basis::Chosen:
      return "chosen by you";
  }
  return "";
}

}  // namespace facemorph
