#pragma once

#include "torch/assumptions/reading.hpp"

#include <string>
#include <vector>

namespace facemorph {

/// The choices of a generator on their way to being made.
class ReadingChoices {
 public:
  /// Begins with the likeliest of all that `fixed` does not say. Both must outlive this.
  ReadingChoices(const GeneratorDraft& draft, const Assumptions& fixed);

  const GeneratorDraft& draft() const { return draft_; }
  bool is_fixed(const std::string& key) const { return fixed_.contains(key); }
  /// Values to try: one for a choice that is fixed, none for what is no choice of this generator.
  std::vector<std::string> options(const std::string& key) const;
  void note(const std::string& key, Certainty certainty) { certainties[key] = certainty; }

  Assumptions chosen;
  Certainties certainties;

 private:
  const GeneratorDraft& draft_;
  const Assumptions& fixed_;
};

}  // namespace facemorph
