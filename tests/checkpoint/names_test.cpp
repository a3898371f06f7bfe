#include "checkpoint/generator/names.hpp"

#include "base/utf8.hpp"

#include <gtest/gtest.h>

namespace facemorph {
namespace {

TEST(Names, WrappersComeOffInAnyOrder) {
  EXPECT_EQ(without_wrappers("main.0.weight"), "main.0.weight");
  EXPECT_EQ(without_wrappers("module._orig_mod.module.main.0.weight"), "main.0.weight");
  EXPECT_EQ(without_wrappers("main._orig_mod.0.weight"), "main.0.weight");
  EXPECT_EQ(without_wrappers("submodule.0.weight"), "submodule.0.weight");
}

TEST(Names, AveragedWeightsComeFirstAndDiscriminatorsLast) {
  for (const char* path : {"g_ema", "ema", "models.G_ema", "netG_ema", "netGEma", "ema.shadow"})
    EXPECT_EQ(generator_rank(path), 0) << path;
  for (const char* path : {"netG", "generator", "generator_state", "G", "modelG", "gen.state_dict"})
    EXPECT_EQ(generator_rank(path), 1) << path;
  for (const char* path : {"", "state_dict", "model_state_dict", "main", "cinema"})
    EXPECT_EQ(generator_rank(path), 2) << path;
  for (const char* path : {"netD", "discriminator", "D_ema", "models.d"})
    EXPECT_EQ(generator_rank(path), 3) << path;
}

TEST(Names, Utf8IsToldFromOtherBytes) {
  EXPECT_TRUE(is_utf8("caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80"));
  for (const char* wrong : {"\xFF", "\xC3", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80"})
    EXPECT_FALSE(is_utf8(wrong));
}

TEST(Names, MessagesShowNothingThatDrivesATerminal) {
  EXPECT_EQ(printable("a\x1b[31m\n\x7f\xC3"), "a?[31m???");
  EXPECT_LT(printable(std::string(1000, 'x')).size(), 120U);
}

}  // namespace
}  // namespace facemorph
