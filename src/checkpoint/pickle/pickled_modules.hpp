#pragma once

#include "checkpoint/pickle/module_record.hpp"
#include "checkpoint/pickle/pickle.hpp"

#include <string>
#include <utility>
#include <vector>

namespace facemorph {

/// A torch.nn.Module as torch.save(netG) pickles it, whatever its class.
struct PickledModule {
  /// As its state_dict() would name them.
  std::vector<std::pair<std::string, const pickle::TensorRef*>> tensors;
  ModuleRecords records;
};

/// Whether an object has what every module has.
bool is_module(const pickle::Document& document, const pickle::Object& object);

/// Reads a module and those in it. Deep or cyclic ones are cut.
PickledModule read_module(const pickle::Document& document, const pickle::Object& object);

}  // namespace facemorph
