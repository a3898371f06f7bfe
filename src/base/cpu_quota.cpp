#include "base/cpu_quota.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

/// Version 2 has both numbers in one file, version 1 in one each; "max" and -1 are no limit.
std::optional<double> quota_of(const fs::path& group) {
  double quota = 0;
  double period = 0;
  if (!(std::ifstream(group / "cpu.max") >> quota >> period)) {
    std::ifstream(group / "cpu.cfs_quota_us") >> quota;
    std::ifstream(group / "cpu.cfs_period_us") >> period;
  }
  if (quota <= 0 || period <= 0) return std::nullopt;
  return quota / period;
}

/// Where the groups of a line of memberships, "4:cpu,cpuacct:/a/b" or "0::/a/b", are mounted;
/// empty when they have nothing to do with the processor.
fs::path mount_of(const std::string& controllers, const fs::path& mounts) {
  if (controllers.empty()) return mounts;
  std::istringstream names(controllers);
  for (std::string name; std::getline(names, name, ',');)
    if (name == "cpu")
      return fs::is_directory(mounts / controllers) ? mounts / controllers : mounts / name;
  return {};
}

}  // namespace

std::optional<double> cpu_quota(std::string_view memberships, const fs::path& mounts) {
  std::optional<double> least;
  std::istringstream lines{std::string(memberships)};
  for (std::string number, controllers, group; std::getline(lines, number, ':');) {
    if (!std::getline(lines, controllers, ':') || !std::getline(lines, group)) break;
    const fs::path mount = mount_of(controllers, mounts);
    if (mount.empty()) continue;
    // In a container the path may be that of the host: then only the mount itself is there.
    for (fs::path inner = fs::path(group).relative_path();; inner = inner.parent_path()) {
      if (const auto quota = quota_of(mount / inner))
        least = std::min(least.value_or(*quota), *quota);
      if (inner.empty()) break;
    }
  }
  return least;
}

}  // namespace facemorph
