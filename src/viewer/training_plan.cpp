#include "viewer/training_plan.hpp"

#include <array>

namespace facemorph {
namespace {

struct Shape {
  Quality quality;
  int image_size;
  int width;  // of the networks' narrowest layer
};
constexpr std::array<Shape, 3> kShapes = {
    {{Quality::Sketch, 32, 32}, {Quality::Good, 64, 64}, {Quality::Fine, 128, 64}}};

}  // namespace

std::optional<Quality> quality_of(const TrainConfig& config) {
  for (const Shape& shape : kShapes)
    if (config.image_size == shape.image_size && config.ngf == shape.width &&
        config.ndf == shape.width)
      return shape.quality;
  return std::nullopt;
}

void set_quality(TrainConfig& config, Quality quality) {
  for (const Shape& shape : kShapes)
    if (shape.quality == quality) {
      config.image_size = shape.image_size;
      config.ngf = config.ndf = shape.width;
    }
}

}  // namespace facemorph
