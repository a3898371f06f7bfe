#include "torch/module/build_id.hpp"
#include "torch/module/services.hpp"

extern "C" {
__attribute__((
    visibility("default"))) extern const facemorph::TorchServices facemorph_torch_services;
const facemorph::TorchServices facemorph_torch_services{facemorph::kBuildId,
#define FACEMORPH_ADDRESS(name) &facemorph::name,
                                                        FACEMORPH_TORCH_SERVICES(FACEMORPH_ADDRESS)
#undef FACEMORPH_ADDRESS
};
}
