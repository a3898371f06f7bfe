#include "session/session_file.hpp"

#include "base/error.hpp"
#include "base/file_bytes.hpp"
#include "base/files.hpp"
#include "base/temporary_folder.hpp"
#include "session/session_model.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>
#include <random>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::ThrowsMessage;

MorphState rich_state() {
  MorphState state;
  state.model = {"/home/anna/models/netG \"best\".pth", "99aa06d3014798d86001c324468d497f"};
  state.face = {{0.1F, -0.0F, 1e-42F, 3.4e38F, -1.0F / 3.0F, 16777216.0F}, std::nullopt, "Ännä 😀"};
  state.walk = {WalkPath::Spline, Easing::EaseOut, 0.1, 7.5, false, 77};
  state.keys = {{seed_face(42, 6), {0.25, 0, Easing::EaseIn}, {0, 0.75F, 1}},
                {seed_face(~std::uint64_t{0}, 6), {1.0 / 3.0, 1.5, Easing::Linear}, {}},
                {state.face, {7, 0, Easing::Smooth}, {}}};
  state.keys[0].face.name = "first";
  state.walking = true;
  state.playhead = 3.25;
  state.truncation = 0.7F;
  state.sum.terms = {{1.0F, {seed_face(3, 6), state.face}}, {-0.7F, {}}, {2.0F, {seed_face(4, 6)}}};
  state.sum.length = SumLength::Raw;
  state.sum.noise = 0.1F;
  state.directions = {{"smile", {0, 0.6F, 0, 0.8F, 0, 0}}, {"", {1, 0, 0, 0, 0, 0}}};
  state.pad.corners = {seed_face(5, 6), seed_face(6, 6), state.face, seed_face(7, 6)};
  state.pad.x = 0.25F;
  set_track_key(state, {TrackKind::Truncation, {}}, {{0.5, 0, Easing::Smooth}, 0.7F, 0});
  const TrackTarget smile{TrackKind::Direction, state.directions[0]};
  set_track_key(state, smile, {{0, 0, Easing::Linear}, -1.5F, 0});
  set_track_key(state, smile, {{2, 0.5, Easing::Smooth}, 2.0F, 0});
  set_track_key(state, {TrackKind::Pad, {}}, {{0, 0, Easing::Smooth}, 0.1F, 0.9F});
  return state;
}

/// A small session in JSON with one part replaced.
std::string session_with(const std::string& old_part = "", const std::string& new_part = "") {
  std::string text = R"({"format": "facemorph-session", "version": 1,
    "face": {"seed": 1, "nz": 2},
    "keys": [{"seed": 2, "nz": 2}, {"latent": [0.5, 1]}],
    "walk": {"path": "slerp", "easing": "smooth", "seconds_per_face": 2, "loop": true},
    "walking": true, "truncation": 0.5})";
  const std::size_t at = text.find(old_part);
  EXPECT_NE(at, std::string::npos) << old_part;
  return text.replace(at, old_part.size(), new_part);
}

auto reading(const std::string& text) {
  return [text] { from_json_text(text); };
}

auto says(const std::string& text) {
  return ThrowsMessage<Error>(HasSubstr(text));
}

TEST(SessionText, RoundTripIsIdentity) {
  const MorphState state = rich_state();
  EXPECT_EQ(from_json_text(to_json_text(state)), state);
}

TEST(SessionText, KeepsEveryBitOfALatent) {
  std::mt19937 random(1);
  MorphState state;
  while (state.face.latent.size() < 4096) {
    const std::uint32_t bits = static_cast<std::uint32_t>(random());
    float value = 0;
    std::memcpy(&value, &bits, sizeof value);
    if (std::isfinite(value)) state.face.latent.push_back(value);
  }
  const Latent read = from_json_text(to_json_text(state)).face.latent;
  ASSERT_EQ(read.size(), 4096U);
  EXPECT_EQ(std::memcmp(read.data(), state.face.latent.data(), 4096 * sizeof(float)), 0);
}

TEST(SessionText, IsReadable) {
  const std::string text = to_json_text(rich_state());
  EXPECT_THAT(text, HasSubstr(R"("format": "facemorph-session",)"));
  EXPECT_THAT(text,
              HasSubstr("\n    {\"seed\": 18446744073709551615, \"nz\": 6, "
                        "\"at\": 0.3333333333333333, \"hold\": 1.5, \"easing\": \"linear\"},\n"));
  EXPECT_THAT(text, HasSubstr("\"latent\": [0.1, -0.0, "));  // one line, and no 0.10000000149
  EXPECT_THAT(text, HasSubstr("\"truncation\": 0.7,\n"));
}

