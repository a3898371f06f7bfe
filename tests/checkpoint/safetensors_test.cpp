#include "base/error.hpp"
#include "checkpoint/formats/checkpoint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

namespace facemorph {
namespace {

std::vector<std::byte> file_of(const std::string& header, std::size_t data_size) {
  std::vector<std::byte> bytes(8 + header.size() + data_size);
  const std::uint64_t length = header.size();
  std::memcpy(bytes.data(), &length, 8);
  std::memcpy(bytes.data() + 8, header.data(), header.size());
  return bytes;
}

std::string message_of(const std::string& header, std::size_t data_size) {
  try {
    read_checkpoint(file_of(header, data_size), "it");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

std::string tensor(const std::string& dtype, const std::string& shape, const std::string& place) {
  return R"({"w":{"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":)" + place +
         "}}";
}

TEST(Safetensors, ReadsTensorsInTheHeadersOrder) {
  const Checkpoint checkpoint = read_checkpoint(
      file_of(R"({"b":{"dtype":"F16","shape":[2],"data_offsets":[4,8]},)"
              R"("a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},)"
              R"("module.empty":{"dtype":"I64","shape":[0,3],"data_offsets":[8,8]}}   )",
              8),
      "it");
  const auto& entries = checkpoint.state_dicts.front().tensors.entries();
  ASSERT_EQ(entries.size(), 3U);
  EXPECT_EQ(entries[0].name, "b");
  EXPECT_EQ(entries[1].name, "a");
  EXPECT_EQ(entries[2].name, "empty");
  EXPECT_EQ(entries[2].tensor.shape, (std::vector<std::int64_t>{0, 3}));
}

TEST(Safetensors, BelievesNoNumberBeforeItIsChecked) {
  const std::vector<std::tuple<std::string, std::string>> cases = {
      {tensor("F32", "[3]", "[0,12]"), "larger than the file"},
      {tensor("F32", "[2]", "[4,12]"), "beyond the file's end"},
      {tensor("F32", "[1]", "[4,0]"), "beyond the file's end"},
      {tensor("F32", "[1]", "[0,8]"), "another size"},
      {tensor("F32", "[4294967296,4294967296,4294967296]", "[0,0]"), "larger than the file"},
      {tensor("F32", "[-1]", "[0,4]"), "impossible shape"},
      {tensor("F32", "[1.5]", "[0,4]"), "impossible shape"},
      {tensor("F32", "[1]", "[0]"), "no place"},
      {tensor("F32", "[1]", "[-4,0]"), "no place"},
      {tensor("F8_E4M3", "[4]", "[0,4]"), "F8_E4M3"},
      {tensor("F32", "{}", "7"), "no place"},
      {R"({"w":7})", "not described"},
      {R"({"w":{}})", "not that of tensors"},
      {R"({"w":)", "not JSON"},
      {R"({})", "no tensors"},
      {R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
       R"("w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
       "one name"},
      {R"({"v":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
       R"("w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
       "overlaps"},
  };
  for (const auto& [header, says] : cases)
    EXPECT_THAT(message_of(header, 8), ::testing::HasSubstr(says)) << header;
}

}  // namespace
}  // namespace facemorph
