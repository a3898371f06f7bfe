#include "engine/cpu_engine.hpp"

#include "base/error.hpp"
#include "cpu/instruction_set.hpp"
#include "engine/model_files.hpp"
#include "engine/pictures.hpp"
#include "engine/torch_engine.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <cstdlib>
#include <limits>

namespace facemorph {
namespace {

using testing::fixture;
using ::testing::HasSubstr;
using testing::open_fixture;
using ::testing::ThrowsMessage;

TEST(CpuEngine, InFloat32ItMakesLibTorchsPictures) {
  const auto model = load_model(bundled_model_path());
  const auto latents = seed_latents(0, 1000, model->arch.nz);
  const auto ours = make_cpu_engine(*model, {Device::Cpu, 2, NumberFormat::Float32});
  ASSERT_TRUE(ours);
  EXPECT_LE(largest_difference(ours->generate(latents),
                               make_torch_engine(*model, {Device::Cpu, 2, {}})->generate(latents)),
            1);
}

/// bfloat16 where the processor computes in it.
TEST(CpuEngine, NobodySeesWhichFormatItChooses) {
  const auto model = load_model(bundled_model_path());
  const auto latents = seed_latents(0, 1000, model->arch.nz);
  const auto ours = make_cpu_engine(*model, {Device::Cpu, 2, {}});
  const bool half = best_kernels(NumberFormat::BFloat16) != nullptr;
  EXPECT_EQ(ours->info().format, half ? NumberFormat::BFloat16 : NumberFormat::Float32);
  const PictureError error = picture_error(
      ours->generate(latents), make_torch_engine(*model, {Device::Cpu, 2, {}})->generate(latents));
  EXPECT_LT(error.mean, 0.5);
  EXPECT_LE(error.most, 3);
  EXPECT_GT(error.psnr, 45);
}

TEST(CpuEngine, OtherShapesAgreeToo) {
  for (const char* name : {"g64_nz16_nc1", "g32_nz7_nc3", "g64_nz100_nc3"}) {
    SCOPED_TRACE(name);
    const auto model = open_fixture(fixture(name));
    const auto latents = seed_latents(0, 1000, model->arch.nz);
    const auto theirs = make_torch_engine(*model, {Device::Cpu, 1, {}})->generate(latents);
    const auto exact = make_cpu_engine(*model, {Device::Cpu, 1, NumberFormat::Float32});
    ASSERT_TRUE(exact);
    EXPECT_LE(largest_difference(exact->generate(latents), theirs), 1);
    const auto chosen = make_cpu_engine(*model, {Device::Cpu, 1, {}});
    EXPECT_TRUE(agrees(picture_error(chosen->generate(latents), theirs)))
        << name_of(chosen->info().format);
  }
}

/// As on a processor that knows no more than these.
class InstructionsLimitedTo {
 public:
  explicit InstructionsLimitedTo(const char* name) { setenv("FACEMORPH_MAX_ISA", name, 1); }
  ~InstructionsLimitedTo() { unsetenv("FACEMORPH_MAX_ISA"); }
  InstructionsLimitedTo(const InstructionsLimitedTo&) = delete;
  InstructionsLimitedTo& operator=(const InstructionsLimitedTo&) = delete;
};

TEST(CpuEngine, OlderProcessorsMakeTheSamePictures) {
  const auto model = load_model(bundled_model_path());
  const auto latents = seed_latents(0, 50, model->arch.nz);
  const auto theirs = make_torch_engine(*model, {Device::Cpu, 2, {}})->generate(latents);
  for (const char* name : {"avx512", "avx2", "generic"}) {
    const InstructionsLimitedTo limit(name);
    const auto ours = make_cpu_engine(*model, {Device::Cpu, 2, {}});
    EXPECT_EQ(ours->info().format, NumberFormat::Float32);
    EXPECT_LE(largest_difference(ours->generate(latents), theirs), 1) << name;
  }
}

TEST(CpuEngine, SaysWhatItCannotCompute) {
  const InstructionsLimitedTo limit("generic");
  EXPECT_THAT(
      [] {
        make_cpu_engine(*load_model(bundled_model_path()),
                        {Device::Cpu, 1, NumberFormat::BFloat16});
      },
      ThrowsMessage<Error>(HasSubstr("fp32")));
}

TEST(PictureError, CountsEveryByteOfColour) {
  Image a{100, 10, std::vector<std::uint8_t>(4000, 100)};
  Image b = a;
  EXPECT_EQ(picture_error({a}, {a}).mean, 0);
  EXPECT_EQ(picture_error({a}, {a}).psnr, std::numeric_limits<double>::infinity());
  b.rgba[3] = 0;  // transparency does not count
  EXPECT_EQ(picture_error({a}, {b}).mean, 0);
  for (std::size_t i = 0; i < 10; ++i)
    b.rgba[i * 4] = 110;
  const PictureError error = picture_error({a}, {b});
  EXPECT_NEAR(error.mean, 10.0 * 10 / 3000, 1e-12);
  EXPECT_NEAR(error.psnr, 10 * std::log10(255.0 * 255 / (100.0 * 10 / 3000)), 1e-9);
  EXPECT_EQ(error.most, 10) << "more than one in a thousand";
  EXPECT_FALSE(agrees(error));
  b = a;
  b.rgba[0] = 150;
  EXPECT_EQ(picture_error({a}, {b}).most, 0) << "one in three thousand";
  EXPECT_TRUE(agrees(picture_error({a}, {b})));
}

}  // namespace
}  // namespace facemorph
