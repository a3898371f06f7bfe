# Writes a header with a hash of every header of src/ and of what else both sides of the door to LibTorch must agree on:
# cmake -DSOURCES=src -DSETTINGS=... -DOUTPUT=build_id.hpp -P build_id.cmake
file(GLOB_RECURSE headers RELATIVE ${SOURCES} ${SOURCES}/*.hpp)
list(SORT headers)
set(text "${SETTINGS}")
foreach(header ${headers})
  file(SHA256 ${SOURCES}/${header} hash)
  string(APPEND text "\n${header} ${hash}")
endforeach()
string(SHA256 id "${text}")
string(SUBSTRING ${id} 0 16 id)
file(WRITE ${OUTPUT} "#pragma once

namespace facemorph {

/// What this was built from.
inline constexpr const char* kBuildId = \"${id}\";

}  // namespace facemorph
")
