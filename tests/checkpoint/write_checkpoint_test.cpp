#include "base/error.hpp"
#include "checkpoint/generator.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace facemorph {
namespace {

TensorTable tensors_of_every_type() {
  TensorTable table;
  const Tensor values = from_floats({1.5F, -2.0F, 0.0F, 65504.0F, 1e-7F, 3.0F}, {2, 3});
  for (const DType dtype : {DType::Float16, DType::BFloat16, DType::Float32, DType::Float64})
    table.set("of." + std::string(dtype_name(dtype)), convert_floats(values, dtype));
  table.set("count", Tensor{DType::Int64, {}, std::vector<std::byte>(8, std::byte{1})});
  table.set("none", Tensor{DType::Float32, {0, 4}, {}});
  return table;
}

class WriteCheckpoint : public ::testing::TestWithParam<const char*> {};

TEST_P(WriteCheckpoint, WhatIsWrittenIsReadBackBitForBit) {
  const TemporaryFolder folder;
  const auto path = folder.path() / GetParam();
  const TensorTable tensors = tensors_of_every_type();
  write_checkpoint(path, tensors, {{"facemorph.arch", "dcgan"}});
  const Checkpoint checkpoint = read_checkpoint(path);
  ASSERT_EQ(checkpoint.state_dicts.size(), 1U);
  EXPECT_EQ(checkpoint.state_dicts.front().tensors, tensors);
}

TEST_P(WriteCheckpoint, TheSameTensorsGiveTheSameBytes) {
  const TensorTable tensors = tensors_of_every_type();
  EXPECT_EQ(to_torch_zip(tensors), to_torch_zip(tensors));
  EXPECT_EQ(to_safetensors(tensors, {}), to_safetensors(tensors, {}));
}

TEST_P(WriteCheckpoint, PythonReadsTheSameValues) {
  const TemporaryFolder folder;
  const auto path = folder.path() / GetParam();
  write_checkpoint(path, tensors_of_every_type(), {{"facemorph.arch", "dcgan"}});
  // Reads safetensors by hand, from the format's description.
  const std::string script =
      "/usr/bin/python3 -c \"\n"
      "import json, struct, sys, torch\n"
      "path = sys.argv[1]\n"
      "if path.endswith('.pth'):\n"
      "    tensors = torch.load(path, weights_only=True)\n"
      "    assert list(tensors) == ['of.float16', 'of.bfloat16', 'of.float32', 'of.float64', "
      "'count', 'none'], list(tensors)\n"
      "else:\n"
      "    data = open(path, 'rb').read()\n"
      "    n = struct.unpack('<Q', data[:8])[0]\n"
      "    assert n % 8 == 0\n"
      "    header = json.loads(data[8:8 + n])\n"
      "    assert header.pop('__metadata__') == {'facemorph.arch': 'dcgan'}\n"
      "    kinds = {'F16': torch.float16, 'BF16': torch.bfloat16, 'F32': torch.float32, 'F64': "
      "torch.float64, 'I64': torch.int64}\n"
      "    tensors = {}\n"
      "    for name, e in header.items():\n"
      "        raw = bytearray(data[8 + n + e['data_offsets'][0]:8 + n + e['data_offsets'][1]])\n"
      "        tensors[name] = torch.frombuffer(raw, dtype=kinds[e['dtype']]).reshape(e['shape']) "
      "if raw else torch.empty(e['shape'])\n"
      "expected = torch.tensor([[1.5, -2.0, 0.0], [65504.0, 1e-7, 3.0]])\n"
      "for kind in ['float16', 'bfloat16', 'float32', 'float64']:\n"
      "    dtype = getattr(torch, kind)\n"
      "    assert torch.equal(tensors['of.' + kind], expected.to(dtype)), kind\n"
      "assert tensors['count'].item() == 0x0101010101010101 and tensors['count'].shape == ()\n"
      "assert tensors['none'].shape == (0, 4)\n"
      "\" '" +
      path.string() + "'";
  EXPECT_EQ(std::system(script.c_str()), 0);
}

INSTANTIATE_TEST_SUITE_P(BothFormats, WriteCheckpoint,
                         ::testing::Values("net.pth", "net.safetensors"));

TEST(TorchZip, DataIsAlignedForMemoryMapping) {
  TensorTable tensors;
  tensors.set("a", from_floats({1, 2, 3}, {3}));
  tensors.set("b", from_floats({4.25F}, {1}));
  const std::vector<std::byte> bytes = to_torch_zip(tensors);
  const float wanted = 4.25F;
  const auto* pattern = reinterpret_cast<const std::byte*>(&wanted);
  const auto found = std::search(bytes.begin(), bytes.end(), pattern, pattern + sizeof wanted);
  ASSERT_NE(found, bytes.end());
  EXPECT_EQ((found - bytes.begin()) % 64, 0);
}

TEST(WriteCheckpointName, TheExtensionChoosesTheFormat) {
  const TemporaryFolder folder;
  EXPECT_THROW(write_checkpoint(folder.path() / "net.txt", tensors_of_every_type(), {}),
               UsageError);
  EXPECT_THROW(write_checkpoint("/proc/nowhere/net.pth", tensors_of_every_type(), {}), Error);
}

TEST(Generator, MetadataAndShapesDescribeTheArchitecture) {
  const GeneratorArch arch{100, 64, 3, 64};
  const auto shapes = tutorial_shapes(arch);
  EXPECT_EQ(shapes.front().first, "main.0.weight");
  EXPECT_EQ(shapes.front().second, (std::vector<std::int64_t>{100, 512, 4, 4}));
  EXPECT_EQ(shapes.back().first, "main.12.weight");
  EXPECT_EQ(shapes.back().second, (std::vector<std::int64_t>{64, 3, 4, 4}));
  EXPECT_EQ(generator_metadata(arch).at("facemorph.image_size"), "64");
}

}  // namespace
}  // namespace facemorph
