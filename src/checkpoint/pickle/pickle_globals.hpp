#pragma once

#include "checkpoint/pickle/pickle.hpp"

#include <optional>
#include <string>

namespace facemorph::pickle {

/// What an allowed global does when the pickle calls it.
enum class Callable {
  OrderedDict,
  RebuildTensor,  ///< torch._utils._rebuild_tensor[_v2](storage, offset, size, stride, …)
  FirstArgument,  ///< _rebuild_parameter(data, …), torch.Size(tuple), set(list) …
  StorageType,    ///< named in persistent ids, never called
  Inert,          ///< torch.float32 …: a name and nothing else
  ScriptClass,    ///< __torch__.*
  Foreign,        ///< anything else that does no harm: makes an inert object
};

/// The dtype of torch.FloatStorage and its siblings; untyped ones give UInt8.
std::optional<DType> storage_dtype(const Global& global);

/// What the global is for. Throws Error for everything outside the allow-list.
Callable classify(const Global& global, bool script);

}  // namespace facemorph::pickle