TEST(SessionText, StoresASeedOnlyWhileItTellsTheTruth) {
  MorphState state;
  state.face = seed_face(42, 100);
  EXPECT_THAT(to_json_text(state), Not(HasSubstr("latent")));
  state.face.latent[3] += 1.0F;  // the seed was left behind by mistake
  const MorphState read = from_json_text(to_json_text(state));
  EXPECT_EQ(read.face.latent, state.face.latent);
  EXPECT_EQ(read.face.seed, std::nullopt);
}

TEST(SessionText, KeepsFileNamesThatJsonCannotHold) {
  MorphState state = rich_state();
  state.model.path = "models/caf\xE9.pth";
  EXPECT_EQ(from_json_text(to_json_text(state)).model.path, state.model.path);
}

TEST(SessionText, MissingFieldsHaveDefaults) {
  const MorphState state = from_json_text(
      R"({"format": "facemorph-session", "version": 1, "face": {"latent": [1, 2.5]}, "later": {}})");
  MorphState expected;
  expected.face.latent = {1.0F, 2.5F};
  EXPECT_EQ(state, expected);
}

TEST(SessionText, AWalkAloneShowsItsFirstFace) {
  const MorphState state = from_json_text(session_with(R"("face": {"seed": 1, "nz": 2},)"));
  EXPECT_EQ(state.face, seed_face(2, 2));
}

TEST(SessionText, RefusesOtherFiles) {
  for (const char* text :
       {"", "nonsense", "[]", "null", "{}", R"({"format": "other"})", "\x89PNG\r\n"})
    EXPECT_THAT(reading(text), says("not a Facemorph session")) << text;
  EXPECT_THAT(reading("{\n\"format\":\n oops}"), says("line 3"));
  EXPECT_THAT(reading(session_with("0.5, 1", "1e999")), says("number too large"));
}

/// Sessions as they were written by each version; tests/python/check_sessions.py holds them against
/// the published schema.
fs::path example(const std::string& name) {
  return fs::path(FACEMORPH_TESTS) / "session" / "examples" / name;
}

TEST(SessionFile, OfTheFirstVersionStillOpens) {
  const MorphState state = load_session(example("version-1.facemorph.json"));
  MorphState expected;
  expected.model = {"models/netG.pth", "99aa06d3014798d86001c324468d497f"};
  expected.face = {{0.1F, -0.0F, 1.5F}, std::nullopt, "Ada"};
  expected.walk = {WalkPath::Linear, Easing::EaseOut, 0.5, 0.5, false, 0};
  expected.keys = {{seed_face(42, 3), {0, 0, Easing::EaseOut}, {}},
                   {seed_face(7, 3), {0.5, 0, Easing::EaseOut}, {}}};
  expected.keys[0].face.name = "first";
  expected.walking = true;
  expected.truncation = 0.7F;
  EXPECT_EQ(state, expected);
}

TEST(SessionFile, OfTheSecondVersionStillOpens) {
  const MorphState state = load_session(example("version-2.facemorph.json"));
  EXPECT_EQ(state.directions, rich_state().directions);
  EXPECT_EQ(state.pad, rich_state().pad);
  ASSERT_EQ(state.keys.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_EQ(state.keys[i].time, (KeyTime{0.1 * static_cast<double>(i), 0, Easing::EaseOut}));
  EXPECT_DOUBLE_EQ(state.walk.length, 0.2) << "an open walk ends with its last face";
}

TEST(SessionText, SaysWhatIsWrongOnTheTimeLine) {
  const auto with = [](const std::string& part) {
    return reading(session_with("\"truncation\": 0.5", part));
  };
  EXPECT_THAT(reading(session_with(R"("latent": [0.5, 1])", R"("latent": [0.5, 1], "at": 0)")),
              says("keys[1].at: must be later"));
  EXPECT_THAT(reading(session_with(R"("latent": [0.5, 1])", R"("latent": [0.5, 1], "hold": -1)")),
              says("keys[1].hold: must be between"));
  EXPECT_THAT(
      reading(session_with(R"("latent": [0.5, 1])", R"("latent": [0.5, 1], "steps": [0, 2, 1])")),
      says("keys[1].steps: must rise"));
  EXPECT_THAT(with(R"("tracks": [{"sets": "mood", "keys": []}])"), says("tracks[0].sets: "));
  EXPECT_THAT(with(R"("tracks": [{"sets": "truncation", "keys": []}])"),
              says("tracks[0].keys: a list of 1 to"));
  EXPECT_THAT(with(R"("tracks": [{"sets": "truncation", "keys": [{"at": 1, "value": 99}]}])"),
              says("tracks[0].keys[0].value: must be between 0 and 10"));
  EXPECT_THAT(with(R"("tracks": [{"sets": "pad", "keys": [{"x": 0, "y": 0}]}])"),
              says("tracks[0]: the session has no pad"));
  EXPECT_THAT(with(R"("tracks": [{"sets": "truncation", "keys": [{"value": 1}]},
                                 {"sets": "truncation", "keys": [{"value": 1}]}])"),
              says("tracks[1]: another track sets the same"));
}

