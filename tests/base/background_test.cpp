#include "base/background.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <semaphore>
#include <stdexcept>

namespace facemorph {
namespace {

TEST(Background, ResultsArriveOnTheThreadThatAsksForThem) {
  std::binary_semaphore woken(0);
  Background background([&] { woken.release(); });
  const auto here = std::this_thread::get_id();
  std::thread::id worked_on;
  int received = 0;
  background.run<int>(
      [&] {
        worked_on = std::this_thread::get_id();
        return 42;
      },
      [&](int value) {
        EXPECT_EQ(std::this_thread::get_id(), here);
        received = value;
      },
      [](const std::string&) { FAIL(); });
  woken.acquire();
  EXPECT_EQ(received, 0) << "nothing happens behind our back";
  EXPECT_TRUE(background.deliver());
  EXPECT_EQ(received, 42);
  EXPECT_NE(worked_on, here);
  EXPECT_FALSE(background.deliver());
}

TEST(Background, ExceptionsArriveAsTexts) {
  std::binary_semaphore woken(0);
  Background background([&] { woken.release(); });
  std::string reason;
  background.run<int>([]() -> int { throw std::runtime_error("the disk is full"); },
                      [](int) { FAIL(); }, [&](const std::string& text) { reason = text; });
  woken.acquire();
  background.deliver();
  EXPECT_EQ(reason, "the disk is full");
}

TEST(Background, DropsWaitingJobsWhenItGoes) {
  std::atomic<int> started = 0;
  {
    Background background([] {});
    for (int i = 0; i < 100; ++i)
      background.run<int>(
          [&] {
            ++started;
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
            return 0;
          },
          [](int) {}, [](const std::string&) {});
  }
  EXPECT_LT(started, 100);
}

}  // namespace
}  // namespace facemorph
