#include "runs/run_events.hpp"

#include <array>
#include <cstdio>

namespace facemorph {

std::string text_of(const RolledBack& event) {
  std::array<char, 240> text{};
  std::snprintf(text.data(), text.size(),
                "At step %llu a loss was no longer a number. It goes on from step %llu, with half "
                "the learning rates (G %.3g, D %.3g).",
                static_cast<unsigned long long>(event.from),
                static_cast<unsigned long long>(event.to), event.generator_rate,
                event.discriminator_rate);
  return text.data();
}

}  // namespace facemorph
