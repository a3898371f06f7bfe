# Everything comes from the system, or from CMAKE_PREFIX_PATH (a CUDA LibTorch 2.x of the user's own).
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(PNG REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(SDL2 REQUIRED)
find_package(OpenGL REQUIRED)
pkg_check_modules(IMGUI REQUIRED IMPORTED_TARGET imgui)
pkg_check_modules(LIBZIP REQUIRED IMPORTED_TARGET libzip)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)

find_package(Torch REQUIRED)
# Torch's own targets carry its include folders, as SYSTEM.
add_library(facemorph_torch INTERFACE)
target_link_libraries(facemorph_torch INTERFACE ${TORCH_LIBRARIES})
target_include_directories(facemorph_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
separate_arguments(FACEMORPH_TORCH_FLAGS UNIX_COMMAND "${TORCH_CXX_FLAGS}")
target_compile_options(facemorph_torch INTERFACE $<$<COMPILE_LANGUAGE:CXX>:${FACEMORPH_TORCH_FLAGS}>)

if(FACEMORPH_TESTS)
  find_package(GTest REQUIRED)
endif()
