#include "checkpoint/stack/stack_file.hpp"

#include "base/error.hpp"
#include "checkpoint/formats/checkpoint.hpp"
#include "checkpoint/stacks.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <functional>

namespace facemorph {
namespace {

using Json = nlohmann::ordered_json;
using testing::StackMaker;

LayerStack stack() {
  return StackMaker().convolutions();
}

std::string message_of(const std::string& json, const TensorTable& tensors) {
  try {
    stack_from(json, tensors);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

/// What stack_from() says when the description was changed.
std::string message_after(const std::function<void(Json&)>& change) {
  Json json = Json::parse(stack_json(stack()));
  change(json);
  return message_of(json.dump(), stack_tensors(stack()));
}

TensorTable without(const TensorTable& table, const std::string& name) {
  TensorTable rest;
  for (const NamedTensor& entry : table.entries())
    if (entry.name != name) rest.set(entry.name, entry.tensor);
  return rest;
}

TEST(StackFile, EveryStackComesBackEqual) {
  for (const auto& [name, stack] : StackMaker().all())
    EXPECT_TRUE(stack_from(stack_json(stack), stack_tensors(stack)) == stack) << name;
}

TEST(StackFile, ComesBackThroughSafetensors) {
  const LayerStack before = stack();
  const Checkpoint file =
      read_checkpoint(to_safetensors(stack_tensors(before), stack_metadata(before)), "it");
  EXPECT_EQ(file.metadata.at("facemorph.arch"), "stack");
  EXPECT_TRUE(stack_from(file.metadata.at(kStackKey), file.state_dicts.front().tensors) == before);
}

TEST(StackFile, NamesAndSettingsAreForPeople) {
  const TensorTable tensors = stack_tensors(stack());
  EXPECT_EQ(tensors.find("layers.0.weight")->shape, (std::vector<std::int64_t>{6, 8, 4, 4}));
  EXPECT_EQ(tensors.find("layers.0.bias"), nullptr);
  EXPECT_EQ(tensors.find("layers.1.running_var")->shape, std::vector<std::int64_t>{8});
  const std::string json = stack_json(stack());
  EXPECT_THAT(json, ::testing::HasSubstr(R"({"type":"batch_norm","eps":2e-05})"));
  EXPECT_THAT(json, ::testing::HasSubstr(R"("kind":"leaky_relu","slope":0.1})"));
}

TEST(StackFile, HalfPrecisionIsWidened) {
  const LayerStack before = stack();
  TensorTable tensors;
  const TensorTable whole = stack_tensors(before);
  for (const NamedTensor& entry : whole.entries())
    tensors.set(entry.name, convert_floats(entry.tensor, DType::Float16));
  const LayerStack after = stack_from(stack_json(before), tensors);
  const std::vector<float>& ours = std::get<ConvTranspose2dLayer>(after.layers[0]).weight;
  const std::vector<float>& theirs = std::get<ConvTranspose2dLayer>(before.layers[0]).weight;
  EXPECT_THAT(ours, ::testing::Pointwise(::testing::FloatNear(1e-3F), theirs));
}

TEST(StackFile, TensorsMustBeThoseOfTheLayers) {
  const std::string json = stack_json(stack());
  const TensorTable tensors = stack_tensors(stack());
  EXPECT_THAT(message_of(json, without(tensors, "layers.3.weight")),
              ::testing::HasSubstr("lacks the tensor 'layers.3.weight'"));
  TensorTable changed = tensors;
  changed.set("layers.3.weight", from_floats(std::vector<float>(4), {2, 2}));
  EXPECT_THAT(message_of(json, changed), ::testing::HasSubstr("has the shape [2, 2]"));
  changed = tensors;
  changed.set("layers.1.bias", from_floats(std::vector<float>(9), {9}));
  EXPECT_THAT(message_of(json, changed), ::testing::HasSubstr("shift has 9 numbers, not 8"));
  changed.set("layers.1.bias", Tensor{DType::Int64, {8}, std::vector<std::byte>(64)});
  EXPECT_THAT(message_of(json, changed), ::testing::HasSubstr("int64"));
  changed = tensors;
  changed.set("layers.0.biass", from_floats({1}, {1}));
  EXPECT_THAT(message_of(json, changed), ::testing::HasSubstr("'layers.0.biass'"));
}

TEST(StackFile, SettingsMustBePossible) {
  const std::vector<std::pair<std::function<void(Json&)>, std::string>> cases = {
      {[](Json& j) { j["layers"][0]["kernel"] = 1'000'000'000'000; }, "'kernel' of layer 0"},
      {[](Json& j) { j["layers"][0]["kernel"] = "4"; }, "'kernel' of layer 0"},
      {[](Json& j) { j["layers"][0]["kernel"] = 4.5; }, "'kernel' of layer 0"},
      {[](Json& j) { j["layers"][0].erase("stride"); }, "'stride' of layer 0 is missing"},
      {[](Json& j) { j["layers"][12]["stride"] = 1; }, "but the file says [3, 16, 16]"},
      {[](Json& j) { j["layers"][0]["in_channels"] = -1; }, "but its layer has [-1, 8, 4, 4]"},
      {[](Json& j) { j["layers"][1]["eps"] = 1e300; }, "'eps' of layer 1"},
      {[](Json& j) { j["layers"][1]["eps"] = nullptr; }, "'eps' of layer 1"},
      {[](Json& j) { j["layers"][2]["kind"] = "attention"; }, "'attention'"},
      {[](Json& j) { j["layers"][2]["type"] = "attention"; }, "'attention'"},
      {[](Json& j) { j["layers"][5]["reflect"] = 1; }, "'reflect' of layer 5"},
      {[](Json& j) { j["layers"][2] = 7; }, "damaged"},
      {[](Json& j) { j["layers"] = 7; }, "damaged"},
      {[](Json& j) {
         j["layers"][2]["deep"] = {{"er", {{"still", 1}}}};
       },
       "damaged"},
      {[](Json& j) { j.erase("nz"); }, "no reasonable 'nz'"},
      {[](Json& j) { j["image_size"] = 32; }, "but the file says [3, 32, 32]"},
  };
  for (const auto& [change, says] : cases)
    EXPECT_THAT(message_after(change), ::testing::HasSubstr(says));
  for (const std::string text : {"", "[]", "{", "nonsense", "{}"})
    EXPECT_THAT(message_of(text, {}), ::testing::HasSubstr("damaged")) << text;
}

TEST(StackFile, AStackThatCannotRunIsNotWritten) {
  LayerStack wrong = stack();
  wrong.layers.pop_back();
  wrong.layers.emplace_back(UpsampleLayer{2, UpsampleMode::Nearest});
  EXPECT_THROW(stack_json(wrong), Error);
}

}  // namespace
}  // namespace facemorph
