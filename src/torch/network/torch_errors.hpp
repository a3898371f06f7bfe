#pragma once

#include "base/error.hpp"

#include <c10/util/Exception.h>

#include <string>

namespace facemorph {

/// What an exception says, without LibTorch's back traces. Of the interpreter's errors, which begin
/// with the traceback of the TorchScript program, the last line.
inline std::string plain_text(const std::exception& error) {
  const auto* torch_error = dynamic_cast<const c10::Error*>(&error);
  std::string text = torch_error == nullptr ? error.what() : torch_error->what_without_backtrace();
  const std::size_t traceback = text.rfind("RuntimeError: ");
  if (traceback != std::string::npos) text = text.substr(traceback + 14);
  const std::size_t begin = text.find_first_not_of(" \n");
  if (begin == std::string::npos) return "no reason given";
  return text.substr(begin, text.find('\n', begin) - begin);
}

/// Runs `call`; what LibTorch throws becomes an Error that says `what` failed and why.
template <typename Call>
auto with_plain_errors(const std::string& what, Call call) {
  try {
    return call();
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    throw Error(what + ": " + plain_text(error));
  }
}

}  // namespace facemorph
