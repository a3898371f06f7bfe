#include "cli/command_output.hpp"

#include <array>
#include <cstdio>
#include <memory>

namespace facemorph {

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen((command + " 2>/dev/null").c_str(), "r"),
                                                   &::pclose);
  std::string text;
  std::array<char, 4096> block{};
  while (pipe && std::fgets(block.data(), block.size(), pipe.get()) != nullptr)
    text += block.data();
  return text;
}

}  // namespace facemorph
