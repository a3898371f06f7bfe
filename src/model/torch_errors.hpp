#pragma once

#include "base/error.hpp"

#include <c10/util/Exception.h>

#include <string>

namespace facemorph {

/// Runs `call`; what LibTorch throws becomes an Error with its first line, without the back trace.
template <typename Call>
auto with_plain_errors(const std::string& what, Call call) {
  try {
    return call();
  } catch (const Error&) {
    throw;
  } catch (const c10::Error& error) {
    const std::string text = error.what_without_backtrace();
    throw Error(what + ": " + text.substr(0, text.find('\n')));
  } catch (const std::exception& error) {
    const std::string text = error.what();
    throw Error(what + ": " + text.substr(0, text.find('\n')));
  }
}

}  // namespace facemorph
