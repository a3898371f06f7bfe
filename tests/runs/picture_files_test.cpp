#include "base/error.hpp"
#include "base/temporary_folder.hpp"
#include "pictures/image.hpp"
#include "runs/data_set.hpp"
#include "runs/run_folder.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <zip.h>

#include <cstdlib>
#include <fstream>

// Folders and archives as people have them: names, links, runs, locks.

namespace facemorph {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::ThrowsMessage;
using ::testing::UnorderedElementsAre;

constexpr int kSide = 32;

Image shade(int value) {
  return {kSide, kSide,
          std::vector<std::uint8_t>(kSide * kSide * 4, static_cast<std::uint8_t>(value))};
}

DataSet read(const fs::path& path) {
  DataSetOptions options;
  options.image_size = kSide;
  return {path, options};
}

std::vector<std::string> names(const DataSet& set) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < set.size(); ++i)
    all.push_back(set.name(i));
  return all;
}

std::vector<std::string> left_out(const DataSet& set) {
  std::vector<std::string> all;
  for (const LeftOutFolder& folder : set.left_out())
    all.push_back(folder.name + ": " + folder.reason);
  return all;
}

void write_text(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A run as training leaves it, with a sheet of faces.
void write_run(const fs::path& path) {
  TrainConfig config = preset_config("faces");
  config.data = "photos";
  RunFolder::create(path, config);
  write_png(path / "samples" / "step-00000000.png", shade(90));
  write_png(path / "strip.png", shade(91));
}

/// Packed by the system's tar, which keeps links.
fs::path tar_of(const TemporaryFolder& folder, const std::string& what,
                const std::string& options = "cf") {
  const fs::path archive = folder / (what + ".tar");
  const std::string line = "tar -C '" + folder.path().string() + "' -" + options + " '" +
                           archive.string() + "' '" + what + "'";
  EXPECT_EQ(std::system(line.c_str()), 0);
  return archive;
}

struct ZipEntry {
  std::string name;
  std::string content;
  bool locked = false;
  bool link = false;
};

fs::path zip_of(const fs::path& path, const std::vector<ZipEntry>& entries) {
  zip_t* zip = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
  for (const ZipEntry& entry : entries) {
    const auto place = static_cast<zip_uint64_t>(
        zip_file_add(zip, entry.name.c_str(),
                     zip_source_buffer(zip, entry.content.data(), entry.content.size(), 0), 0));
    if (entry.locked) zip_file_set_encryption(zip, place, ZIP_EM_AES_256, "secret");
    if (entry.link)
      zip_file_set_external_attributes(zip, place, 0, ZIP_OPSYS_UNIX, (S_IFLNK | 0777U) << 16U);
  }
  EXPECT_EQ(zip_close(zip), 0);
  return path;
}

TEST(PictureFiles, ArePicturesByContentWhateverTheirName) {
  const TemporaryFolder folder;
  write_png(folder / "set/plain.png", shade(10));
  const std::string png = text_of(folder / "set/plain.png");
  for (const char* name : {"a", "a.jpg_large", "a.jpg?w=600", "a.jpeg.1", "photo.bin"})
    write_text(folder / "set" / name, png);
  write_text(folder / "set/notes.txt", "no picture");
  write_text(folder / "set/empty", "");
  const fs::path zip =
      zip_of(folder / "set.zip", {{"a", png}, {"b.jpg_large", png}, {"c.txt", "no picture"}});
  const DataSet set = read(folder / "set");
  EXPECT_THAT(names(set), UnorderedElementsAre("a", "a.jpg_large", "a.jpg?w=600", "a.jpeg.1",
                                               "photo.bin", "plain.png"));
  EXPECT_EQ(set.other_files(), 2U);
  EXPECT_THAT(set.skipped(), IsEmpty());
  EXPECT_EQ(read(tar_of(folder, "set")).size(), 6U);
  EXPECT_THAT(names(read(zip)), ElementsAre("a", "b.jpg_large"));
}

TEST(PictureFiles, LinkedFoldersAreFollowedOnce) {
  const TemporaryFolder folder;
  write_png(folder / "elsewhere/1.png", shade(1));
  write_png(folder / "elsewhere/deeper/2.png", shade(2));
  write_png(folder / "data/one/3.png", shade(3));
  fs::create_directory_symlink("../elsewhere", folder / "data/a");
  fs::create_directory_symlink("../elsewhere", folder / "data/b");
  fs::create_directory_symlink("one", folder / "data/again");
  const DataSet set = read(folder / "data");
  EXPECT_THAT(names(set), ElementsAre("a/1.png", "a/deeper/2.png", "one/3.png"));
  EXPECT_THAT(left_out(set), ElementsAre(AllOf(HasSubstr("again"), HasSubstr("in already")),
                                         AllOf(HasSubstr("b"), HasSubstr("in already"))));
}

TEST(PictureFiles, ALinkAloneIsEnough) {
  const TemporaryFolder folder;
  write_png(folder / "real/1.png", shade(1));
  fs::create_directories(folder / "only");
  fs::create_directory_symlink("../real", folder / "only/a");
  EXPECT_THAT(names(read(folder / "only")), ElementsAre("a/1.png"));
}

TEST(PictureFiles, LinksInCirclesAreTold) {
  const TemporaryFolder folder;
  write_png(folder / "beside.png", shade(9));
  write_png(folder / "data/sub/1.png", shade(1));
  fs::create_directory_symlink(".", folder / "data/self");
  fs::create_directory_symlink("../..", folder / "data/sub/up");
  fs::create_directory_symlink("nowhere", folder / "data/gone");
  fs::create_symlink("lost", folder / "data/lost.jpg");
  const DataSet set = read(folder / "data");
  EXPECT_THAT(names(set), ElementsAre("sub/1.png"));
  EXPECT_THAT(left_out(set), ElementsAre(AllOf(HasSubstr("self"), HasSubstr("circle")),
                                         AllOf(HasSubstr("sub/up"), HasSubstr("circle"))));
  ASSERT_EQ(set.skipped().size(), 1U);
  EXPECT_EQ(set.skipped()[0].name, "lost.jpg");
  EXPECT_THAT(set.skipped()[0].reason, HasSubstr("nowhere"));
}

TEST(PictureFiles, LinksInATarAreThePicturesThatTheyLeadTo) {
  const TemporaryFolder folder;
  write_png(folder / "set/1.png", shade(1));
  write_png(folder / "set/2.png", shade(2));
  write_text(folder / "set/notes.txt", "no picture");
  fs::create_hard_link(folder / "set/1.png", folder / "set/hard.png");
  fs::create_hard_link(folder / "set/notes.txt", folder / "set/notes-too.txt");
  fs::create_symlink("2.png", folder / "set/0-soft.png");
  fs::create_symlink("gone.png", folder / "set/broken.png");
  fs::create_directory_symlink("../set", folder / "set/again");
  const DataSet set = read(tar_of(folder, "set"));
  EXPECT_THAT(names(set),
              UnorderedElementsAre("set/1.png", "set/2.png", "set/hard.png", "set/0-soft.png"));
  for (std::size_t i = 0; i < set.size(); ++i) {
    const bool first = set.name(i) == "set/1.png" || set.name(i) == "set/hard.png";
    EXPECT_EQ(set.image(i).rgba[0], first ? 1 : 2) << set.name(i);
  }
  EXPECT_EQ(set.other_files(), 2U);
  ASSERT_EQ(set.skipped().size(), 1U);
  EXPECT_THAT(set.skipped()[0].reason, HasSubstr("not in the archive"));
  EXPECT_THAT(left_out(set), ElementsAre(AllOf(HasSubstr("set/again"), HasSubstr("in already"))));
}

TEST(PictureFiles, LinksInAZipAreThePicturesThatTheyLeadTo) {
  const TemporaryFolder folder;
  write_png(folder / "1.png", shade(7));
  const std::string png = text_of(folder / "1.png");
  const fs::path zip = zip_of(folder / "set.zip", {{"a/link.png", "../b/1.png", false, true},
                                                   {"a/gone.png", "2.png", false, true},
                                                   {"b/1.png", png}});
  const DataSet set = read(zip);
  ASSERT_THAT(names(set), ElementsAre("a/link.png", "b/1.png"));
  EXPECT_EQ(set.image(0), set.image(1));
  EXPECT_EQ(set.skipped().size(), 1U);
}

TEST(PictureFiles, ATrainingRunInsideIsLeftOut) {
  const TemporaryFolder folder;
  write_png(folder / "photos/1.png", shade(1));
  write_run(folder / "photos/run");
  write_run(folder / "photos/more/deep/run");
  write_text(folder / "photos/other/metrics.csv", "epoch,accuracy\n1,0.5\n");
  write_png(folder / "photos/other/2.png", shade(2));
  const fs::path zip = zip_of(folder / "photos.zip",
                              {{"p/run/samples/a.png", text_of(folder / "photos/1.png")},
                               {"p/1.png", text_of(folder / "photos/1.png")},
                               {"p/run/metrics.csv", text_of(folder / "photos/run/metrics.csv")}});
  const DataSet set = read(folder / "photos");
  EXPECT_THAT(names(set), ElementsAre("1.png", "other/2.png"));
  EXPECT_THAT(left_out(set),
              ElementsAre(AllOf(HasSubstr("more/deep/run"), HasSubstr("training run")),
                          AllOf(HasSubstr("run"), HasSubstr("training run"))));
  const DataSet packed = read(tar_of(folder, "photos"));
  EXPECT_THAT(names(packed), UnorderedElementsAre("photos/1.png", "photos/other/2.png"));
  EXPECT_EQ(packed.left_out().size(), 2U);
  EXPECT_THAT(names(read(zip)), ElementsAre("p/1.png"));
}

TEST(PictureFiles, ARunIsNoFolderOfPictures) {
  const TemporaryFolder folder;
  write_run(folder / "runs/first");
  EXPECT_THAT([&] { read(folder / "runs/first"); },
              ThrowsMessage<Error>(HasSubstr("is a training run")));
  EXPECT_THAT([&] { read(folder / "runs"); },
              ThrowsMessage<Error>(
                  AllOf(HasSubstr("holds no"), HasSubstr("first"), HasSubstr("training run"))));
}

TEST(PictureFiles, AnEncryptedArchiveIsRefusedInPlainWords) {
  const TemporaryFolder folder;
  write_png(folder / "1.png", shade(1));
  const std::string png = text_of(folder / "1.png");
  const fs::path locked =
      zip_of(folder / "locked.zip", {{"p/", ""}, {"p/1.png", png, true}, {"p/2", png, true}});
  EXPECT_THAT([&] { read(locked); },
              ThrowsMessage<Error>(
                  AllOf(HasSubstr("locked.zip is locked by a password"), HasSubstr("Unpack"))));
  const DataSet some = read(zip_of(folder / "some.zip", {{"1.png", png, true}, {"2.png", png}}));
  EXPECT_THAT(names(some), ElementsAre("2.png"));
  ASSERT_EQ(some.skipped().size(), 1U);
  EXPECT_THAT(some.skipped()[0].reason, HasSubstr("password"));
  write_text(folder / "set.7z", std::string("7z\xBC\xAF\x27\x1C\0\4", 8));
  EXPECT_THAT([&] { read(folder / "set.7z"); }, ThrowsMessage<Error>(HasSubstr("7-Zip")));
  write_text(folder / "set.tar.enc", "Salted__12345678");
  EXPECT_THAT([&] { read(folder / "set.tar.enc"); }, ThrowsMessage<Error>(HasSubstr("encrypted")));
}

TEST(PictureFiles, PipesAndDevicesAreNotWaitedFor) {
  const TemporaryFolder folder;
  ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_THAT([&] { read(folder / "pipe"); },
              ThrowsMessage<Error>(HasSubstr("pipe is a pipe, not a file")));
  EXPECT_THAT([] { read("/dev/zero"); }, ThrowsMessage<Error>(HasSubstr("/dev/zero is a device")));
  write_png(folder / "data/1.png", shade(1));
  ASSERT_EQ(mkfifo((folder / "data/pipe.png").c_str(), 0600), 0);
  EXPECT_THAT(names(read(folder / "data")), ElementsAre("1.png"));
}

TEST(PictureFiles, OnePictureIsNoFolderOfPictures) {
  const TemporaryFolder folder;
  write_png(folder / "1.png", shade(1));
  EXPECT_THAT([&] { read(folder / "1.png"); },
              ThrowsMessage<Error>(HasSubstr("1.png is a single picture. Give the folder")));
}

TEST(PictureFiles, LargeFilesAreNotReadToTheirEnd) {
  const TemporaryFolder folder;
  write_png(folder / "data/1.png", shade(1));
  const std::string png = text_of(folder / "data/1.png");
  write_text(folder / "data/large.png", png);
  fs::resize_file(folder / "data/large.png", std::uintmax_t{4} << 30U);  // sparse
  write_text(folder / "data/zeros.png", "");
  fs::resize_file(folder / "data/zeros.png", std::uintmax_t{4} << 30U);
  for (const fs::path& path : {folder / "data", tar_of(folder, "data", "Scf")}) {
    const DataSet set = read(path);
    EXPECT_EQ(set.size(), 1U);
    std::vector<std::string> reasons;
    for (const SkippedPicture& skipped : set.skipped())
      reasons.push_back(skipped.reason);
    EXPECT_THAT(reasons, UnorderedElementsAre(HasSubstr("more than 100 MB"),
                                              AnyOf(HasSubstr("not a JPEG"), HasSubstr("empty"))));
  }
}

TEST(PictureFiles, ReadingTellsHowFarItIs) {
  const TemporaryFolder folder;
  for (int i = 0; i < 40; ++i)
    write_text(folder / ("data/" + std::to_string(i)), std::string(20'000, 'x'));
  for (const fs::path& path : {folder / "data", tar_of(folder, "data")}) {
    std::unique_ptr<PictureFiles> files = open_picture_files(path);
    std::vector<double> shares;
    while (files->next())
      shares.push_back(files->progress());
    EXPECT_TRUE(std::ranges::is_sorted(shares));
    EXPECT_LT(shares.front(), 0.5);
    EXPECT_EQ(files->progress(), 1);
  }
}

TEST(PictureFiles, ReadingAnArchiveCanBeStoppedWithinAFile) {
  const TemporaryFolder folder;
  write_text(folder / "data/rubbish", "");
  fs::resize_file(folder / "data/rubbish", 8 << 20);
  write_png(folder / "data/zz.png", shade(1));
  const fs::path archive = tar_of(folder, "data");
  std::stop_source source;
  const auto files = open_picture_files(archive, source.get_token());
  source.request_stop();
  EXPECT_THAT(
      [&] {
        while (files->next()) {
        }
      },
      ThrowsMessage<Error>(HasSubstr("stopped")));
}

}  // namespace
}  // namespace facemorph
