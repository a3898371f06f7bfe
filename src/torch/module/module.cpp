#include "torch/module/services.hpp"

extern "C" {
__attribute__((
    visibility("default"))) extern const facemorph::TorchServices facemorph_torch_services;
const facemorph::TorchServices facemorph_torch_services{
    sizeof(facemorph::TorchServices), FACEMORPH_VERSION,
    &facemorph::cuda_available,       &facemorph::libtorch_version,
    &facemorph::open_stack,           &facemorph::open_script,
    &facemorph::script_facts,         &facemorph::torch_batch_pictures,
    &facemorph::reestimated,          &facemorph::to_torchscript,
    &facemorph::choose_reading,       &facemorph::run_training,
    &facemorph::training_speed,       &facemorph::preview_pictures,
    &facemorph::score_generator,      &facemorph::score_halves};
}
