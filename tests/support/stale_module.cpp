#include <array>

// What an older build of libfacemorph_torch.so exports, as far as the program may look at it.
extern "C" {
extern const std::array<const char*, 1> facemorph_torch_services;
const std::array<const char*, 1> facemorph_torch_services = {"of an older build"};
}
