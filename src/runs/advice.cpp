#include "runs/advice.hpp"

#include <cmath>
#include <utility>

namespace facemorph {

std::optional<Advice> RunWatch::judge(Worry worry, bool wrong, bool over, std::string text) {
  bool& said = said_[static_cast<std::size_t>(worry)];
  if (!said && wrong) {
    said = true;
    return Advice{worry, std::move(text)};
  }
  if (said && over) {
    said = false;
    return Advice{worry, {}};
  }
  return std::nullopt;
}

std::optional<Advice> RunWatch::see_pictures(std::size_t count, bool trained) {
  constexpr std::size_t kEnough = 500;
  constexpr std::size_t kEnoughForTrained = 50;
  return judge(Worry::TooFewPictures, count < (trained ? kEnoughForTrained : kEnough), false,
               "Only " + std::to_string(count) + (count == 1 ? " picture" : " pictures") +
                   ": the network will rather learn them by heart than invent faces. " +
                   (trained ? "Some hundred would do."
                            : "Some thousand would do, or some hundred when it "
                              "starts from a trained model."));
}

std::optional<Advice> RunWatch::see_report(const TrainReport& report) {
  constexpr std::uint64_t kSettled = 200;  // in the beginning D wins every time
  constexpr double kMemory = 0.1;
  constexpr double kWon = 0.08;
  constexpr double kBalanced = 0.25;
  if (!std::isfinite(report.loss_d) || report.step < kSettled) return std::nullopt;
  loss_d_ = loss_d_ ? *loss_d_ + kMemory * (report.loss_d - *loss_d_) : report.loss_d;
  return judge(
      Worry::DiscriminatorWon, *loss_d_<kWon, *loss_d_> kBalanced,
      "D has won: it tells every made face from a real one (its loss is near 0), and G "
      "learns nothing from that. Lower D's learning rate, or raise R1 or the augmentation, "
      "and go on; or go back to an earlier checkpoint.");
}

std::optional<Advice> RunWatch::see_variety(std::uint64_t step, const Scores& generator,
                                            const Scores& real) {
  constexpr std::uint64_t kSettled = 1000;  // all generators begin with one picture
  if (step < kSettled) return std::nullopt;
  const double room = 1 - real.ms_ssim;
  const double above = generator.ms_ssim - real.ms_ssim;
  return judge(Worry::FacesAlike, above > room / 4, above < room / 6,
               "The faces grow alike: their likeness (MS-SSIM) is far above that of the pictures. "
               "If it goes on, G ends with one face. Lower the learning rates, or go back to an "
               "earlier checkpoint.");
}

std::optional<Advice> RunWatch::see_nearest(const NearestPictures& nearest) {
  if (!std::isfinite(nearest.usual) || nearest.usual <= 0) return std::nullopt;
  const double share = nearest.distance / nearest.usual;
  return judge(Worry::LearntByHeart, share<0.5, share> 0.6,
               "It learns pictures by heart: its faces are much nearer to training pictures than "
               "those are to each other. More pictures help, or starting from a trained model, or "
               "stopping earlier.");
}

}  // namespace facemorph
