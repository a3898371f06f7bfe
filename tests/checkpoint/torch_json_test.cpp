#include "base/error.hpp"
#include "checkpoint/formats/checkpoint.hpp"
#include "checkpoint/formats/zip_archive.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

namespace facemorph {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using namespace std::string_view_literals;

std::vector<std::byte> bytes_of(std::string_view text) {
  const auto* data = reinterpret_cast<const std::byte*>(text.data());
  return {data, data + text.size()};
}

std::vector<std::byte> bytes_of(const std::vector<float>& values) {
  std::vector<std::byte> bytes(values.size() * sizeof(float));
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

constexpr const char* kModel = R"({"protoVersion":"3","mainModule":{"submodules":[
  {"name":"0","parameters":[{"isBuffer":false,"tensorId":"0","name":"weight"}]},
  {"name":"1","parameters":[{"isBuffer":false,"tensorId":"1","name":"weight"}],
   "attributes":[{"type":"Tensor","name":"running_mean","id":"0"},
                 {"type":"int","name":"steps","id":"1"}]}],"name":"net"},
  "producerName":"pytorch","producerVersion":"1.0","tensors":[
  {"dims":["2","2"],"offset":"0","strides":["2","1"],"dataType":"FLOAT","data":{"key":"tensors/0"}},
  {"dims":["2"],"offset":"1","strides":["1"],"dataType":"FLOAT","data":{"key":"tensors/1"}},
  {"dims":["2"],"offset":"0","strides":["1"],"dataType":"FLOAT","data":{"key":"tensors/2"}}]})";

/// (build_tensor_from_id(2), 7) as LibTorch pickled attributes.
constexpr std::string_view kAttributes =
    "\x80\x02(ctorch.jit._pickle\nbuild_tensor_from_id\nq\0(K\x02tRK\x07t."sv;

/// An archive of LibTorch 1.0 to 1.3.
std::vector<std::byte> archive(const std::string& model = kModel) {
  ZipWriter writer;
  writer.add("net/version", bytes_of("1\n"));
  writer.add("net/attributes.pkl", bytes_of(kAttributes));
  writer.add("net/tensors/0", bytes_of(std::vector<float>{1, 2, 3, 4}));
  writer.add("net/tensors/1", bytes_of(std::vector<float>{5, 6, 7}));
  writer.add("net/tensors/2", bytes_of(std::vector<float>{8, 9}));
  writer.add("net/model.json", bytes_of(std::string_view(model)));
  return writer.finish();
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string message_of(const std::string& model) {
  try {
    read_checkpoint(archive(model), "net.pt");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(TorchJson, ParametersAndAttributesAreTensors) {
  const Checkpoint checkpoint = read_checkpoint(archive(), "net.pt");
  EXPECT_EQ(checkpoint.container, Container::CppArchive);
  const TensorTable& tensors = checkpoint.state_dicts.at(0).tensors;
  EXPECT_EQ(tensors.find("0.weight")->shape, (std::vector<std::int64_t>{2, 2}));
  EXPECT_THAT(to_floats(*tensors.find("0.weight")), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(to_floats(*tensors.find("1.weight")), ElementsAre(6, 7));
  EXPECT_THAT(to_floats(*tensors.find("1.running_mean")), ElementsAre(8, 9));
  EXPECT_EQ(tensors.find("1.steps"), nullptr);
}

TEST(TorchJson, DamagedOnesAreRefused) {
  EXPECT_THAT(message_of("{ torn"), HasSubstr("stops being JSON"));
  EXPECT_THAT(message_of(replaced(kModel, "\"tensorId\":\"1\"", "\"tensorId\":\"9\"")),
              HasSubstr("'1.weight' is missing"));
  EXPECT_THAT(message_of(replaced(kModel, "\"id\":\"0\"", "\"id\":\"5\"")),
              HasSubstr("attribute is missing"));
  EXPECT_THAT(message_of(replaced(kModel, "\"offset\":\"1\"", "\"offset\":\"2\"")),
              HasSubstr("outside its data"));
  EXPECT_THAT(message_of(replaced(kModel, "\"dims\":[\"2\",\"2\"]", "\"dims\":[\"x\",\"2\"]")),
              HasSubstr("number is missing"));
  EXPECT_THAT(message_of(replaced(kModel, "FLOAT", "ROSE")), HasSubstr("'ROSE'"));
  EXPECT_THAT(message_of(replaced(kModel, "tensors/2", "tensors/7")), HasSubstr("net.pt"));
  EXPECT_THAT(message_of(std::string(100'000, '[')), HasSubstr("nested more than 64 deep"));
}

}  // namespace
}  // namespace facemorph
