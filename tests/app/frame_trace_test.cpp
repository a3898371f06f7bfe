#include "app/frame_trace.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <random>
#include <sstream>

namespace facemorph {
namespace {

FrameTrace::Frame frame(std::size_t number, float work = 1) {
  return {static_cast<double>(number) / 60, work, 16.7F, 5.25F, number % 2 == 1, number % 3 == 0};
}

TEST(FrameTrace, PercentilesAreThoseOfTheLastFrames) {
  std::mt19937 random(7);
  std::uniform_real_distribution<float> milliseconds(1, 30);
  FrameTrace trace;
  std::vector<float> works;
  for (std::size_t i = 0; i < 2'000; ++i) {
    works.push_back(milliseconds(random));
    trace.add(frame(i, works.back()));
  }
  for (const std::size_t last : std::vector<std::size_t>{1, 7, 600, 2'000, 5'000}) {
    std::vector<float> sorted(
        works.end() - static_cast<std::ptrdiff_t>(std::min(last, works.size())), works.end());
    std::ranges::sort(sorted);
    for (const double share : {0.0, 0.5, 0.99, 1.0})
      EXPECT_EQ(trace.percentile(share, last),
                sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))])
          << share << " of " << last;
    EXPECT_EQ(trace.longest(last), sorted.back());
  }
}

TEST(FrameTrace, SaysNothingWithoutFrames) {
  const FrameTrace trace;
  EXPECT_EQ(trace.percentile(0.99, 600), 0);
  EXPECT_EQ(trace.longest(600), 0);
  EXPECT_EQ(trace.size(), 0U);
}

TEST(FrameTrace, ForgetsTheOldest) {
  FrameTrace trace;
  constexpr std::size_t kMore = 1'234;
  trace.add(frame(0, 1000));  // a slow one, long ago
  for (std::size_t i = 1; i < FrameTrace::kCapacity; ++i)
    trace.add(frame(i));
  EXPECT_EQ(trace[0], frame(0, 1000));
  EXPECT_EQ(trace.longest(FrameTrace::kCapacity), 1000);
  for (std::size_t i = 0; i < kMore; ++i)
    trace.add(frame(FrameTrace::kCapacity + i));
  EXPECT_EQ(trace.size(), FrameTrace::kCapacity);
  EXPECT_EQ(trace.added(), FrameTrace::kCapacity + kMore);
  EXPECT_EQ(trace[0], frame(kMore));
  EXPECT_EQ(trace[FrameTrace::kCapacity - 1], frame(FrameTrace::kCapacity + kMore - 1));
  EXPECT_EQ(trace.longest(FrameTrace::kCapacity), 1);
}

TEST(FrameTrace, TheLastFramesAreFoundAcrossTheSeamOfTheRing) {
  FrameTrace trace;
  for (std::size_t i = 0; i < FrameTrace::kCapacity + 10; ++i)
    trace.add(frame(i, static_cast<float>(i)));
  EXPECT_EQ(trace.percentile(0, 100), FrameTrace::kCapacity - 90);
  EXPECT_EQ(trace.longest(100), FrameTrace::kCapacity + 9);
}

TEST(FrameTrace, TheFileHasARowForEachFrame) {
  FrameTrace trace;
  for (std::size_t i = 0; i < 5; ++i)
    trace.add(frame(i, 0.125F * static_cast<float>(i)));
  std::istringstream rows(trace.to_csv());
  std::string row;
  ASSERT_TRUE(std::getline(rows, row));
  EXPECT_EQ(row, "time_s,work_ms,since_last_ms,network_ms,training,dragging");
  std::size_t count = 0;
  for (; std::getline(rows, row); ++count) {
    FrameTrace::Frame read;
    int training = -1;
    int dragging = -1;
    int end = 0;
    ASSERT_EQ(std::sscanf(row.c_str(), "%lf,%f,%f,%f,%d,%d%n", &read.at, &read.work,
                          &read.since_last, &read.network, &training, &dragging, &end),
              6)
        << row;
    EXPECT_EQ(static_cast<std::size_t>(end), row.size()) << row;
    const FrameTrace::Frame& kept = trace[count];
    EXPECT_NEAR(read.at, kept.at, 1e-4);
    EXPECT_EQ(read.work, kept.work);
    EXPECT_NEAR(read.since_last, kept.since_last, 1e-3);
    EXPECT_EQ(read.network, kept.network);
    EXPECT_EQ(training, kept.training ? 1 : 0);
    EXPECT_EQ(dragging, kept.dragging ? 1 : 0);
  }
  EXPECT_EQ(count, trace.size());
}

}  // namespace
}  // namespace facemorph
