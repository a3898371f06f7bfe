#include "curves/curve.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace facemorph {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pointwise;

constexpr float kGap = std::numeric_limits<float>::quiet_NaN();

/// Steps 0, 1, 2 …
Series steps(const std::vector<double>& values) {
  Series series;
  for (const double value : values)
    series.add(static_cast<double>(series.size()), value);
  return series;
}

std::vector<CurveColumn> columns_of(const Series& series, double from, double to,
                                    std::size_t columns) {
  return decimate(series.x, series.y, from, to, columns);
}

TEST(Decimate, KeepsOneSpikeAmongAHundredThousandPoints) {
  for (const std::size_t spike : {std::size_t{0}, std::size_t{54'321}, std::size_t{99'999}}) {
    std::vector<double> values(100'000, 1.0);
    values[spike] = 7;
    const std::vector<CurveColumn> columns = columns_of(steps(values), 0, 99'999, 300);
    ASSERT_EQ(columns.size(), 300U);
    std::size_t spikes = 0;
    for (const CurveColumn& column : columns) {
      EXPECT_EQ(column.least, 1);
      if (column.most == 7) ++spikes;
    }
    EXPECT_EQ(spikes, 1U);
    EXPECT_EQ(columns[spike * 300 / 99'999 - (spike == 99'999 ? 1 : 0)].most, 7);
  }
}

TEST(Decimate, TakesExactlyThePointsOfTheRange) {
  const Series series = steps({9, 9, 1, 2, 3, 4, 9, 9});
  const std::vector<CurveColumn> columns = columns_of(series, 2, 5, 2);
  ASSERT_EQ(columns.size(), 2U);
  EXPECT_EQ(columns[0].least, 1) << "steps 2 and 3";
  EXPECT_EQ(columns[0].most, 2);
  EXPECT_EQ(columns[1].least, 3) << "steps 4 and 5: both ends belong to it";
  EXPECT_EQ(columns[1].most, 4);
  EXPECT_TRUE(columns_of(series, 2.25, 2.75, 1)[0].empty()) << "between two points";
}

TEST(Decimate, LeavesGapsOut) {
  Series series = steps({5, NAN, 6, NAN, NAN, NAN, INFINITY, 1});
  const std::vector<CurveColumn> columns = columns_of(series, 0, 8, 4);
  EXPECT_EQ(columns[0].most, 5);
  EXPECT_EQ(columns[1].least, 6);
  EXPECT_TRUE(columns[2].empty());
  EXPECT_EQ(columns[3].most, 1) << "what is infinite is a gap, too";
}

TEST(Decimate, HasEmptyColumnsWhereThereAreNoPoints) {
  EXPECT_TRUE(columns_of(Series{}, 0, 10, 1)[0].empty());
  EXPECT_THAT(columns_of(Series{}, 0, 10, 0), IsEmpty());
  std::size_t full = 0;
  for (const CurveColumn& column : columns_of(steps({1, 2, 3}), 0, 2, 300))
    if (!column.empty()) ++full;
  EXPECT_EQ(full, 3U) << "more columns than points";
}

TEST(EdgeValues, LieOnTheLinesBetweenPoints) {
  const Series series = steps({0, 10, NAN, 4});
  const auto at_edges = [&](double from, double to, std::size_t columns) {
    return edge_values(series.x, series.y, from, to, columns, false);
  };
  EXPECT_THAT(at_edges(0, 1, 4), ElementsAre(0, 2.5F, 5, 7.5F, 10));
  EXPECT_TRUE(std::isnan(at_edges(1, 2, 2)[1])) << "no line leads into a gap";
  EXPECT_TRUE(std::isnan(at_edges(-1, 0, 1)[0])) << "nor out of the data";
  EXPECT_TRUE(std::isnan(at_edges(3, 4, 1)[1]));
  const Series fall = steps({100, 1});
  EXPECT_FLOAT_EQ(edge_values(fall.x, fall.y, 0, 1, 2, true)[1], 10) << "straight in decades";
}

TEST(Nearest, IsTheCloserNeighbour) {
  const std::vector<double> x = {0, 10, 20};
  EXPECT_EQ(nearest(x, -5), 0U);
  EXPECT_EQ(nearest(x, 4), 0U);
  EXPECT_EQ(nearest(x, 6), 1U);
  EXPECT_EQ(nearest(x, 99), 2U);
}

TEST(Smoothed, KeepsAConstantFromTheFirstValueOn) {
  const std::vector<float> constant(5000, 0.7F);
  for (const double weight : {0.1, 0.9, 0.999})
    EXPECT_THAT(smoothed(constant, weight), Pointwise(::testing::FloatEq(), constant));
}

TEST(Smoothed, FollowsAStepByTheFormula) {
  std::vector<float> step(400, 0.0F);
  step.resize(800, 1.0F);
  const std::vector<float> smooth = smoothed(step, 0.5);
  EXPECT_FLOAT_EQ(smooth[399], 0);
  EXPECT_FLOAT_EQ(smooth[400], 0.5F);
  EXPECT_FLOAT_EQ(smooth[401], 0.75F);
  EXPECT_FLOAT_EQ(smooth[402], 0.875F);
  double mean = 0;
  const std::vector<float> heavy = smoothed(step, 0.95);
  for (std::size_t i = 0; i < step.size(); ++i) {
    mean = 0.95 * mean + 0.05 * static_cast<double>(step[i]);
    EXPECT_NEAR(heavy[i], mean / (1 - std::pow(0.95, i + 1)), 1e-6) << i;
  }
}

TEST(Smoothed, PassesOverGaps) {
  std::vector<float> values;
  std::vector<float> without_gaps;
  for (int i = 0; i < 3000; ++i) {
    values.push_back(i % 7 == 3 || i > 2500 ? kGap : std::sin(static_cast<float>(i)));
    if (!std::isnan(values.back())) without_gaps.push_back(values.back());
  }
  const std::vector<float> expected = smoothed(without_gaps, 0.8);
  std::size_t next = 0;
  for (const float value : smoothed(values, 0.8))
    if (!std::isnan(value)) {
      EXPECT_NEAR(value, expected.at(next++), 1e-6);
    }
  EXPECT_EQ(next, expected.size());
}

TEST(Smoothed, WithoutWeightIsTheValues) {
  EXPECT_THAT(smoothed(std::vector<float>{3, 1, 2}, 0), ElementsAre(3, 1, 2));
  EXPECT_THAT(smoothed({}, 0.9), IsEmpty());
}

TEST(Smoothed, GoesOnWhereItStopped) {
  std::vector<float> values;
  for (int i = 0; i < 1000; ++i)
    values.push_back(std::sin(0.1F * static_cast<float>(i)));
  std::vector<float> pieces;
  Smoother smoother(0.9);
  for (std::size_t i = 0; i < values.size(); i += 25)
    smoother.append(std::span(values).subspan(i, 25), &pieces);
  EXPECT_THAT(pieces, Pointwise(::testing::FloatNear(1e-6F), smoothed(values, 0.9)));
}

TEST(Stretch, StaysInsideTheData) {
  const Stretch all = {0, 100};
  EXPECT_EQ(kept_inside({20, 30}, all), Stretch(20, 30));
  EXPECT_EQ(kept_inside({-20, 30}, all), Stretch(0, 50)) << "moved";
  EXPECT_EQ(kept_inside({90, 120}, all), Stretch(70, 100));
  EXPECT_EQ(kept_inside({-50, 900}, all), all) << "narrowed";
  EXPECT_EQ(kept_inside({50, 50.5}, all), Stretch(49.25, 51.25)) << "two steps at least";
  EXPECT_EQ(kept_inside({7, 7}, {7, 7}), Stretch(6, 8)) << "also around a single point";
}

TEST(RoundNumbers, AreTwoOrThree) {
  const auto near = [](const std::vector<double>& numbers) {
    return Pointwise(DoubleNear(1e-12), numbers);
  };
  EXPECT_THAT(round_numbers(0.1, 1.1), near({0.5, 1}));
  EXPECT_THAT(round_numbers(-1, 1), near({-1, 0, 1}));
  EXPECT_THAT(round_numbers(0.6931, 0.6939), near({0.69325, 0.6935, 0.69375}));
  EXPECT_THAT(round_numbers(-5, 1, 1), near({-5, 0})) << "whole ones only";
  EXPECT_THAT(round_numbers(0.2, 1.4, 1), near({1}));
  for (int i = 1; i < 1000; ++i) {
    const std::vector<double> numbers = round_numbers(0.01 * i, 0.013 * i + 0.001);
    EXPECT_GE(numbers.size(), 2U);
    EXPECT_LE(numbers.size(), 3U) << i;
  }
}

}  // namespace
}  // namespace facemorph
