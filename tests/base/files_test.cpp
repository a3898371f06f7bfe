#include "base/files.hpp"

#include "base/error.hpp"
#include "base/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iterator>
#include <optional>
#include <thread>

namespace facemorph {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::ThrowsMessage;

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::size_t files_in(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {}));
}

/// Sets an environment variable for one test.
class WithVariable {
 public:
  WithVariable(const char* name, const std::string& value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    ::setenv(name, value.c_str(), 1);
  }
  WithVariable(const WithVariable&) = delete;
  WithVariable& operator=(const WithVariable&) = delete;
  ~WithVariable() {
    if (old_)
      ::setenv(name_, old_->c_str(), 1);
    else
      ::unsetenv(name_);
  }

 private:
  const char* name_;
  std::optional<std::string> old_;
};

TEST(WriteFileAtomically, WritesAndReplaces) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "note.txt", "first, and rather long");
  EXPECT_EQ(text_of(folder / "note.txt"), "first, and rather long");
  write_file_atomically(folder / "note.txt", "second");
  EXPECT_EQ(text_of(folder / "note.txt"), "second");
  EXPECT_EQ(files_in(folder.path()), 1U);
}

TEST(WriteFileAtomically, MakesMissingFolders) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "a/b/c.txt", "deep");
  EXPECT_EQ(text_of(folder / "a/b/c.txt"), "deep");
}

TEST(WriteFileAtomically, WritesEmptyFilesAndTheLongestNames) {
  const TemporaryFolder folder;
  const std::string name(255, 'n');
  write_file_atomically(folder / name, "");
  EXPECT_EQ(fs::file_size(folder / name), 0U);
}

TEST(PathIn, CutsNamesThatAreTooLongAndTellsThemApart) {
  const TemporaryFolder folder;
  EXPECT_EQ(path_in("/a", "face", ".part.mp4"), "/a/face.part.mp4");
  const std::string longest(245, 'n');
  const fs::path one = path_in(folder.path(), longest + "123456", ".facemorph.json");
  const fs::path other = path_in(folder.path(), longest + "123457", ".facemorph.json");
  EXPECT_EQ(one.filename().string().size(), 255U);
  EXPECT_TRUE(one.string().ends_with(".facemorph.json"));
  EXPECT_NE(one, other);
  EXPECT_EQ(one, path_in(folder.path(), longest + "123456", ".facemorph.json"));
  write_file_atomically(one, "text");
  EXPECT_TRUE(is_there(one));
  // No character is cut in two.
  std::string umlauts;
  for (int i = 0; i < 126; ++i)
    umlauts += "ö";
  const std::string cut = path_in("", umlauts, ".mp4.facemorph").string();
  EXPECT_EQ(cut.substr(0, cut.find('-')).size() % 2, 0U);
}

TEST(IsThere, IsFalseOfWhatCannotBe) {
  EXPECT_FALSE(is_there(std::string(300, 'n')));
  EXPECT_FALSE(is_there("/not/there"));
  EXPECT_TRUE(is_there("/dev/null"));
}

TEST(WriteFileAtomically, HonoursTheUmaskAndKeepsPermissions) {
  const TemporaryFolder folder;
  const mode_t old_mask = ::umask(027);
  write_file_atomically(folder / "new.txt", "x");
  ::umask(old_mask);
  EXPECT_EQ(fs::status(folder / "new.txt").permissions(), static_cast<fs::perms>(0640));

  fs::permissions(folder / "new.txt", static_cast<fs::perms>(0600));
  write_file_atomically(folder / "new.txt", "y");
  EXPECT_EQ(fs::status(folder / "new.txt").permissions(), static_cast<fs::perms>(0600));
}

TEST(WriteFileAtomically, WritesThroughSymbolicLinks) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "real.txt", "old");
  fs::create_symlink("real.txt", folder / "link.txt");
  write_file_atomically(folder / "link.txt", "new");
  EXPECT_TRUE(fs::is_symlink(folder / "link.txt"));
  EXPECT_EQ(text_of(folder / "real.txt"), "new");
}

TEST(WriteFileAtomically, KeepsTheOldFileWhenTheDiskIsFull) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "session.json", "precious");
  rlimit old_limit{};
  ::getrlimit(RLIMIT_FSIZE, &old_limit);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit tiny{1000, old_limit.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &tiny);  // stands for a full disk: the write stops half-way
  const std::string large(5000, 'x');
  EXPECT_THAT([&] { write_file_atomically(folder / "session.json", large); },
              ThrowsMessage<Error>(HasSubstr("session.json could not be written")));
  ::setrlimit(RLIMIT_FSIZE, &old_limit);
  std::signal(SIGXFSZ, old_handler);
  EXPECT_EQ(text_of(folder / "session.json"), "precious");
  EXPECT_EQ(files_in(folder.path()), 1U);  // the temporary file is gone
}

TEST(WriteFileAtomically, RefusesPlacesThatCannotHoldAFile) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "file", "x");
  ::mkfifo((folder / "pipe").c_str(), 0600);
  EXPECT_THAT([&] { write_file_atomically(folder.path(), "x"); },
              ThrowsMessage<Error>(HasSubstr("it is a folder")));
  EXPECT_THAT([&] { write_file_atomically(folder / "pipe", "x"); },
              ThrowsMessage<Error>(HasSubstr("it is a pipe")));
  EXPECT_THAT([&] { write_file_atomically(folder / "file/child", "x"); },
              ThrowsMessage<Error>(HasSubstr("file/child could not be written")));
}

TEST(WriteFileAtomically, ManyThreadsMayWriteOneFile) {
  const TemporaryFolder folder;
  std::vector<std::thread> writers;
  for (char letter = 'a'; letter < 'i'; ++letter)
    writers.emplace_back(
        [&, letter] { write_file_atomically(folder / "shared", std::string(10'000, letter)); });
  for (std::thread& writer : writers)
    writer.join();
  const std::string text = text_of(folder / "shared");
  EXPECT_EQ(text, std::string(10'000, text.front()));  // one writer's whole text
  EXPECT_EQ(files_in(folder.path()), 1U);
}

TEST(ContentHash, IsXxh3With128Bits) {
  EXPECT_EQ(content_hash({}), "99aa06d3014798d86001c324468d497f");
  const std::string text = "abc";
  EXPECT_EQ(content_hash(std::as_bytes(std::span(text))), "06b05ab6733a618578af5f94892f3950");
}

TEST(ConfigFolder, FollowsXdg) {
  const WithVariable home("HOME", "/home/anna");
  {
    const WithVariable xdg("XDG_CONFIG_HOME", "/elsewhere");
    EXPECT_EQ(config_folder(), "/elsewhere/facemorph");
  }
  const WithVariable relative("XDG_CONFIG_HOME", "not/absolute");
  EXPECT_EQ(config_folder(), "/home/anna/.config/facemorph");
}

TEST(FindAsset, PrefersTheChosenFolder) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "models/tiny.safetensors", "x");
  const WithVariable assets("FACEMORPH_ASSETS", folder.path().string());
  EXPECT_EQ(find_asset("models/tiny.safetensors"), folder / "models/tiny.safetensors");
}

TEST(FindAsset, ListsWhereItLooked) {
  const WithVariable assets("FACEMORPH_ASSETS", "/chosen");
  EXPECT_THAT([] { find_asset("no/such.file"); },
              ThrowsMessage<Error>(testing::AllOf(HasSubstr("no/such.file"),
                                                  HasSubstr("/chosen/no/such.file"),
                                                  HasSubstr("share/facemorph"))));
}

}  // namespace
}  // namespace facemorph
