#pragma once

#include "checkpoint/generator/draft.hpp"
#include "checkpoint/pickle/module_record.hpp"

namespace facemorph {

/// Takes over the strides, paddings and enlargements that a pickled network's modules state.
void state_convolutions(GeneratorChain& chain, const ModuleRecords& modules);

/// Leaves only those options of the choices that the modules state. What a network calls as a
/// function (torch.tanh, F.relu) is not among its modules, and stays open.
void state_choices(GeneratorDraft& draft, const ModuleRecords& modules);

}  // namespace facemorph
