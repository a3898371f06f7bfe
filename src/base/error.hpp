#pragma once

#include <stdexcept>
#include <string>

namespace facemorph {

/// An expected run-time failure. The text is for the person at the screen: it says what is wrong,
/// where, and what to do. Shown as it is in the window and on the command line (exit code 1).
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The caller asked for something that cannot be meant: bad flag values (exit code 2).
class UsageError : public Error {
 public:
  using Error::Error;
};

}  // namespace facemorph
