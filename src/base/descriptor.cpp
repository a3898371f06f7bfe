#include "base/descriptor.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace facemorph {

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

std::string reason_text(int reason) {
  if (reason == EACCES || reason == EPERM) return "permission denied";
  return std::generic_category().message(reason);
}

std::string what_it_is(mode_t mode) {
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISFIFO(mode)) return "a pipe";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

}  // namespace facemorph
