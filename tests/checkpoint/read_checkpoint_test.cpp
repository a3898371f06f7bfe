#include "base/error.hpp"
#include "base/files.hpp"
#include "checkpoint/generator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fstream>
#include <numeric>

namespace facemorph {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::ElementsAreArray;
using ::testing::FloatNear;
using ::testing::HasSubstr;
using ::testing::Pointwise;

/// Files made by tests/python/make_checkpoints.py.
fs::path checkpoints() {
  const char* fixtures = std::getenv("FACEMORPH_FIXTURES");
  if (fixtures == nullptr)
    throw std::runtime_error("FACEMORPH_FIXTURES is not set; run through ctest");
  return fs::path(fixtures) / "checkpoints";
}

json index() {
  std::ifstream file(checkpoints() / "index.json");
  return json::parse(file);
}

TEST(ReadCheckpoint, OpensEveryContainerAndNamingStyle) {
  const json files = index();
  ASSERT_GE(files.size(), 45U);
  for (const json& expected : files) {
    const std::string name = expected["file"];
    SCOPED_TRACE(name);
    const Checkpoint checkpoint = read_checkpoint(checkpoints() / name);
    EXPECT_EQ(container_name(checkpoint.container), expected["container"].get<std::string>());
    const OpenedGenerator opened = open_generator(checkpoint);
    EXPECT_EQ(opened.arch, (GeneratorArch{expected["nz"], expected["ngf"], expected["nc"],
                                          expected["image_size"]}));
    EXPECT_EQ(opened.state_dict_path, expected["state_dict"].get<std::string>());
    EXPECT_EQ(opened.other_choices, expected["others"].get<std::vector<std::string>>());

    const Tensor* weight = opened.tensors.find("main.0.weight");
    ASSERT_NE(weight, nullptr);
    EXPECT_EQ(dtype_name(weight->dtype), expected["dtype"].get<std::string>());
    const std::vector<float> values = to_floats(*weight);
    EXPECT_THAT(std::vector<float>(values.begin(), values.begin() + 8),
                ElementsAreArray(expected["first_weights"].get<std::vector<float>>()));
    EXPECT_NEAR(std::accumulate(values.begin(), values.end(), 0.0),
                expected["weight_sum"].get<double>(), 1e-6);
    const auto& norm =
        std::get<BatchNorm2dLayer>(opened.stack.layers[opened.stack.layers.size() - 4]);
    const auto variances = expected["last_running_var"].get<std::vector<float>>();
    EXPECT_THAT(std::vector<float>(
                    norm.running_var.begin(),
                    norm.running_var.begin() + static_cast<std::ptrdiff_t>(variances.size())),
                Pointwise(FloatNear(expected["dtype"] == "bfloat16" ? 1e-2F : 2e-3F), variances));
  }
}

TEST(ReadCheckpoint, AnotherStateDictCanBeChosen) {
  const Checkpoint checkpoint = read_checkpoint(checkpoints() / "ema-first.pth");
  const OpenedGenerator averaged = open_generator(checkpoint);
  const OpenedGenerator raw = open_generator(checkpoint, "G");
  EXPECT_EQ(raw.state_dict_path, "G");
  EXPECT_NE(*raw.tensors.find("main.0.weight"), *averaged.tensors.find("main.0.weight"));
  EXPECT_THROW(open_generator(checkpoint, "nobody"), Error);
}

TEST(ReadCheckpoint, SafetensorsMetadataIsKept) {
  const Checkpoint checkpoint = read_checkpoint(checkpoints() / "safetensors-metadata.safetensors");
  EXPECT_EQ(checkpoint.metadata.at("step"), "9");
}

struct Refusal {
  const char* file;
  std::vector<const char*> says;
};

/// What the file is, and what to do.
const std::vector<Refusal> kRefusals = {
    {"hostile-zip.pth", {"posix.system", "did not run it", "state_dict"}},
    {"hostile-legacy.pth", {"posix.system", "did not run it", "state_dict"}},
    {"hostile-plain.pkl", {"plain Python pickle", "torch.save"}},
    {"whole-module.pth", {"whole Python module", "__main__.Net", "state_dict"}},
    {"discriminator.pth", {"discriminator", "netG.pth"}},
    {"optimiser.pth", {"optimiser", "torch.save"}},
    {"losses.pth", {"list of 3 numbers", "torch.save"}},
    {"images.pth", {"single tensor", "[4, 3, 8, 8]"}},
    {"empty-dict.pth", {"no weights", "torch.save"}},
    {"linear.pth", {"no convolutions", "DCGAN"}},
    {"bias.pth", {"main.0", "bias"}},
    {"nan.pth", {"main.0.weight", "not numbers", "earlier checkpoint"}},
    {"truncated.pth", {"damaged or cut off", "again"}},
    {"truncated-legacy.pth", {"cut off", "again"}},
    {"flipped-bit.pth", {"damaged", "CRC", "again"}},
    {"truncated.safetensors", {"damaged", "beyond the file's end"}},
    {"huge-header.safetensors", {"claims 10737418240 bytes"}},
    {"huge-tensor.safetensors", {"larger than the file"}},
    {"huge-shape.pth", {"main.0.weight", "outside its data"}},
    {"expanded.pth", {"far larger than the file"}},
    {"zip-bomb.pth", {"more than the file can hold"}},
    {"big-endian.pth", {"big-endian", "Save it again"}},
    {"some.zip", {"zip archive", "unpack"}},
    {"weights.npz", {"NumPy"}},
    {"pointer.pth", {"Git LFS pointer", "git lfs pull"}},
    {"page.pth", {"web page", "download"}},
    {"picture.pth", {"picture", "netG.pth"}},
    {"empty.pth", {"empty (0 bytes)", "again"}},
    {"noise.pth", {"no checkpoint", "safetensors"}},
    {"folder.pth", {"folder"}},
    {"not-there.pth", {"does not exist"}},
};

TEST(ReadCheckpoint, SaysWhatAFileIsInsteadAndWhatToDo) {
  for (const Refusal& refusal : kRefusals) {
    SCOPED_TRACE(refusal.file);
    try {
      open_generator(read_checkpoint(checkpoints() / "bad" / refusal.file));
      ADD_FAILURE() << "it opened";
    } catch (const Error& error) {
      for (const char* part : refusal.says)
        EXPECT_THAT(error.what(), HasSubstr(part));
    }
  }
}

TEST(ReadCheckpoint, NeverRunsWhatAPickleAsksFor) {
  const fs::path bad = checkpoints() / "bad";
  for (const char* name : {"hostile-zip.pth", "hostile-legacy.pth", "hostile-plain.pkl"})
    EXPECT_THROW(read_checkpoint(bad / name), Error);
  EXPECT_FALSE(fs::exists(bad / "payload-ran"));
}

/// Deterministic damage: flips, cuts, repeats and overwrites.
std::vector<std::byte> damaged(std::vector<std::byte> bytes, std::uint64_t seed) {
  const auto random = [&seed](std::size_t limit) {
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::size_t>(seed >> 33U) % limit;
  };
  for (std::size_t edits = 1 + random(4); edits > 0 && bytes.size() > 16; --edits) {
    const std::size_t at = random(bytes.size());
    switch (random(4)) {
      case 0:
        bytes[at] ^= static_cast<std::byte>(1U << random(8));
        break;
      case 1:
        bytes[at] = static_cast<std::byte>(random(256));
        break;
      case 2:
        bytes.resize(at + 1);
        break;
      default:
        bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes[random(bytes.size())]);
    }
  }
  return bytes;
}

TEST(ReadCheckpoint, DamagedFilesThrowErrorsAndNothingElse) {
  for (const char* name :
       {"zip.pth", "legacy.pth", "scripted.pt", "safetensors.bin", "whole-run.pth"}) {
    SCOPED_TRACE(name);
    const MappedFile file(checkpoints() / name);
    // The front holds the structure; most of the rest is weights.
    const std::vector<std::byte> bytes(file.bytes().begin(), file.bytes().end());
    int refused = 0;
    for (std::uint64_t seed = 0; seed < 400; ++seed) {
      try {
        open_generator(read_checkpoint(damaged(bytes, seed), "damaged"));
      } catch (const Error&) {
        ++refused;
      }
    }
    EXPECT_GT(refused, 20);
  }
}

}  // namespace
}  // namespace facemorph
