#pragma once

#include "runs/report.hpp"
#include "runs/scores.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace facemorph {

/// What can go wrong with a run, as a person sees it.
enum class Worry {
  DiscriminatorWon,  ///< D is always right, G learns nothing any more
  FacesAlike,        ///< variety falls: on the way to collapse
  TooFewPictures,
  LearntByHeart,  ///< made faces are copies of training pictures
};
inline constexpr std::size_t kWorries = 4;

/// In plain words: what is wrong, and what to do. An empty text: the worry is over.
struct Advice {
  Worry worry = Worry::DiscriminatorWon;
  std::string text;
};

/// Watches a run by its numbers. Says everything once, and takes it back when it is over.
class RunWatch {
 public:
  /// At the start. `trained`: it goes on from weights that were trained before.
  std::optional<Advice> see_pictures(std::size_t count, bool trained);
  std::optional<Advice> see_report(const TrainReport& report);
  /// Whether the faces grow alike; has_collapsed() says when they are all the same.
  std::optional<Advice> see_variety(std::uint64_t step, const Scores& generator,
                                    const Scores& real);
  std::optional<Advice> see_nearest(const NearestPictures& nearest);

 private:
  /// `over` and `wrong` are apart, so that a value on the border does not flicker.
  std::optional<Advice> judge(Worry worry, bool wrong, bool over, std::string text);

  std::array<bool, kWorries> said_{};
  std::optional<double> loss_d_;  ///< smoothed
};

}  // namespace facemorph
