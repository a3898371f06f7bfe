#include "base/input_file.hpp"

#include "base/error.hpp"
#include "base/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>

namespace facemorph {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

std::string text(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

TEST(InputFile, IsReadPieceByPiece) {
  const TemporaryFolder folder;
  std::ofstream(folder / "file") << "one two three";
  InputFile file(folder / "file");
  EXPECT_EQ(file.size(), 13U);
  EXPECT_EQ(text(file.read(4)), "one ");
  file.skip(4);
  EXPECT_EQ(text(file.read(100)), "three");
  EXPECT_EQ(text(file.read(1)), "");
}

TEST(InputFile, MayGrowOrBeCutShortMeanwhile) {
  const TemporaryFolder folder;
  std::ofstream(folder / "file") << "one two";
  InputFile file(folder / "file");
  EXPECT_EQ(text(file.read(3)), "one");
  std::filesystem::resize_file(folder / "file", 5);
  EXPECT_EQ(text(file.read(4)), " t");
  std::ofstream(folder / "file", std::ios::app) << "en";
  EXPECT_EQ(text(file.read(7)), "en");
}

TEST(InputFile, WhatIsNoFileIsSaidAndNotWaitedFor) {
  const TemporaryFolder folder;
  ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_THAT([&] { InputFile(folder / "pipe"); }, ThrowsMessage<Error>(HasSubstr("a pipe")));
  EXPECT_THAT([&] { InputFile(folder.path()); }, ThrowsMessage<Error>(HasSubstr("a folder")));
  EXPECT_THAT([&] { InputFile(folder / "none"); }, ThrowsMessage<Error>(HasSubstr("No such file")));
}

}  // namespace
}  // namespace facemorph
