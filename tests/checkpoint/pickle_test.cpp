#include "checkpoint/pickle/pickle.hpp"

#include "base/error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

namespace facemorph::pickle {
namespace {

using namespace std::string_literals;

Document parse_text(const std::string& code, bool script = false) {
  return parse(std::as_bytes(std::span(code)), script);
}

template <typename T>
T root_as(const std::string& code) {
  const Document document = parse_text(code);
  return std::get<T>(document.at(document.root));
}

std::string message_of(const std::string& code, bool script = false) {
  try {
    parse_text(code, script);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Pickle, ReadsNumbersOfEveryWidth) {
  EXPECT_EQ(root_as<std::int64_t>("K\x07."), 7);
  EXPECT_EQ(root_as<std::int64_t>("M\x01\x02."), 0x0201);
  EXPECT_EQ(root_as<std::int64_t>("J\xfe\xff\xff\xff."), -2);
  EXPECT_EQ(root_as<std::int64_t>("\x8a\x02\x00\xff."s), -256);
  EXPECT_EQ(root_as<std::int64_t>("\x8a\x00."s), 0);
  EXPECT_EQ(root_as<std::int64_t>("L-12L\n."), -12);
  EXPECT_EQ(root_as<double>("G\x3f\xf8\x00\x00\x00\x00\x00\x00."s), 1.5);
  EXPECT_EQ(root_as<double>("F0.25\n."), 0.25);
  EXPECT_TRUE(root_as<bool>("\x88."));
  EXPECT_FALSE(root_as<bool>("I00\n."));
}

TEST(Pickle, NumbersBeyond64BitsAreKnownAsSuch) {
  root_as<BigInt>(
      "\x8a\x09"
      "123456789.");
  root_as<BigInt>("I123456789012345678901234567890\n.");
}

TEST(Pickle, ReadsTextsOfEveryKind) {
  EXPECT_EQ(root_as<std::string>("X\x02\x00\x00\x00hi."s), "hi");
  EXPECT_EQ(root_as<std::string>("\x8c\x02hi."), "hi");
  EXPECT_EQ(root_as<std::string>("U\x02hi."), "hi");
  EXPECT_EQ(root_as<std::string>("S'hi'\n."), "hi");
  EXPECT_EQ(root_as<std::string>("Vhi\n."), "hi");
}

TEST(Pickle, MemoAndDictionariesKeepOrderAndIdentity) {
  const Document document = parse_text(
      "}q\x05(U\x01"
      "aK\x01U\x01"
      "bh\x05u.");
  const auto* dict = document.get_if<Dict>(document.root);
  ASSERT_NE(dict, nullptr);
  ASSERT_EQ(dict->items.size(), 2U);
  EXPECT_EQ(*document.get_if<std::string>(dict->items[0].first), "a");
  EXPECT_EQ(dict->items[1].second, document.root);  // it holds itself
}

TEST(Pickle, SaysWhereItStops) {
  EXPECT_EQ(parse_text("K\x01.and more").consumed, 3U);
}

TEST(Pickle, ScriptClassesAreInertObjectsWithAttributes) {
  const Document document = parse_text(
      "c__torch__\nNet\n)\x81}U\x01"
      "aK\x01sb.",
      /*script=*/true);
  const auto* object = document.get_if<Object>(document.root);
  ASSERT_NE(object, nullptr);
  EXPECT_EQ(document.get_if<Dict>(object->state)->items.size(), 1U);
}

TEST(Pickle, NamesWhatItRefusesEvenWhenNothingCallsIt) {
  EXPECT_THAT(message_of("cos\nsystem\n."), ::testing::HasSubstr("\"os.system\""));
  EXPECT_THAT(message_of("\x8c\x02os\x8c\x06system\x93."), ::testing::HasSubstr("\"os.system\""));
  EXPECT_THAT(message_of("cos\nsystem\n.", true), ::testing::HasSubstr("\"os.system\""));
  EXPECT_THAT(message_of("c__torch__\nNet\n."), ::testing::HasSubstr("\"__torch__.Net\""));
  EXPECT_THAT(message_of("cbuiltins\ngetattr\n."), ::testing::HasSubstr("\"builtins.getattr\""));
  EXPECT_THAT(message_of("ctorch\nload\n."), ::testing::HasSubstr("\"torch.load\""));
}

TEST(Pickle, RefusesWhatCannotBe) {
  for (const std::string& code : {
           ""s,               // ends at once
           "."s,              // leaves nothing
           "K\x01"s,          // no STOP
           "(."s,             // leaves a mark
           "0."s,             // pops nothing
           "t."s,             // no mark
           "h\x01."s,         // no such memo
           "gx\n."s,          // not a memo number
           "]K\x01K\x02s."s,  // sets an item of a list
           "}K\x01"
           "a."s,                      // appends to a dictionary
           "}(K\x01u."s,               // half an item
           "K\x01)R."s,                // calls a number
           "ctorch\nfloat32\n)R."s,    // calls a type
           "K\x01Q."s,                 // a storage that is a number
           "X\xff\xff\xff\xff."s,      // a text of 4 GB
           "X\x01\x00\x00\x00\xff."s,  // not UTF-8
           "Ix\n."s,                   // not a number
           "\xc0."s,                   // no such instruction
           "ctorch._utils\n_rebuild_tensor_v2\n(K\x01K\x01K\x01K\x01tR."s,
       })
    EXPECT_THROW(parse_text(code), Error) << ::testing::PrintToString(code);
}

TEST(Pickle, BoundsWhatASmallInstructionCanMake) {
  // Doubles a tuple of references at every step: 2^60 if nobody counted.
  std::string doubling = "]";
  for (int i = 0; i < 60; ++i)
    doubling += "2\x86";
  EXPECT_NO_THROW(parse_text(doubling + "."));  // sharing costs nothing
  // Copies one long list over and over.
  std::string copies = "(" + std::string(1000, ']') + "lq\x01";
  for (int i = 0; i < 10'000; ++i)
    copies += "ccollections\nOrderedDict\n(h\x01tR";
  EXPECT_THROW(parse_text(copies + "."), Error);
  EXPECT_THROW(parse_text(std::string(2'000'000, ']') + "."), Error);
  EXPECT_THROW(parse_text("]" + std::string(5'000'000, '2') + "."), Error);
}

}  // namespace
}  // namespace facemorph::pickle
