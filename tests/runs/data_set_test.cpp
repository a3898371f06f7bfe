#include "runs/data_set.hpp"

#include "base/error.hpp"
#include "base/temporary_folder.hpp"
#include "pictures/test_images.hpp"
#include "runs/fixtures.hpp"

#include <gmock/gmock.h>

#include <fstream>

namespace facemorph {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;
using testing::training_folder;

DataSetOptions options_of(int size) {
  DataSetOptions options;
  options.image_size = size;
  return options;
}

void write_text(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

/// Left half red, right half blue; the top row white.
Image two_halves(int width, int height) {
  Image image{width, height, {}};
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const bool left = x < width / 2;
      const std::array<std::uint8_t, 4> pixel =
          y == 0 ? std::array<std::uint8_t, 4>{255, 255, 255, 255}
                 : std::array<std::uint8_t, 4>{static_cast<std::uint8_t>(left ? 255 : 0), 0,
                                               static_cast<std::uint8_t>(left ? 0 : 255), 255};
      image.rgba.insert(image.rgba.end(), pixel.begin(), pixel.end());
    }
  return image;
}

TEST(DataSet, ReadsAFolderInTheOrderOfItsNames) {
  const DataSet set(training_folder() / "pictures", options_of(32));
  ASSERT_EQ(set.size(), 24U);
  EXPECT_EQ(set.name(0), "00.png");
  EXPECT_EQ(set.name(23), "23.png");
  EXPECT_TRUE(set.skipped().empty());
  EXPECT_EQ(set.bytes(), 24U * 3 * 32 * 32);
  EXPECT_EQ(set.image(5), read_png(training_folder() / "pictures" / "05.png"));
}

TEST(DataSet, ArchivesHoldTheSamePictures) {
  const DataSet folder(training_folder() / "pictures", options_of(32));
  for (const char* name : {"pictures.zip", "pictures.tar.gz"}) {
    SCOPED_TRACE(name);
    const DataSet archive(training_folder() / name, options_of(32));
    ASSERT_EQ(archive.size(), folder.size());
    std::vector<std::pair<std::string, std::size_t>> order;  // an archive has one of its own
    for (std::size_t i = 0; i < archive.size(); ++i)
      order.emplace_back(fs::path(archive.name(i)).filename(), i);
    std::ranges::sort(order);
    for (std::size_t i = 0; i < folder.size(); ++i)
      EXPECT_EQ(archive.image(order[i].second), folder.image(i));
  }
}

TEST(DataSet, SubfoldersCountAndBrokenPicturesAreListed) {
  const TemporaryFolder folder;
  write_png(folder / "a/b/deep.png", two_halves(40, 40));
  write_png(folder / "top.PNG", two_halves(40, 40));
  write_text(folder / "notes.txt", "not a picture");
  write_text(folder / ".hidden/secret.png", "hidden");
  write_text(folder / "__MACOSX/._top.png", "hidden too");
  write_text(folder / "broken.png", "\x89PNG nothing more");
  write_text(folder / "empty.jpg", "");
  write_text(folder / "text.webp", "just text");
  const DataSet set(folder.path(), options_of(32));
  ASSERT_EQ(set.size(), 2U);
  EXPECT_EQ(set.name(0), "a/b/deep.png");
  EXPECT_EQ(set.name(1), "top.PNG");
  EXPECT_EQ(set.other_files(), 1U);
  ASSERT_EQ(set.skipped().size(), 3U);
  EXPECT_EQ(set.skipped()[0].name, "broken.png");
  EXPECT_THAT(set.skipped()[0].reason, HasSubstr("PNG"));
  EXPECT_EQ(set.skipped()[1].name, "empty.jpg");
  EXPECT_THAT(set.skipped()[1].reason, HasSubstr("empty"));
  EXPECT_THAT(set.skipped()[2].reason, HasSubstr("not a JPEG, PNG or WebP"));
}

TEST(DataSet, CropsTheCentreOrSqueezesTheWhole) {
  const TemporaryFolder folder;
  write_png(folder / "wide.png", two_halves(128, 32));
  DataSetOptions options = options_of(32);
  const Image centre = DataSet(folder.path(), options).image(0);
  EXPECT_EQ(centre.rgba[4 * (32 * 16 + 4)], 255);       // red on the left
  EXPECT_EQ(centre.rgba[4 * (32 * 16 + 28) + 2], 255);  // blue on the right
  // The border between the halves is as sharp as in the picture, unlike when it is squeezed.
  EXPECT_EQ(centre.rgba[4 * (32 * 16 + 15)], 255);
  EXPECT_EQ(centre.rgba[4 * (32 * 16 + 16)], 0);
  options.crop = Crop::None;
  const Image whole = DataSet(folder.path(), options).image(0);
  EXPECT_EQ(whole.width, 32);
  EXPECT_NE(whole, centre);
  EXPECT_EQ(whole.rgba[4 * (32 * 16 + 4)], 255);
}

TEST(DataSet, PanoramasAreReadWhicheverWayTheyLie) {
  const TemporaryFolder folder;
  write_png(folder / "wide.png", two_halves(20'000, 300));
  write_png(folder / "tall.png", two_halves(300, 20'000));
  for (const Crop crop : {Crop::Centre, Crop::None}) {
    DataSetOptions options = options_of(256);
    options.crop = crop;
    const DataSet set(folder.path(), options);
    EXPECT_TRUE(set.skipped().empty());
    ASSERT_EQ(set.size(), 2U);
    for (std::size_t i = 0; i < 2; ++i) {
      EXPECT_EQ(value_at(set.image(i), 40, 128, 0), 255) << set.name(i);
      EXPECT_EQ(value_at(set.image(i), 215, 128, 2), 255) << set.name(i);
    }
  }
}

TEST(DataSet, GreyIsTheLumaOfTheColours) {
  const TemporaryFolder folder;
  write_png(folder / "a.png", two_halves(32, 32));
  DataSetOptions options = options_of(32);
  options.channels = 1;
  const DataSet set(folder.path(), options);
  EXPECT_EQ(set.bytes(), 32U * 32);
  EXPECT_EQ(set.read(0)[32 * 16 + 2], 76);   // 0.299 * 255
  EXPECT_EQ(set.read(0)[32 * 16 + 30], 29);  // 0.114 * 255
  EXPECT_EQ(set.read(0)[5], 255);
}

TEST(DataSet, NothingThereIsAnErrorThatSaysWhatWasLookedFor) {
  const TemporaryFolder folder;
  const auto reading = [](const fs::path& path) {
    return [path] { DataSet(path, options_of(32)); };
  };
  EXPECT_THAT(reading(folder / "missing"),
              ThrowsMessage<Error>(AllOf(HasSubstr("does not exist"), HasSubstr("JPEG, PNG"))));
  EXPECT_THAT(reading(folder.path()),
              ThrowsMessage<Error>(HasSubstr("holds no JPEG, PNG or WebP")));
  write_text(folder / "only.png", "broken");
  EXPECT_THAT(reading(folder.path()),
              ThrowsMessage<Error>(AllOf(HasSubstr("None of the 1"), HasSubstr("only.png"))));
  EXPECT_THAT(reading(folder / "only.png"), ThrowsMessage<Error>(HasSubstr("archive")));
}

TEST(DataSet, WhatDoesNotFitIntoTheMemoryIsReadAgainWhenItIsAskedFor) {
  for (const char* name : {"pictures", "pictures.zip"}) {
    SCOPED_TRACE(name);
    const DataSet whole(training_folder() / name, options_of(32));
    DataSetOptions options = options_of(32);
    options.memory = 10 * 3 * 32 * 32;
    const DataSet part(training_folder() / name, options);
    EXPECT_EQ(part.kept(), 10U);
    EXPECT_EQ(part.bytes(), options.memory);
    ASSERT_EQ(part.size(), whole.size());
    for (std::size_t i = 0; i < whole.size(); ++i) {
      EXPECT_EQ(part.name(i), whole.name(i));
      EXPECT_EQ(part.read(i), whole.read(i));
    }
  }
}

TEST(DataSet, ATarThatDoesNotFitIntoTheMemoryIsRefusedWithAdvice) {
  DataSetOptions options = options_of(32);
  options.memory = 10'000;
  EXPECT_THAT([&] { DataSet(training_folder() / "pictures.tar.gz", options); },
              ThrowsMessage<Error>(AllOf(HasSubstr("memory"), HasSubstr("Unpack"))));
}

TEST(DataSet, ADamagedEntryOfAZipIsListed) {
  const TemporaryFolder folder;
  std::ifstream file(training_folder() / "pictures.zip", std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  const std::size_t picture = bytes.find("PNG");  // of the first entry
  bytes.replace(picture + 40, 20, 20, 'x');
  write_text(folder / "pictures.zip", bytes);
  const DataSet set(folder / "pictures.zip", options_of(32));
  EXPECT_EQ(set.size(), 23U);
  ASSERT_EQ(set.skipped().size(), 1U);
  EXPECT_FALSE(set.skipped().front().reason.empty());
}

TEST(DataSet, ReadingCanBeStopped) {
  std::stop_source source;
  DataSetOptions options = options_of(32);
  options.stop = source.get_token();
  options.progress = [&](const ReadingProgress&) { source.request_stop(); };
  EXPECT_THAT([&] { DataSet(training_folder() / "pictures", options); },
              ThrowsMessage<Error>(HasSubstr("stopped")));
}

}  // namespace
}  // namespace facemorph
