#pragma once

#include "base/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace facemorph {

namespace fs = std::filesystem;

inline std::string contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Outcome {
  int exit_code = -1;
  std::string out;
  std::string err;
};

/// The real program, in a scratch folder, as a person in a shell.
class CommandLine : public ::testing::Test {
 protected:
  Outcome shell(const std::string& command) {
    const std::string line =
        "cd '" + scratch() + "' && ( " + command + " ) >out.txt 2>err.txt </dev/null";
    const int status = std::system(line.c_str());
    return {WEXITSTATUS(status), contents(folder_.path() / "out.txt"),
            contents(folder_.path() / "err.txt")};
  }
  /// `variables` is NAME=VALUE as the shell reads it.
  Outcome facemorph(const std::string& arguments, const std::string& variables = "") {
    return shell(
        "env -u DISPLAY -u WAYLAND_DISPLAY -u SDL_VIDEODRIVER -u FACEMORPH_BENCH_PEERS "
        "XDG_CONFIG_HOME='" +
        scratch() + "' " + variables + " '" FACEMORPH_PROGRAM "' " + arguments);
  }
  std::string scratch() const { return folder_.path().string(); }
  fs::path file(const std::string& name) const { return folder_.path() / name; }
  static std::string fixture(const std::string& name) {
    const char* fixtures = std::getenv("FACEMORPH_FIXTURES");
    if (fixtures == nullptr)
      throw std::runtime_error("FACEMORPH_FIXTURES is not set; run through ctest");
    return (fs::path(fixtures) / "gui" / name).string();
  }
  TemporaryFolder folder_;
};

}  // namespace facemorph
