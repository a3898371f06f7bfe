#include "base/error.hpp"
#include "checkpoint/onnx/onnx_builder.hpp"
#include "checkpoint/onnx/onnx_reader.hpp"
#include "checkpoint/onnx/onnx_writer.hpp"
#include "checkpoint/onnx_files.hpp"
#include "checkpoint/stack/stack_check.hpp"
#include "checkpoint/stacks.hpp"

#include <gmock/gmock.h>

#include <random>

namespace facemorph {
namespace {

using Bytes = std::vector<std::byte>;
using ::testing::HasSubstr;
using testing::onnx_bytes;

std::string message_of(std::span<const std::byte> bytes) {
  try {
    read_onnx(bytes);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

std::vector<std::string> types_of(const LayerStack& stack) {
  std::vector<std::string> types;
  for (const Layer& layer : stack.layers)
    types.emplace_back(layer_type(layer));
  return types;
}

TEST(Onnx, EveryExportIsOpened) {
  for (const auto& entry : testing::onnx_index()) {
    const std::string file = entry.at("file");
    const Bytes bytes = onnx_bytes(file);
    EXPECT_TRUE(looks_like_onnx(bytes)) << file;
    EXPECT_EQ(message_of(bytes), "") << file;
  }
}

TEST(Onnx, LayersAreThoseOfTheNetwork) {
  for (const char* file : {"modern-11-dynamic-unfolded.onnx", "modern-13-fixed.onnx"}) {
    const LayerStack stack = read_onnx(onnx_bytes(file));
    EXPECT_THAT(
        types_of(stack),
        ::testing::ElementsAre("linear", "activation", "reshape", "upsample", "conv2d",
                               "group_norm", "activation", "upsample", "conv2d", "group_norm",
                               "activation", "conv2d", "activation", "scale", "scale", "scale"))
        << file;
    EXPECT_EQ(std::get<ActivationLayer>(stack.layers[1]).kind, Activation::Silu);
    EXPECT_EQ(std::get<ActivationLayer>(stack.layers[6]).kind, Activation::Gelu);
    EXPECT_EQ(std::get<GroupNormLayer>(stack.layers[5]).groups, 4);
    EXPECT_TRUE(std::get<Conv2dLayer>(stack.layers[8]).reflect);
    EXPECT_EQ(std::get<Conv2dLayer>(stack.layers[11]).padding, 2);
  }
}

TEST(Onnx, WhatIsWrittenComesBackEqual) {
  testing::StackMaker make;
  for (const LayerStack& stack :
       {make.convolutions(), make.upsampling(), make.decomposed(), make.perceptron()}) {
    const Bytes bytes = to_onnx(stack);
    EXPECT_TRUE(looks_like_onnx(bytes));
    const LayerStack again = read_onnx(bytes);
    EXPECT_EQ(types_of(again), types_of(stack));
    EXPECT_TRUE(again == stack);
  }
}

TEST(Onnx, WhatOnnxHasInPartsOnlyIsWrittenButNotReadBack) {
  const Bytes bytes = to_onnx(testing::StackMaker().unusual());
  EXPECT_TRUE(looks_like_onnx(bytes));
  EXPECT_THAT(message_of(bytes), HasSubstr("(ReduceL2)"));
}

TEST(Onnx, OtherNetworksAreRefusedByTheNodeOrTheirShape) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"residual.onnx", "(Add) adds the results of two layers"},
      {"labelled.onnx", "takes 2 inputs ('z', 'label')"},
      {"attention.onnx", "(Softmax) is of a kind that Facemorph's layers lack"},
      {"judge.onnx", "gives one number, as discriminators do"},
      {"discriminator.onnx", "takes pictures of the shape [-1, 3, 8, 8]"},
  };
  for (const auto& [file, says] : cases)
    EXPECT_THAT(message_of(onnx_bytes(file)), HasSubstr(says)) << file;
}

/// A network whose one weight [4, 1, 4, 4] is used `times` times, after a change to it.
Bytes network(int times, void (*change)(protobuf::Writer&), std::size_t weights = 64) {
  onnx::Builder builder("latent", {-1, 4, 1, 1});
  builder.set_prefix("it");
  const std::vector<float> values(weights);
  const std::string weight = builder.floats("weight", values, {4, 1, 4, 4});
  std::string x = "latent";
  for (int i = 0; i < times; ++i)
    x = builder.node("ConvTranspose", {x, weight});
  Bytes bytes = builder.finish(x, "image", {-1, 1, 4, 4});
  protobuf::Writer graph;
  if (change == nullptr) return bytes;
  protobuf::Writer tensor;
  tensor.text(8, "other");
  change(tensor);
  graph.message(5, tensor);
  protobuf::Writer model;
  model.varint(1, 7);
  model.message(7, graph);
  return model.finish();
}

TEST(Onnx, BelievesNoShapeAndFollowsNoOtherFile) {
  EXPECT_EQ(message_of(network(1, nullptr)), "");
  EXPECT_THAT(message_of(network(1, nullptr, 63)), HasSubstr("another size than its shape says"));
  EXPECT_THAT(message_of(network(2, nullptr)),
              HasSubstr("'it.ConvTranspose.1' (ConvTranspose) does not fit: it takes 4 channels"));
  EXPECT_THAT(message_of(network(1,
                                 [](protobuf::Writer& tensor) {
                                   tensor.varint(2, 1);
                                   tensor.varint(14, 1);
                                 })),
              HasSubstr("'other' in another file (external data)"));
  EXPECT_THAT(message_of(network(1,
                                 [](protobuf::Writer& tensor) {
                                   for (int i = 0; i < 4; ++i)
                                     tensor.varint(1, 1U << 30U);
                                   tensor.varint(2, 1);
                                 })),
              HasSubstr("'other' is far too large"));
}

TEST(Onnx, OtherFilesDoNotLookLikeIt) {
  for (const std::string& text :
       {std::string(), std::string("\x08\x07", 2), std::string("PK\x03\x04"),
        std::string("\x80\x02}q\x01."),
        std::string("\x08\x00\x00\x00\x00\x00\x00\x00{\"a\":1}", 15),
        std::string("\x08\x07\x3a\x02\x08\x01", 6), std::string(64, '\x08')})
    EXPECT_FALSE(looks_like_onnx(std::as_bytes(std::span(text)))) << text;
}

TEST(Onnx, TruncatedFilesAreErrorsAndStillOnnx) {
  const Bytes whole = onnx_bytes("tutorial-13-fixed.onnx");
  for (std::size_t size = 64; size < whole.size(); size += 97) {
    const auto torn = std::span(whole).first(size);
    EXPECT_TRUE(looks_like_onnx(torn)) << size;
    EXPECT_THROW(read_onnx(torn), Error) << size;
  }
}

TEST(Onnx, DamagedFilesAreErrorsOrHarmless) {
  int refused = 0;
  for (const char* file :
       {"tutorial-13-fixed.onnx", "modern-11-dynamic-unfolded.onnx", "shuffle-11-dynamic.onnx"}) {
    const Bytes whole = onnx_bytes(file);
    for (unsigned seed = 1; seed <= 1500; ++seed) {
      std::minstd_rand random(seed);
      Bytes bytes = whole;
      for (int edits = 0; edits < 3; ++edits) {
        // Names and numbers of nodes stand in front of the weights and between them.
        const std::size_t end =
            random() % 2 == 0 ? bytes.size() : std::min<std::size_t>(bytes.size(), 6000);
        bytes[random() % end] = static_cast<std::byte>(random() % 256);
      }
      if (!message_of(bytes).empty()) ++refused;
    }
  }
  EXPECT_GT(refused, 500);
}

}  // namespace
}  // namespace facemorph
