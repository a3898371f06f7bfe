#include "engine/triple_buffer.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace facemorph {
namespace {

TEST(TripleBuffer, GivesTheNewestValueOnce) {
  TripleBuffer<int> buffer;
  EXPECT_EQ(buffer.take(), nullptr);
  buffer.publish(1);
  buffer.publish(2);
  const int* taken = buffer.take();
  ASSERT_NE(taken, nullptr);
  EXPECT_EQ(*taken, 2);
  EXPECT_EQ(buffer.take(), nullptr);
}

TEST(TripleBuffer, ValuesCrossThreadsWholeAndInOrder) {
  constexpr int kLast = 20000;
  TripleBuffer<std::vector<int>> buffer;
  std::jthread writer([&] {
    for (int i = 1; i <= kLast; ++i)
      buffer.publish(std::vector<int>(16, i));
  });
  int newest = 0;
  while (newest != kLast) {
    const std::vector<int>* taken = buffer.take();
    if (taken == nullptr) continue;
    ASSERT_EQ(taken->size(), 16U);
    for (const int value : *taken)
      ASSERT_EQ(value, taken->front());
    ASSERT_GT(taken->front(), newest);
    newest = taken->front();
  }
}

}  // namespace
}  // namespace facemorph
