# Compiler settings shared by every target of ours (never by third-party headers: those are SYSTEM).
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_BUILD_RPATH ${PROJECT_BINARY_DIR})  # where the LibTorch module is

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

# What was compiled in one folder is not compiled again in another, unless debuggers want its name.
find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(launcher ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR})
  if(CMAKE_BUILD_TYPE STREQUAL Release)
    list(APPEND launcher CCACHE_NOHASHDIR=1)
  endif()
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher} ${CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher} ${CCACHE})
endif()

add_library(facemorph_options INTERFACE)
target_compile_options(facemorph_options INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall;-Wextra;-Wshadow;-Wnon-virtual-dtor;-Woverloaded-virtual>)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # False alarms of GCC 12 in std::string (GCC bug 105651).
  target_compile_options(facemorph_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>)
endif()
if(FACEMORPH_WERROR)
  target_compile_options(facemorph_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Werror>)
endif()
if(FACEMORPH_SANITIZE)
  # vptr compares type information by address, of which the module to LibTorch has its own.
  target_compile_options(facemorph_options INTERFACE -fsanitize=${FACEMORPH_SANITIZE} -fno-omit-frame-pointer)
  if(FACEMORPH_SANITIZE MATCHES "undefined")
    target_compile_options(facemorph_options INTERFACE -fno-sanitize=vptr)
  endif()
  target_link_options(facemorph_options INTERFACE -fsanitize=${FACEMORPH_SANITIZE})
endif()
