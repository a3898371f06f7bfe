#include "base/error.hpp"
#include "base/file_bytes.hpp"
#include "base/files.hpp"
#include "base/temporary_folder.hpp"
#include "pictures/image.hpp"
#include "pictures/test_images.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace facemorph {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

std::string bytes_of(const std::filesystem::path& path) {
  const FileBytes file(path);
  return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

auto reading(const std::filesystem::path& path) {
  return [path] { read_png(path); };
}

TEST(Png, RoundTripIsIdentity) {
  const TemporaryFolder folder;
  for (const auto& [width, height] : {std::pair{1, 1}, {64, 64}, {3, 100}, {257, 1}}) {
    const Image image = noise(width, height);
    write_png(folder / "face.png", image);
    EXPECT_EQ(read_png(folder / "face.png"), image);
  }
}

TEST(Png, CarriesTexts) {
  const TemporaryFolder folder;
  const PngTexts texts = {{"face", "{\"name\": \"Ännä\"}"}, {"model", std::string(5000, 'x')}};
  write_png(folder / "face.png", noise(8, 8), texts);
  EXPECT_EQ(read_png_texts(folder / "face.png"), texts);
  EXPECT_EQ(read_png(folder / "face.png"), noise(8, 8)) << "libpng checks the chunks' sums";
  write_png(folder / "plain.png", noise(8, 8));
  EXPECT_TRUE(read_png_texts(folder / "plain.png").empty());
}

TEST(Png, DamagedTextsEndTheList) {
  const TemporaryFolder folder;
  write_png(folder / "face.png", noise(8, 8), {{"face", "somebody"}});
  const std::string good = bytes_of(folder / "face.png");
  std::mt19937 random(1);
  for (int i = 0; i < 2000; ++i) {
    std::string bad = good.substr(0, i % 3 == 0 ? random() % good.size() : good.size());
    for (int k = 0; k < 3 && !bad.empty(); ++k)
      bad[random() % bad.size()] = static_cast<char>(random());
    write_file_atomically(folder / "bad.png", bad);
    try {
      EXPECT_LE(read_png_texts(folder / "bad.png").size(), 1U);
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("bad.png"));
    }
  }
}

TEST(Png, DropsAlpha) {
  const TemporaryFolder folder;
  Image image = solid(2, 2, 10, 20, 30);
  image.rgba[3] = 0;
  write_png(folder / "face.png", image);
  EXPECT_EQ(read_png(folder / "face.png"), solid(2, 2, 10, 20, 30));
}

TEST(Png, RefusesOtherFiles) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "text.png", "this is no picture");
  EXPECT_THAT(reading(folder / "text.png"),
              ThrowsMessage<Error>(AllOf(HasSubstr("text.png"), HasSubstr("not a PNG picture"))));
  EXPECT_THAT(reading(folder / "missing.png"), ThrowsMessage<Error>(HasSubstr("does not exist")));
}

TEST(Png, RefusesSizesThatTheFileCannotHold) {
  const TemporaryFolder folder;
  write_png(folder / "face.png", noise(8, 8));
  std::string bytes = bytes_of(folder / "face.png");
  bytes.replace(16, 8, std::string("\0\0\x3f\xff\0\0\x3f\xff", 8));  // says 16383 x 16383
  write_file_atomically(folder / "wrong-sum.png", bytes);
  EXPECT_THROW(reading(folder / "wrong-sum.png")(), Error);
  bytes.replace(29, 4, std::string("\x54\xd3\xfd\xfc", 4));  // the IHDR checksum of that
  write_file_atomically(folder / "huge.png", bytes);
  EXPECT_THAT(reading(folder / "huge.png"),
              ThrowsMessage<Error>(HasSubstr("too short for its size")));
}

TEST(Png, SaysWhenAFileIsCutOff) {
  const TemporaryFolder folder;
  write_png(folder / "face.png", noise(64, 64));
  const std::string bytes = bytes_of(folder / "face.png");
  write_file_atomically(folder / "torn.png", bytes.substr(0, bytes.size() / 2));
  EXPECT_THAT(reading(folder / "torn.png"), ThrowsMessage<Error>(HasSubstr("damaged PNG picture")));
}

TEST(Png, SurvivesRandomDamage) {
  const TemporaryFolder folder;
  write_png(folder / "face.png", noise(16, 16));
  const std::string whole = bytes_of(folder / "face.png");
  std::mt19937 random(3);
  for (int round = 0; round < 300; ++round) {
    std::string bytes = whole;
    for (int i = 0; i < 3; ++i)
      bytes[random() % bytes.size()] = static_cast<char>(random());
    if (round % 3 == 0) bytes.resize(1 + random() % bytes.size());
    write_file_atomically(folder / "bad.png", bytes);
    try {
      const Image image = read_png(folder / "bad.png");
      EXPECT_EQ(image.rgba.size(), static_cast<std::size_t>(image.width * image.height * 4));
    } catch (const Error&) {
    }
  }
}

TEST(Png, SaysWhereItCouldNotWrite) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "file", "x");
  EXPECT_THAT([&] { write_png(folder / "file/face.png", noise(4, 4)); },
              ThrowsMessage<Error>(HasSubstr("face.png could not be written")));
}

}  // namespace
}  // namespace facemorph