TEST(SessionFile, IsWrittenAsTheExampleOfThisVersion) {
  const TemporaryFolder folder;
  save_session(folder / "now.facemorph.json", rich_state());
  const auto text = [](const fs::path& path) {
    std::ifstream file(path);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  EXPECT_EQ(text(folder / "now.facemorph.json"), text(example("version-3.facemorph.json")));
}

TEST(SessionText, SaysWhatIsWrongInASum) {
  const auto with = [](const std::string& part) {
    return reading(session_with("\"truncation\": 0.5", part));
  };
  EXPECT_THAT(with(R"("sum": {"length": "long"})"), says("sum.length: 'long'"));
  EXPECT_THAT(with(R"("sum": {"noise": -1})"), says("sum.noise: "));
  EXPECT_THAT(with(R"("sum": {"terms": [{"weight": 1e9}]})"), says("sum.terms[0].weight: "));
  EXPECT_THAT(with(R"("sum": {"terms": [{"faces": [{"seed": 1, "nz": 3}]}]})"),
              says("sum.terms[0].faces[0].nz: has 3 values"));
  EXPECT_THAT(with(R"("directions": [{"name": "smile", "vector": [1, 2]}])"),
              says("directions[0].vector: must have length 1"));
  EXPECT_THAT(with(R"("directions": [{"vector": [1, 0, 0]}])"),
              says("directions[0].vector: has 3 values"));
}

TEST(SessionText, RefusesNewerVersions) {
  EXPECT_THAT(reading(session_with("\"version\": 1", "\"version\": 4")),
              says("saved by a newer Facemorph"));
  EXPECT_THAT(reading(session_with("\"version\": 1", "\"version\": 0")), says("version: "));
  EXPECT_THAT(reading(session_with("\"version\": 1", "\"version\": 1.5")), says("version: "));
  EXPECT_THAT(reading(session_with("\"version\": 1,")), says("version: it is missing"));
}

TEST(SessionText, OpensAsFarAsItIsSound) {
  std::vector<std::string> dropped;
  const MorphState state = sound_parts_of(
      session_with(R"({"latent": [0.5, 1]})", R"({"latent": [0.5]}, {"seed": 9, "nz": 2})"),
      dropped);
  ASSERT_EQ(state.keys.size(), 2U);
  EXPECT_EQ(state.keys[0].face, seed_face(2, 2));
  EXPECT_EQ(state.keys[1], (Keyframe{seed_face(9, 2), {2, 0, Easing::Smooth}, {}}));
  ASSERT_EQ(dropped.size(), 1U);
  EXPECT_THAT(dropped[0], HasSubstr("keys[1].latent: has 1 values"));

  dropped.clear();
  const MorphState smooth = sound_parts_of(session_with("\"smooth\"", "\"rough\""), dropped);
  EXPECT_EQ(smooth.walk.easing, Easing::Smooth);
  EXPECT_THAT(dropped.at(0), HasSubstr("'rough' is not known"));

  dropped.clear();
  EXPECT_EQ(from_json_text(session_with()), sound_parts_of(session_with(), dropped));
  EXPECT_TRUE(dropped.empty());
  EXPECT_THAT([&] { sound_parts_of("{}", dropped); }, says("not a Facemorph session"));
}

TEST(SessionText, SaysWhatIsWrongWithAPad) {
  const auto with = [](const std::string& part) {
    return reading(session_with("\"truncation\": 0.5", part));
  };
  EXPECT_THAT(with(R"("pad": {"x": 2})"), says("pad.x: must be between 0 and 1"));
  EXPECT_THAT(with(R"("pad": {"corners": []})"), says("pad.corners: a list of four"));
  EXPECT_THAT(with(R"("pad": {"corners": [{"seed": 1, "nz": 2}, {"seed": 1, "nz": 2},
                                          {"seed": 1, "nz": 2}, {"seed": 1, "nz": 3}]})"),
              says("pad.corners[3]: has 3 values"));
}

