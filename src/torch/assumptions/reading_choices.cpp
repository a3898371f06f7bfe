#include "torch/assumptions/reading_choices.hpp"

namespace facemorph {

ReadingChoices::ReadingChoices(const GeneratorDraft& draft, const Assumptions& fixed)
    : draft_(draft), fixed_(fixed) {
  for (const Choice& choice : draft.choices) {
    const auto known = fixed.find(choice.key);
    chosen[choice.key] = known == fixed.end() ? choice.options.front() : known->second;
    if (known != fixed.end())
      note(choice.key, {1, Basis::Chosen});
    else if (choice.options.size() == 1)
      note(choice.key, {1, Basis::Stated});
    else
      note(choice.key, {0.5, Basis::Habit});
  }
}

std::vector<std::string> ReadingChoices::options(const std::string& key) const {
  const Choice* choice = draft_.find(key);
  if (choice == nullptr) return {};
  if (is_fixed(key)) return {chosen.at(key)};
  return choice->options;
}

}  // namespace facemorph
