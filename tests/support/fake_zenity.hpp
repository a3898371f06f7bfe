#pragma once

#include "base/temporary_folder.hpp"

#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

namespace facemorph {

/// Sets a variable of the environment for a scope.
class EnvironmentScope {
 public:
  EnvironmentScope(const char* name, const std::string& value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    ::setenv(name, value.c_str(), 1);
  }
  ~EnvironmentScope() {
    if (before_)
      ::setenv(name_, before_->c_str(), 1);
    else
      ::unsetenv(name_);
  }
  EnvironmentScope(const EnvironmentScope&) = delete;
  EnvironmentScope& operator=(const EnvironmentScope&) = delete;

 private:
  const char* name_;
  std::optional<std::string> before_;
};

/// A script that is found in place of the desktop's file dialog.
class FakeZenity {
 public:
  explicit FakeZenity(const std::string& script, const std::string& first_line = "#!/bin/sh") {
    const std::filesystem::path program = folder_ / "zenity";
    std::ofstream(program) << first_line << "\n" << script << "\n";
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  }
  const std::filesystem::path& folder() const { return folder_.path(); }
  /// Of a file that the script wrote beside itself.
  std::vector<std::string> lines_of(const std::string& name) const {
    std::ifstream file(folder_ / name);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);)
      lines.push_back(line);
    return lines;
  }

 private:
  TemporaryFolder folder_;
  EnvironmentScope path_{"PATH", folder_.path().string() + ":" + std::getenv("PATH")};
};

}  // namespace facemorph
