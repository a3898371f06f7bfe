#include "render/upscaler.hpp"
#include "base/temporary_folder.hpp"
#include "gui/gui_driver.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace facemorph {
namespace {

Image noise(int width, int height) {
  std::mt19937 random(3);
  Image image{width, height,
              std::vector<std::uint8_t>(static_cast<std::size_t>(width) *
                                        static_cast<std::size_t>(height) * 4)};
  for (std::uint8_t& value : image.rgba)
    value = static_cast<std::uint8_t>(random());
  return image;
}

TEST(Upscaler, GivesTheSamePictureAsTheProcessor) {
  const TemporaryFolder folder;
  GuiDriver gui({{}, folder.path() / "settings.json", 1024, 640});  // for its OpenGL context
  Upscaler upscaler;
  ImageTexture texture(ImageTexture::Sampling::Nearest);
  const Image source = noise(64, 48);
  texture.upload(source);
  for (const Filter filter :
       {Filter::Nearest, Filter::Bilinear, Filter::CatmullRom, Filter::Lanczos3})
    for (const auto& [width, height] :
         {std::pair{512, 384}, {333, 201}, {64, 48}, {40, 40}, {17, 90}}) {
      upscaler.render(texture.view().name, source.height, width, height, filter);
      const Image ours = upscaler.read_back();
      const Image expected = resize(source, width, height, filter);
      ASSERT_EQ(ours.rgba.size(), expected.rgba.size());
      int largest = 0;
      for (std::size_t i = 0; i < ours.rgba.size(); ++i)
        largest = std::max(
            largest, std::abs(static_cast<int>(ours.rgba[i]) - static_cast<int>(expected.rgba[i])));
      EXPECT_LE(largest, 2) << "filter " << static_cast<int>(filter) << " to " << width << " x "
                            << height;
    }
}

}  // namespace
}  // namespace facemorph
