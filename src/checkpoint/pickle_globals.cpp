#include "checkpoint/pickle_globals.hpp"

#include "base/error.hpp"

#include <array>

namespace facemorph::pickle {
namespace {

constexpr const char* kAdvice =
    "Ask its author for the plain weights: torch.save(netG.state_dict(), \"netG.pth\").";

constexpr std::array<std::pair<std::string_view, DType>, 10> kStorages = {
    {{"FloatStorage", DType::Float32},
     {"DoubleStorage", DType::Float64},
     {"HalfStorage", DType::Float16},
     {"BFloat16Storage", DType::BFloat16},
     {"ByteStorage", DType::UInt8},
     {"CharStorage", DType::Int8},
     {"ShortStorage", DType::Int16},
     {"IntStorage", DType::Int32},
     {"LongStorage", DType::Int64},
     {"BoolStorage", DType::Bool}}};

struct Rule {
  std::string_view module;
  std::string_view name;
  Callable callable;
};

constexpr std::array<Rule, 15> kRules = {{
    {"collections", "OrderedDict", Callable::OrderedDict},
    {"builtins", "dict", Callable::OrderedDict},
    {"torch._utils", "_rebuild_tensor", Callable::RebuildTensor},
    {"torch._utils", "_rebuild_tensor_v2", Callable::RebuildTensor},
    {"torch._utils", "_rebuild_parameter", Callable::FirstArgument},
    {"torch._utils", "_rebuild_parameter_with_state", Callable::FirstArgument},
    {"torch.nn.parameter", "Parameter", Callable::FirstArgument},
    {"torch", "Size", Callable::FirstArgument},
    {"torch", "device", Callable::FirstArgument},
    {"builtins", "set", Callable::FirstArgument},
    {"builtins", "list", Callable::FirstArgument},
    {"builtins", "tuple", Callable::FirstArgument},
    {"__builtin__", "set", Callable::FirstArgument},
    {"__builtin__", "dict", Callable::OrderedDict},
    {"__builtin__", "list", Callable::FirstArgument},
}};

constexpr std::array<std::string_view, 12> kDtypes = {"float16", "bfloat16", "float32", "float64",
                                                      "half",    "float",    "double",  "int64",
                                                      "int32",   "uint8",    "int8",    "bool"};

/// Characters that could disturb a terminal are shown as '?', and length is bounded.
std::string printable(const std::string& text) {
  std::string result = text.substr(0, 80);
  for (char& c : result)
    if (c < 0x20 || c > 0x7E) c = '?';
  return result;
}

[[noreturn]] void refuse(const Global& global) {
  const std::string name = printable(global.module + "." + global.name);
  const bool layer = global.module.starts_with("torch.nn.");
  if (layer || global.module == "__main__" ||
      (!global.name.empty() && (global.name.find("Generator") != std::string::npos)))
    throw Error("this file holds a whole Python module (it names the class " + name +
                "), which only runs together with its author's code. Facemorph did not run it. "
                "Save its weights instead: "
                "torch.save(netG.state_dict(), \"netG.pth\").");
  throw Error("the pickle in this file asks for " + name +
              ", which weights never need, so it may be harmful. Facemorph did not run it. " +
              kAdvice);
}

}  // namespace

std::optional<DType> storage_dtype(const Global& global) {
  if (global.module != "torch" && global.module != "torch.cuda" && global.module != "torch.storage")
    return std::nullopt;
  if (global.name == "UntypedStorage" || global.name == "_UntypedStorage") return DType::UInt8;
  for (const auto& [name, dtype] : kStorages)
    if (global.name == name) return dtype;
  return std::nullopt;
}

Callable classify(const Global& global, bool script) {
  if (storage_dtype(global)) return Callable::StorageType;
  for (const Rule& rule : kRules)
    if (global.module == rule.module && global.name == rule.name) return rule.callable;
  if (global.module == "torch")
    for (const std::string_view dtype : kDtypes)
      if (global.name == dtype) return Callable::Inert;
  if (script) {
    if (global.module == "__torch__" || global.module.starts_with("__torch__."))
      return Callable::ScriptClass;
    if (global.module == "torch.jit._pickle")
      return Callable::FirstArgument;  // build_intlist, restore_type_tag …
  }
  refuse(global);
}

}  // namespace facemorph::pickle
