#pragma once

#include "checkpoint/formats/tensor.hpp"

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace facemorph::pickle {

/// Index of a node in its Document: cycles and deep nesting cost nothing to free.
using Ref = std::uint32_t;

struct None {};
struct BigInt {};  ///< an integer beyond 64 bits: no checkpoint needs its value
struct Sequence {
  bool tuple = false;
  std::vector<Ref> items;
};
struct Dict {
  std::vector<std::pair<Ref, Ref>> items;
};
/// A class or function that the pickle names. Only data: nothing is ever imported.
struct Global {
  std::string module;
  std::string name;
};
/// torch.FloatStorage …, as torch.save stores it beside the pickle.
struct Storage {
  DType dtype = DType::Float32;
  bool untyped = false;  ///< counts bytes; the tensor says the type
  std::string key;
  std::int64_t elements = 0;
  std::int64_t view_offset = 0;  ///< in elements; legacy files share storages by views
};
struct TensorRef {
  Ref storage = 0;
  std::int64_t offset = 0;  ///< in elements
  std::vector<std::int64_t> shape;
  std::vector<std::int64_t> stride;
};
/// An instance of a class that nobody knows here: only its attributes. Nothing of it is run.
struct Object {
  Ref state = 0;
  bool script = false;  ///< of a TorchScript archive
  std::string type;     ///< "torch.nn.modules.activation.ReLU": a name, nothing more
};

using Node = std::variant<None, bool, std::int64_t, double, BigInt, std::string, Sequence, Dict,
                          Global, Storage, TensorRef, Object>;

struct Document {
  std::deque<Node> nodes;
  Ref root = 0;
  std::size_t consumed = 0;  ///< bytes up to and including STOP

  const Node& at(Ref ref) const { return nodes[ref]; }
  template <typename T>
  const T* get_if(Ref ref) const {
    return std::get_if<T>(&nodes[ref]);
  }
};

/// Parses one pickle of protocol 0 to 5 as torch.save writes them. Classes and functions outside a
/// short allow-list (tensors, storages, OrderedDict, plain containers) are never imported: what
/// they make becomes an inert Object. Names that only an attack or a broken file has (os.system,
/// builtins.eval …) throw an Error.
/// Time and memory are linear in the input's length, and bounded.
Document parse(std::span<const std::byte> bytes, bool script);

}  // namespace facemorph::pickle
