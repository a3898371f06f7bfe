#include "base/error.hpp"
#include "base/temporary_folder.hpp"
#include "checkpoint/fixtures.hpp"
#include "checkpoint/generator/generator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

/// Python's view of a file: see the script.
std::string python_says(const std::string& arguments, const fs::path& report) {
  const fs::path script = fs::path(FACEMORPH_TESTS) / "python" / "check_checkpoint.py";
  const std::string command = "/usr/bin/python3 '" + script.string() + "' " + arguments + " >'" +
                              report.string() + "' 2>&1";
  const int status = std::system(command.c_str());
  std::ifstream file(report);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return status == 0 ? text : "failed: " + text;
}

TensorTable tensors_of_every_type() {
  TensorTable table;
  const Tensor values =
      from_floats({1.5F, -2.0F, 0.0F, 65504.0F, 1e-7F, INFINITY, -0.0F, 3.0F, 1.0F / 3}, {3, 1, 3});
  table.set("odd.half", convert_floats(values, DType::Float16));  // 18 bytes: others must align
  for (const DType dtype : {DType::BFloat16, DType::Float32, DType::Float64})
    table.set("of." + std::string(dtype_name(dtype)), convert_floats(values, dtype));
  std::byte next{0xF0};
  for (const DType dtype :
       {DType::UInt8, DType::Int8, DType::Int16, DType::Int32, DType::Int64, DType::Bool}) {
    std::vector<std::byte> bytes(3 * dtype_size(dtype));
    for (std::byte& byte : bytes)
      byte =
          dtype == DType::Bool ? std::byte{1} : (next = std::byte(std::to_integer<int>(next) + 7));
    table.set("of." + std::string(dtype_name(dtype)), Tensor{dtype, {3}, bytes});
  }
  table.set("scalar", Tensor{DType::Int64, {}, std::vector<std::byte>(8, std::byte{1})});
  table.set("none", Tensor{DType::Float32, {0, 4}, {}});
  table.set("caf\xC3\xA9", from_floats({7}, {1}));
  return table;
}

class WriteCheckpoint : public ::testing::TestWithParam<std::string> {};

TEST_P(WriteCheckpoint, WhatIsWrittenIsReadBackBitForBit) {
  const TemporaryFolder folder;
  const TensorTable tensors = tensors_of_every_type();
  write_checkpoint(folder.path() / GetParam(), tensors, {{"facemorph.arch", "dcgan"}});
  const Checkpoint checkpoint = read_checkpoint(folder.path() / GetParam());
  ASSERT_EQ(checkpoint.state_dicts.size(), 1U);
  EXPECT_EQ(checkpoint.state_dicts.front().path, "");
  EXPECT_EQ(checkpoint.state_dicts.front().tensors, tensors);
}

TEST_P(WriteCheckpoint, PythonReadsTheSameBits) {
  const TemporaryFolder folder;
  const TensorTable tensors = tensors_of_every_type();
  write_checkpoint(folder.path() / GetParam(), tensors,
                   {{"facemorph.arch", "dcgan"}, {"note", "\"é\""}});
  // Python saves what it read; reading that must give the same tensors again.
  const fs::path back = folder.path() / "back.pth";
  EXPECT_EQ(
      python_says("'" + (folder.path() / GetParam()).string() + "' --save '" + back.string() + "'",
                  folder.path() / "report"),
      "ok\n");
  EXPECT_EQ(read_checkpoint(back).state_dicts.front().tensors, tensors);
}

TEST_P(WriteCheckpoint, PythonsFilesComeBackBitForBit) {
  const TemporaryFolder folder;
  const fs::path original = testing::checkpoints() / "zip.pth";
  const TensorTable tensors = read_checkpoint(original).state_dicts.front().tensors;
  write_checkpoint(folder.path() / GetParam(), tensors, {});
  EXPECT_EQ(python_says("'" + (folder.path() / GetParam()).string() + "' --same '" +
                            original.string() + "'",
                        folder.path() / "report"),
            "ok\n");
}

TEST_P(WriteCheckpoint, TheSameTensorsGiveTheSameBytes) {
  const TemporaryFolder folder;
  const TensorTable tensors = tensors_of_every_type();
  write_checkpoint(folder.path() / ("1" + GetParam()), tensors, {});
  write_checkpoint(folder.path() / ("2" + GetParam()), tensors, {});
  EXPECT_EQ(testing::bytes_of(folder.path() / ("1" + GetParam())),
            testing::bytes_of(folder.path() / ("2" + GetParam())));
}

TEST_P(WriteCheckpoint, NamesMustBeText) {
  const TemporaryFolder folder;
  TensorTable tensors;
  tensors.set("\xFF", from_floats({1}, {1}));
  EXPECT_THROW(write_checkpoint(folder.path() / GetParam(), tensors, {}), Error);
  EXPECT_FALSE(fs::exists(folder.path() / GetParam()));
}

INSTANTIATE_TEST_SUITE_P(BothFormats, WriteCheckpoint,
                         ::testing::Values("net.pth", "net.safetensors"));

TEST(WriteCheckpointName, TheExtensionChoosesTheFormat) {
  const TemporaryFolder folder;
  const TensorTable tensors = tensors_of_every_type();
  write_checkpoint(folder.path() / "net.pt", tensors, {});
  EXPECT_EQ(read_checkpoint(folder.path() / "net.pt").container, Container::TorchZip);
  write_checkpoint(folder.path() / "net.safetensors", tensors, {});
  EXPECT_EQ(read_checkpoint(folder.path() / "net.safetensors").container, Container::Safetensors);
  EXPECT_THROW(write_checkpoint(folder.path() / "net.txt", tensors, {}), UsageError);
}

TEST(WriteTorchZip, DataIsAlignedForMemoryMapping) {
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

TEST(WriteSafetensors, MetadataComesBack) {
  const std::map<std::string, std::string> metadata = {{"format", "pt"}, {"card", "{\"a\": 1}\n"}};
  TensorTable tensors;
  tensors.set("a", from_floats({1}, {1}));
  EXPECT_EQ(read_checkpoint(to_safetensors(tensors, metadata), "it").metadata, metadata);
}

TEST(WriteSafetensors, OneChangedByteIsNoticed) {
  TensorTable tensors;
  tensors.set("a", from_floats({1, 2, 3}, {3}));
  tensors.set("b", from_floats({4}, {1}));
  std::vector<std::byte> bytes = to_safetensors(tensors, {{"facemorph.arch", "dcgan"}});
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const std::string key = "\"facemorph.checksum\":";
  const std::size_t at = text.find(key);
  ASSERT_NE(at, std::string_view::npos);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i >= at && i < at + key.size()) continue;  // without its name there is none
    bytes[i] ^= std::byte{4};
    EXPECT_THROW(read_checkpoint(bytes, "it"), Error) << "byte " << i;
    bytes[i] ^= std::byte{4};
  }
  EXPECT_NO_THROW(read_checkpoint(bytes, "it"));
}

}  // namespace
}  // namespace facemorph
