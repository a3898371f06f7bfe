#include "base/hardware.hpp"

#include "base/cpu_quota.hpp"
#include "base/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <sched.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <thread>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

/// Control groups as the kernel shows them.
class ControlGroups : public ::testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text << "\n";
  }
  std::optional<double> quota(const std::string& memberships) {
    return cpu_quota(memberships, folder_.path());
  }
  TemporaryFolder folder_;
};

TEST(Cores, AreThoseThatTheProcessMayRunOn) {
  int seen = 0;
  std::thread([&] {  // affinity is a thread's own
    cpu_set_t mine;
    ASSERT_EQ(sched_getaffinity(0, sizeof mine, &mine), 0);
    int first = 0;
    while (!CPU_ISSET(first, &mine))
      ++first;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(first, &one);
    ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
    seen = cores();
  })
      .join();
  EXPECT_EQ(seen, 1);
  EXPECT_GE(cores(), 1);
}

TEST(Cores, BoundTheNetworksThreadsUnlessMoreAreAsked) {
  EXPECT_EQ(choose_threads(0), std::min(cores(), 4));
  EXPECT_EQ(choose_threads(0, cores()), 1);
  EXPECT_EQ(choose_threads(7), 7);
}

TEST_F(ControlGroups, WithoutALimitSayNothing) {
  EXPECT_EQ(quota(""), std::nullopt);
  EXPECT_EQ(quota("0::/\n"), std::nullopt);
  write("user/cpu.max", "max 100000");
  EXPECT_EQ(quota("0::/user\n"), std::nullopt);
  write("cpu/cpu.cfs_quota_us", "-1");
  write("cpu/cpu.cfs_period_us", "100000");
  EXPECT_EQ(quota("1:cpu:/\n"), std::nullopt);
}

TEST_F(ControlGroups, OfVersionTwoLimitByTheLeastAroundThem) {
  write("machine/cpu.max", "150000 100000");
  write("machine/box/cpu.max", "max 100000");
  EXPECT_EQ(quota("0::/machine/box\n"), 1.5);
  write("machine/box/cpu.max", "50000 100000");
  EXPECT_EQ(quota("0::/machine/box\n"), 0.5);
}

TEST_F(ControlGroups, OfVersionOneAreMountedByController) {
  write("cpu,cpuacct/docker/abc/cpu.cfs_quota_us", "300000");
  write("cpu,cpuacct/docker/abc/cpu.cfs_period_us", "100000");
  EXPECT_EQ(quota("5:memory:/docker/abc\n4:cpu,cpuacct:/docker/abc\n0::/\n"), 3);
}

TEST_F(ControlGroups, OfAContainerMayBeNamedAsTheHostDoes) {
  write("cpu/cpu.cfs_quota_us", "200000");
  write("cpu/cpu.cfs_period_us", "100000");
  EXPECT_EQ(quota("2:cpu:/docker/abc\n"), 2);
}

}  // namespace
}  // namespace facemorph