TEST(DirectionsText, RoundTripIsIdentityAndChecksTheSize) {
  const std::vector<Direction> directions = {{"smile", {0, 0.6F, 0.8F}}, {"age", {1, 0, 0}}};
  const std::string text = directions_to_text(directions);
  EXPECT_EQ(directions_from_text(text, 3), directions);
  EXPECT_THAT([&] { directions_from_text(text, 4); }, says("directions[0].vector: has 3 values"));
  EXPECT_THAT([&] { directions_from_text(session_with(), 2); }, says("not a model's directions"));
}

TEST(SessionModel, IsFoundWhereItWasOrBesideTheSession) {
  const TemporaryFolder folder;
  const fs::path session = folder.path() / "walk.facemorph.json";
  const auto write = [&](const char* name, const char* text) {
    std::ofstream(folder.path() / name) << text;
    return folder.path() / name;
  };
  EXPECT_EQ(find_session_model({"", ""}, session), std::nullopt) << "the bundled model";
  const fs::path model = write("netG.pth", "weights");
  EXPECT_EQ(find_session_model({model.string(), ""}, session), model);
  EXPECT_EQ(find_session_model({"/elsewhere/netG.pth", ""}, session), model);
  const std::string hash = content_hash(FileBytes(model).bytes());
  write("another.pth", "other weights");
  EXPECT_EQ(find_session_model({"/elsewhere/renamed.pth", hash}, session), model);
  EXPECT_THAT(
      [&] {
        find_session_model({"/elsewhere/lost.pth", "0"}, session);
      },
      says("lost.pth, is not at /elsewhere any more"));
}

struct Fault {
  const char* old_part;
  const char* new_part;
  const char* message;
};

class FaultySession : public testing::TestWithParam<Fault> {};

TEST_P(FaultySession, IsRefusedNamingTheField) {
  const auto& [old_part, new_part, message] = GetParam();
  EXPECT_THAT(reading(session_with(old_part, new_part)), says(message));
}

INSTANTIATE_TEST_SUITE_P(
    All, FaultySession,
    testing::Values(
        Fault{R"({"seed": 1, "nz": 2})", "3", "face: an object"},
        Fault{R"({"seed": 1, "nz": 2})", "{}", "face: a face needs a seed"},
        Fault{R"("seed": 1)", R"("seed": -1)", "face.seed: a whole number"},
        Fault{R"("seed": 1)", R"("seed": 1.0)", "face.seed: a whole number"},
        Fault{R"("seed": 1)", R"("seed": 18446744073709551616)", "face.seed: a whole number"},
        Fault{R"("seed": 1)", R"("seed": true)", "face.seed: a whole number"},
        Fault{R"("seed": 1, "nz": 2)", R"("seed": 1)", "face.nz: it is missing"},
        Fault{R"("nz": 2)", R"("nz": 0)", "face.nz: must be between"},
        Fault{R"("nz": 2)", R"("nz": 4097)", "face.nz: must be between"},
        Fault{R"("nz": 2)", R"("nz": 2, "name": 7)", "face.name: a text"},
        Fault{R"("seed": 2, "nz": 2)", R"("seed": 2, "nz": 3)", "keys[0].nz: has 3 values"},
        Fault{"[0.5, 1]", "[0.5]", "keys[1].latent: has 1 values"},
        Fault{"[0.5, 1]", "[]", "keys[1].latent: a list"},
        Fault{"[0.5, 1]", "7", "keys[1].latent: a list"},
        Fault{"[0.5, 1]", "[0.5, null]", "keys[1].latent[1]: a finite number"},
        Fault{"[0.5, 1]", "[0.5, 1e39]", "keys[1].latent[1]: a finite number"},
        Fault{"[0.5, 1]", "[true, 1]", "keys[1].latent[0]: a finite number"},
        Fault{R"("keys": [)", R"("keys": 1, "k": [)", "keys: a list"},
        Fault{R"("slerp")", R"("zigzag")", "walk.path: 'zigzag' is not known"},
        Fault{R"("smooth")", R"("bumpy")", "walk.easing: 'bumpy' is not known"},
        Fault{R"("smooth")", "null", "walk.easing: a text"},
        Fault{R"("seconds_per_face": 2)", R"("seconds_per_face": 0)",
              "walk.seconds_per_face: must"},
        Fault{R"("seconds_per_face": 2)", R"("seconds_per_face": -1)",
              "walk.seconds_per_face: must"},
        Fault{R"("seconds_per_face": 2)", R"("seconds_per_face": "2")",
              "walk.seconds_per_face: a number"},
        Fault{R"("loop": true)", R"("loop": 1)", "walk.loop: true or false"},
        Fault{R"("walking": true)", R"("walking": "yes")", "walking: true or false"},
        Fault{"0.5}", "-0.5}", "truncation: must"}, Fault{"0.5}", "[]}", "truncation: a number"},
        Fault{R"("walking")", R"("model": 1, "walking")", "model: an object"},
        Fault{R"("walking")", R"("model": {"path": 1}, "walking")", "model.path: a text"}));

