#include "base/lanes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <latch>
#include <semaphore>
#include <set>
#include <stdexcept>
#include <thread>

namespace facemorph {
namespace {

using Manner = Workers::Manner;
const auto kNoTrouble = [](const std::string& reason) { FAIL() << reason; };

TEST(Lane, ResultsArriveOnTheThreadThatAsksForThem) {
  std::binary_semaphore woken(0);
  Backstage backstage([&] { woken.release(); });
  Lane lane(backstage, Manner::Prompt);
  const auto here = std::this_thread::get_id();
  std::thread::id worked_on;
  int received = 0;
  lane.run<int>(
      [&] {
        worked_on = std::this_thread::get_id();
        return 42;
      },
      [&](int value) {
        EXPECT_EQ(std::this_thread::get_id(), here);
        received = value;
      },
      kNoTrouble);
  woken.acquire();
  EXPECT_EQ(received, 0) << "nothing happens behind our back";
  EXPECT_TRUE(backstage.queue.run_posted());
  EXPECT_EQ(received, 42);
  EXPECT_NE(worked_on, here);
  EXPECT_FALSE(backstage.queue.run_posted());
}

TEST(Lane, ExceptionsArriveAsTexts) {
  std::binary_semaphore woken(0);
  Backstage backstage([&] { woken.release(); });
  Lane lane(backstage, Manner::GivesWay);
  std::string reason;
  lane.run<int>([]() -> int { throw std::runtime_error("the disk is full"); }, [](int) { FAIL(); },
                [&](const std::string& text) { reason = text; });
  woken.acquire();
  backstage.queue.run_posted();
  EXPECT_EQ(reason, "the disk is full");
}

TEST(Lane, ALaneThatHangsKeepsNoOtherWaiting) {
  std::binary_semaphore hung(0);
  std::binary_semaphore woken(0);
  Backstage backstage([&] { woken.release(); });
  Lane network(backstage, Manner::Prompt);
  Lane other(backstage, Manner::Prompt);
  network.run<int>(
      [&] {
        hung.acquire();
        return 0;
      },
      [](int) {}, kNoTrouble);
  bool done = false;
  other.run<int>([] { return 1; }, [&](int) { done = true; }, kNoTrouble);
  woken.acquire();
  backstage.queue.run_posted();
  EXPECT_TRUE(done);
  hung.release();
}

TEST(Lane, JobsOfALaneKeepTheirOrderAndThreadsAreShared) {
  std::vector<int> order;
  std::set<std::thread::id> threads;
  std::latch all(20);
  {
    Backstage backstage([] {});
    Lane first(backstage, Manner::Prompt);
    for (int i = 0; i < 20; ++i)
      first.run<int>(
          [&, i] {
            order.push_back(i);  // no lock: one after another
            threads.insert(std::this_thread::get_id());
            all.count_down();
            return 0;
          },
          [](int) {}, kNoTrouble);
    all.wait();
  }
  EXPECT_TRUE(std::ranges::is_sorted(order));
  EXPECT_EQ(threads.size(), 1U);
}

TEST(Lane, DropsWaitingJobsAndResultsWhenItGoes) {
  std::atomic<int> started = 0;
  std::binary_semaphore go_on(0);
  Backstage backstage([] {});
  {
    Lane lane(backstage, Manner::Prompt);
    std::binary_semaphore begun(0);
    for (int i = 0; i < 3; ++i)
      lane.run<int>(
          [&, i] {
            if (i == 0) begun.release();
            ++started;
            go_on.acquire();
            return 0;
          },
          [](int) { FAIL() << "there is nobody to tell any more"; }, kNoTrouble);
    begun.acquire();
  }
  go_on.release();
  Lane later(backstage, Manner::Prompt);
  std::latch done(1);
  later.run<int>(
      [&] {
        done.count_down();
        return 0;
      },
      [](int) {}, kNoTrouble);
  done.wait();
  backstage.queue.run_posted();
  EXPECT_EQ(started, 1);
}

TEST(UiQueue, ASenderOutlivesIt) {
  auto queue = std::make_unique<UiQueue>([] {});
  const UiQueue::Sender sender = queue->sender();
  const auto owner = std::make_shared<int>(0);
  sender.post(owner, [] { FAIL(); });
  queue.reset();
  sender.post(owner, [] { FAIL(); });
  sender.wake();
}

}  // namespace
}  // namespace facemorph
