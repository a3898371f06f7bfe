#include "base/json.hpp"

#include <gmock/gmock.h>

#include <string>

namespace facemorph {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

auto says(const char* text) {
  return ThrowsMessage<JsonError>(HasSubstr(text));
}

TEST(ParseJson, ReadsWhatJsonIs) {
  const nlohmann::json json = parse_json(R"({"b": [1, 2.5, "x"], "a": null})");
  EXPECT_EQ(json["b"][1], 2.5);
  EXPECT_EQ(parse_ordered_json(R"({"b": 1, "a": 2})").dump(), R"({"b":1,"a":2})");
}

TEST(ParseJson, SaysWhereItStops) {
  EXPECT_THAT([] { parse_json("{\n\"a\": 1,\n oops}"); }, says("it stops being JSON in line 3"));
  EXPECT_THAT([] { parse_json(""); }, says("in line 1"));
  EXPECT_THAT([] { parse_json("[1e999]"); }, says("a number too large"));
}

TEST(ParseJson, IsBounded) {
  const std::string open(1'000'000, '[');
  EXPECT_THAT([&] { parse_json(open + std::string(open.size(), ']')); }, says("32 deep"));
  EXPECT_THAT([&] { parse_json(open); }, says("32 deep"));
  std::string objects;
  for (int i = 0; i < 100'000; ++i)
    objects += "{\"a\":";
  EXPECT_THAT([&] { parse_json(objects); }, says("32 deep"));
  EXPECT_NO_THROW(parse_json("[[[1]]]", {100, 10, 3}));
  EXPECT_THAT([] { parse_json("[[[[1]]]]", {100, 10, 3}); }, says("3 deep"));
  EXPECT_THAT([] { parse_json("[1,2,3,4,5,6,7,8,9,10,11]", {100, 10, 3}); }, says("10 values"));
  EXPECT_THAT([] { parse_json(std::string(3 << 20, ' '), {1 << 20, 10, 3}); }, says("1 MB"));
}

TEST(JsonText, TakesAnyFileNameAndGivesItBack) {
  for (const std::string& name :
       {std::string("plain"), std::string("café/Ω/顔/🙂"), std::string("caf\xE9/x"),
        std::string("\x80\xFF\xC3"), std::string("\xED\xA0\x80 \xF0\x82\x82\xAC \xC0\x80")}) {
    const std::string text = json_text(nlohmann::json{{"recent", {name, 7}}});
    EXPECT_NO_THROW(nlohmann::json::parse(text).dump()) << "sound for every other reader";
    EXPECT_EQ(parse_json(text)["recent"][0], name);
    EXPECT_EQ(parse_json(text)["recent"][1], 7);
  }
  EXPECT_EQ(json_text(nlohmann::ordered_json{{"a", "caf\xE9"}}), "{\"a\":\"caf\xEE\xBF\xA9\"}");
}

}  // namespace
}  // namespace facemorph
