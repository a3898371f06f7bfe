#include "base/temporary_folder.hpp"

#include "base/error.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

namespace facemorph {

TemporaryFolder::TemporaryFolder() {
  const std::string places(6, 'X');  // which mkdtemp fills in
  std::string name = (std::filesystem::temp_directory_path() / ("facemorph-" + places)).string();
  if (::mkdtemp(name.data()) == nullptr)
    throw Error("A temporary folder could not be made as " + name + ": " + std::strerror(errno) +
                ".");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace facemorph
