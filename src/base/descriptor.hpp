#pragma once

#include <sys/types.h>

#include <string>

namespace facemorph {

/// A file descriptor that closes itself; negative: none.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor();
  int number() const { return number_; }

 private:
  int number_;
};

/// An errno in plain words.
std::string reason_text(int reason);
/// "a folder", "a pipe", "a socket" or "a device", for what is no regular file.
std::string what_it_is(mode_t mode);

}  // namespace facemorph