TEST(SessionText, RefusesAbsurdSizes) {
  std::string keys = R"({"seed": 2, "nz": 2})";
  for (int i = 0; i < 10'000; ++i)
    keys += R"(,{"seed": 2, "nz": 2})";
  EXPECT_THAT(reading(session_with(R"({"seed": 2, "nz": 2})", keys)),
              says("keys: a list of at most"));
  std::string values = "0.5";
  for (int i = 0; i < 4096; ++i)
    values += ",1";
  EXPECT_THAT(reading(session_with("0.5, 1", values)), says("keys[1].latent: a list of 1 to 4096"));
}

TEST(SessionText, SurvivesDeepNesting) {
  const std::string open(200'000, '[');
  const std::string close(200'000, ']');
  EXPECT_THAT(reading(open), says("not a Facemorph session"));
  EXPECT_THAT(reading(open + close), says("not a Facemorph session"));
  EXPECT_THAT(reading(session_with(R"("walking")", R"("new": )" + open + close + R"(, "walking")")),
              says("nested more than 32 deep"));
  std::string objects;
  for (int i = 0; i < 100'000; ++i)
    objects += R"({"model":)";
  EXPECT_THAT(reading(objects + "1" + std::string(100'000, '}')), says("nested"));
}

TEST(SessionText, BoundsTheFacesOfASum) {
  // Thirty characters a face, and 16 KB of latent each.
  std::string faces = R"({"seed": 1, "nz": 4096})";
  for (int i = 0; i < 6000; ++i)
    faces += R"(,{"seed": 1, "nz": 4096})";
  const std::string term = R"({"weight": 1, "faces": [)" + faces + "]}";
  EXPECT_THAT(reading(R"({"format": "facemorph-session", "version": 3, "sum": {"terms": [)" + term +
                      "," + term + "]}}"),
              says("at most 10000 faces in all"));
}

TEST(SessionText, SurvivesRandomDamage) {
  const std::string whole = to_json_text(rich_state());
  const std::string letters = "{}[]\",:.-+eE0123456789 \n\\truefalsn\xff\0";
  std::mt19937 random(7);
  const auto below = [&](std::size_t limit) { return random() % limit; };
  for (int round = 0; round < 5000; ++round) {
    std::string text = whole;
    for (std::size_t i = 0; i <= below(4); ++i) {
      const std::size_t at = below(text.size());
      switch (below(3)) {
        case 0:
          text[at] = letters[below(letters.size())];
          break;
        case 1:
          text.erase(at, 1 + below(20));
          break;
        default:
          text.insert(at, text, below(text.size()), below(20));
          break;
      }
    }
    try {
      const MorphState state = from_json_text(text);  // some damage is harmless
      EXPECT_EQ(from_json_text(to_json_text(state)), state);
    } catch (const Error&) {
    }
  }
}

TEST(SessionFile, SavesAndLoads) {
  const TemporaryFolder folder;
  save_session(folder / "walk.facemorph.json", rich_state());
  EXPECT_EQ(load_session(folder / "walk.facemorph.json"), rich_state());
}

TEST(SessionFile, NeverReplacesAGoodFileByOneThatWillNotOpen) {
  const TemporaryFolder folder;
  save_session(folder / "walk.facemorph.json", rich_state());
  MorphState broken = rich_state();
  broken.keys[2].face.latent[1] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT([&] { save_session(folder / "walk.facemorph.json", broken); },
              ThrowsMessage<Error>(
                  AllOf(HasSubstr("walk.facemorph.json"), HasSubstr("keys[2].latent[1]"))));
  EXPECT_THAT([&] { save_session(folder / "walk.facemorph.json", MorphState()); }, says("face: "));
  EXPECT_EQ(load_session(folder / "walk.facemorph.json"), rich_state());
}

TEST(SessionFile, ErrorsNameThePath) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "other.json", "{}");
  EXPECT_THAT(
      [&] { load_session(folder / "other.json"); },
      ThrowsMessage<Error>(AllOf(HasSubstr("other.json"), HasSubstr("not a Facemorph session"))));
  EXPECT_THAT([&] { load_session(folder / "missing.json"); }, says("missing.json does not exist"));
}

}  // namespace
}  // namespace facemorph
