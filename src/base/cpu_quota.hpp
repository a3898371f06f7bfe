#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

namespace facemorph {

/// The cores' worth of time that control groups leave this process (docker --cpus, systemd's
/// CPUQuota=): the least of its groups and those around them, which may be 1.5; nothing when there
/// is no limit. `memberships` is what stands in /proc/self/cgroup, `mounts` is /sys/fs/cgroup, of
/// either version.
std::optional<double> cpu_quota(std::string_view memberships, const std::filesystem::path& mounts);

}  // namespace facemorph
