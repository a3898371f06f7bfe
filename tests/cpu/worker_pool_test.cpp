#include "cpu/worker_pool.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <set>
#include <thread>
#include <vector>

namespace facemorph {
namespace {

TEST(WorkerPool, DoesEveryPieceOnce) {
  for (const int threads : {1, 2, 5}) {
    WorkerPool pool(threads);
    EXPECT_EQ(pool.threads(), threads);
    for (int round = 0; round < 2000; ++round) {
      const int pieces = round % 23;
      std::vector<std::atomic<int>> seen(23);
      pool.run(pieces, [&](int piece) { ++seen[static_cast<std::size_t>(piece)]; });
      for (int i = 0; i < 23; ++i)
        ASSERT_EQ(seen[static_cast<std::size_t>(i)], i < pieces ? 1 : 0) << round;
    }
  }
}

TEST(WorkerPool, ResultsOfTheWorkersAreThereWhenItReturns) {
  WorkerPool pool(3);
  std::vector<int> values(1000);
  for (int round = 1; round <= 200; ++round) {
    pool.run(1000, [&](int piece) { values[static_cast<std::size_t>(piece)] += piece; });
    for (int i = 0; i < 1000; ++i)
      ASSERT_EQ(values[static_cast<std::size_t>(i)], i * round);
  }
}

TEST(WorkerPool, WakesThreadsThatSleep) {
  WorkerPool pool(2);
  for (int round = 0; round < 3; ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    std::atomic<int> inside = 0;
    std::atomic<bool> together = false;
    // Both threads have to come: each waits for the other.
    pool.run(2, [&](int) {
      ++inside;
      const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
      while (inside < 2 && std::chrono::steady_clock::now() < end)
        std::this_thread::yield();
      if (inside == 2) together = true;
    });
    EXPECT_TRUE(together);
  }
}

}  // namespace
}  // namespace facemorph
