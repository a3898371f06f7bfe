#include "base/saver.hpp"

#include "base/files.hpp"
#include "base/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <latch>
#include <semaphore>
#include <stdexcept>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Keeps the saver busy until released.
class SaverTest : public ::testing::Test {
 protected:
  ~SaverTest() override { busy_.release(); }
  void keep_busy(Saver& saver) {
    saver.save(folder_ / "busy", [this] {
      begun_.release();
      busy_.acquire();
    });
    begun_.acquire();
  }
  std::function<void()> writing(const std::string& name, const std::string& text) const {
    return [path = folder_ / name, text] { write_file_atomically(path, text); };
  }
  TemporaryFolder folder_;
  UiQueue queue_{[] {}};
  std::binary_semaphore begun_{0};
  std::binary_semaphore busy_{0};
};

TEST_F(SaverTest, WritesEverythingBeforeItGoes) {
  {
    Saver saver(queue_);
    keep_busy(saver);
    for (int i = 0; i < 20; ++i)
      saver.save(folder_ / std::to_string(i), writing(std::to_string(i), "kept"));
    busy_.release();
  }
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(text_of(folder_ / std::to_string(i)), "kept");
}

TEST_F(SaverTest, TheNewestVersionOfAFileWins) {
  int told = 0;
  int written = 0;
  {
    Saver saver(queue_);
    keep_busy(saver);
    for (const char* version : {"old", "newer", "newest"})
      saver.save(folder_ / "settings",
                 [&written, write = writing("settings", version)] {
                   ++written;
                   write();
                 },
                 {[&] { ++told; }, nullptr});
    busy_.release();
  }
  EXPECT_EQ(text_of(folder_ / "settings"), "newest");
  EXPECT_EQ(written, 1) << "what is out of date is not written at all";
}

TEST_F(SaverTest, TellsWhatCameOfIt) {
  std::string reason;
  bool done = false;
  Saver saver(queue_);
  saver.save(folder_ / "a", [] { throw std::runtime_error("the disk is full"); },
             {nullptr, [&](const std::string& why) { reason = why; }});
  saver.save(folder_ / "b", writing("b", "text"), {[&] { done = true; }, nullptr});
  while (!saver.idle())
    std::this_thread::yield();
  queue_.run_posted();
  EXPECT_EQ(reason, "the disk is full");
  EXPECT_TRUE(done);
}

TEST_F(SaverTest, SaysWhatItWrites) {
  Saver saver(queue_);
  EXPECT_TRUE(saver.idle());
  keep_busy(saver);
  saver.save(folder_ / "a", writing("a", "text"));
  const auto status = saver.status();
  ASSERT_TRUE(status);
  EXPECT_EQ(status->file, folder_ / "busy");
  EXPECT_EQ(status->waiting, 1U);
  busy_.release();
  while (!saver.idle())
    std::this_thread::yield();
  EXPECT_EQ(text_of(folder_ / "a"), "text");
}

}  // namespace
}  // namespace facemorph
