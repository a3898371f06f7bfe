#pragma once

#include "gui/gui_driver.hpp"

#include "base/temporary_folder.hpp"
#include "engine/engine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

// What all tests at the window share.

namespace facemorph {
namespace fs = std::filesystem;
using ::testing::Gt;
using ::testing::HasSubstr;
using ::testing::Lt;

/// Pictures of different faces differ by far more than this, equal ones not at all.
inline constexpr double kVisible = 1.0;

class ViewerWindow : public ::testing::Test {
 protected:
  GuiDriver::Options options() const {
    GuiDriver::Options options;
    options.settings_path = folder_.path() / "settings.json";
    return options;
  }
  /// A checkpoint made by Python: see tests/python/make_networks.py.
  static fs::path fixture(const std::string& name) {
    const char* fixtures = std::getenv("FACEMORPH_FIXTURES");
    if (fixtures == nullptr)
      throw std::runtime_error("FACEMORPH_FIXTURES is not set; run through ctest");
    return fs::path(fixtures) / "gui" / name;
  }
  fs::path broken_file() const {
    const fs::path path = folder_.path() / "broken.pth";
    std::ofstream(path) << "this is not a checkpoint";
    return path;
  }
  TemporaryFolder folder_;
};

/// What the stage must show for a latent: the engine's own picture, enlarged by the CPU.
inline Image expected_picture(GuiDriver& gui, const Latent& latent, const Image& seen) {
  const auto engine = make_engine(*gui.viewer().model.get());
  return resize(engine->generate(std::vector<Latent>{latent}).front(), seen.width, seen.height,
                gui.viewer().settings.filter);
}

/// Difference over the middle half: free of rounded corners and the title.
inline double middle_difference(const Image& a, const Image& b) {
  if (a.width != b.width || a.height != b.height) return 255;
  double sum = 0;
  double count = 0;
  for (int y = a.height / 4; y < a.height * 3 / 4; ++y)
    for (int x = a.width / 4; x < a.width * 3 / 4; ++x)
      for (int c = 0; c < 3; ++c, ++count) {
        const auto i = static_cast<std::size_t>((y * a.width + x) * 4 + c);
        sum += std::abs(static_cast<int>(a.rgba[i]) - static_cast<int>(b.rgba[i]));
      }
  return sum / count;
}

}  // namespace facemorph
