#include "checkpoint/pickle/pickle_globals.hpp"

#include "base/error.hpp"
#include "checkpoint/generator/names.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace facemorph::pickle {
namespace {

constexpr const char* kSaveWeights = "torch.save(netG.state_dict(), \"netG.pth\").";

constexpr std::array<std::pair<std::string_view, DType>, 10> kStorages = {{
    {"FloatStorage", DType::Float32},
    {"DoubleStorage", DType::Float64},
    {"HalfStorage", DType::Float16},
    {"BFloat16Storage", DType::BFloat16},
    {"ByteStorage", DType::UInt8},
    {"CharStorage", DType::Int8},
    {"ShortStorage", DType::Int16},
    {"IntStorage", DType::Int32},
    {"LongStorage", DType::Int64},
    {"BoolStorage", DType::Bool},
}};

struct Rule {
  std::string_view module;
  std::string_view name;
  Callable callable;
};

constexpr std::array kRules = {
    Rule{"collections", "OrderedDict", Callable::OrderedDict},
    Rule{"collections", "defaultdict", Callable::OrderedDict},
    Rule{"collections", "Counter", Callable::OrderedDict},
    Rule{"builtins", "dict", Callable::OrderedDict},
    Rule{"builtins", "set", Callable::FirstArgument},
    Rule{"builtins", "frozenset", Callable::FirstArgument},
    Rule{"builtins", "list", Callable::FirstArgument},
    Rule{"builtins", "tuple", Callable::FirstArgument},
    Rule{"builtins", "int", Callable::FirstArgument},
    Rule{"builtins", "float", Callable::FirstArgument},
    Rule{"torch._utils", "_rebuild_tensor", Callable::RebuildTensor},
    Rule{"torch._utils", "_rebuild_tensor_v2", Callable::RebuildTensor},
    Rule{"torch._utils", "_rebuild_parameter", Callable::FirstArgument},
    Rule{"torch._utils", "_rebuild_parameter_with_state", Callable::FirstArgument},
    Rule{"torch.nn.parameter", "Parameter", Callable::FirstArgument},
    Rule{"torch.nn.parameter", "Buffer", Callable::FirstArgument},
    Rule{"torch", "Size", Callable::FirstArgument},
    Rule{"torch", "device", Callable::FirstArgument},
    Rule{"torch", "Tensor", Callable::Inert},
    Rule{"torch.storage", "TypedStorage", Callable::Inert},
    Rule{"torch.storage", "_TypedStorage", Callable::Inert},
};

constexpr std::array kScriptRules = {
    Rule{"torch.jit._pickle", "build_intlist", Callable::FirstArgument},
    Rule{"torch.jit._pickle", "build_doublelist", Callable::FirstArgument},
    Rule{"torch.jit._pickle", "build_boollist", Callable::FirstArgument},
    Rule{"torch.jit._pickle", "build_tensorlist", Callable::FirstArgument},
    Rule{"torch.jit._pickle", "build_tensor_from_id", Callable::FirstArgument},
    Rule{"torch.jit._pickle", "restore_type_tag", Callable::FirstArgument},
};

constexpr std::array<std::string_view, 16> kDtypes = {
    "float16", "bfloat16", "float32", "float64", "half",  "float", "double", "int64",
    "long",    "int32",    "int",     "int16",   "uint8", "int8",  "short",  "bool"};

template <typename Rules>
const Rule* find_rule(const Rules& rules, const Global& global) {
  const auto found = std::ranges::find_if(rules, [&](const Rule& rule) {
    return global.module == rule.module && global.name == rule.name;
  });
  return found == rules.end() ? nullptr : &*found;
}

/// Modules by which a pickle would harm whoever ran it. None is run here; naming one is reason
/// enough to distrust the file.
constexpr std::array<std::string_view, 30> kDangerous = {
    "os",        "posix",  "nt",         "sys",       "subprocess", "builtins",
    "importlib", "shutil", "socket",     "runpy",     "pty",        "ctypes",
    "code",      "codeop", "operator",   "functools", "types",      "marshal",
    "pickle",    "io",     "webbrowser", "asyncio",   "signal",     "threading",
    "pip",       "pdb",    "bdb",        "timeit",    "__torch__",  "multiprocessing"};

bool is_identifier(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '<' ||
           c == '>';
  });
}

/// A class that somebody's own program knows: a network, its settings, a logger.
bool is_harmless(const Global& global) {
  const std::string_view package =
      std::string_view(global.module).substr(0, global.module.find('.'));
  if (std::ranges::find(kDangerous, package) != kDangerous.end()) return false;
  const bool tensor_form =
      global.module == "torch._utils" || global.module.starts_with("torch._tensor");
  const bool loader = global.module == "torch" || global.module == "torch.hub" ||
                      global.module == "torch.serialization";
  return !tensor_form && !loader && is_identifier(global.module) && is_identifier(global.name);
}

[[noreturn]] void refuse(const Global& asked) {
  Global global = asked;
  if (global.module == "__builtin__") global.module = "builtins";
  const std::string name = "\"" + printable(global.module + "." + global.name) + "\"";
  if (global.module == "torch._utils" || global.module.starts_with("torch._tensor"))
    throw Error("this file stores a tensor in a form that Facemorph does not read (" + name +
                "; quantised or sparse, perhaps). Save plain float weights: " + kSaveWeights);
  throw Error("the pickle in this file asks to run " + name +
              ", which a checkpoint never needs; Facemorph did not run it. Ask its author "
              "for a plain state dict: " +
              kSaveWeights);
}

}  // namespace

std::optional<DType> storage_dtype(const Global& global) {
  if (global.module != "torch" && global.module != "torch.cuda" && global.module != "torch.storage")
    return std::nullopt;
  if (global.name == "UntypedStorage" || global.name == "_UntypedStorage") return DType::UInt8;
  const auto found =
      std::ranges::find(kStorages, global.name, [](const auto& row) { return row.first; });
  return found == kStorages.end() ? std::nullopt : std::optional(found->second);
}

Callable classify(const Global& asked, bool script) {
  Global global = asked;
  if (global.module == "__builtin__") global.module = "builtins";  // Python 2
  if (storage_dtype(global)) return Callable::StorageType;
  if (const Rule* rule = find_rule(kRules, global)) return rule->callable;
  if (global.module == "torch" && std::ranges::find(kDtypes, global.name) != kDtypes.end())
    return Callable::Inert;
  if (script) {
    if (global.module == "__torch__" || global.module.starts_with("__torch__."))
      return Callable::ScriptClass;
    if (const Rule* rule = find_rule(kScriptRules, global)) return rule->callable;
  }
  if (is_harmless(global)) return Callable::Foreign;
  refuse(asked);
}

}  // namespace facemorph::pickle
