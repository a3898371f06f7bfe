#include "torch/network/script_graph.hpp"

#include "base/error.hpp"

#include <torch/csrc/jit/api/function_impl.h>
#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/passes/constant_propagation.h>
#include <torch/csrc/jit/passes/inliner.h>

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace facemorph {
namespace {

/// What graphs of image generators are made of. Everything else is refused.
const std::unordered_set<std::string_view> kAllowed = {"aten::Bool",
                                                       "aten::Float",
                                                       "aten::Int",
                                                       "aten::IntImplicit",
                                                       "aten::ScalarImplicit",
                                                       "aten::__and__",
                                                       "aten::__contains__",
                                                       "aten::__getitem__",
                                                       "aten::__interpolate",
                                                       "aten::__is__",
                                                       "aten::__isnot__",
                                                       "aten::__not__",
                                                       "aten::__or__",
                                                       "aten::_convolution",
                                                       "aten::_upsample_bicubic2d_aa",
                                                       "aten::_upsample_bilinear2d_aa",
                                                       "aten::_upsample_nearest_exact1d",
                                                       "aten::_upsample_nearest_exact2d",
                                                       "aten::_upsample_nearest_exact3d",
                                                       "aten::abs",
                                                       "aten::adaptive_avg_pool1d",
                                                       "aten::adaptive_avg_pool2d",
                                                       "aten::adaptive_avg_pool3d",
                                                       "aten::add",
                                                       "aten::add_",
                                                       "aten::addmm",
                                                       "aten::avg_pool2d",
                                                       "aten::batch_norm",
                                                       "aten::bmm",
                                                       "aten::cat",
                                                       "aten::ceil",
                                                       "aten::clamp",
                                                       "aten::clamp_",
                                                       "aten::clip",
                                                       "aten::constant_pad_nd",
                                                       "aten::contiguous",
                                                       "aten::conv2d",
                                                       "aten::conv_transpose2d",
                                                       "aten::convolution",
                                                       "aten::detach",
                                                       "aten::dim",
                                                       "aten::div",
                                                       "aten::div_",
                                                       "aten::dropout",
                                                       "aten::dropout_",
                                                       "aten::elu",
                                                       "aten::elu_",
                                                       "aten::eq",
                                                       "aten::erf",
                                                       "aten::exp",
                                                       "aten::expand",
                                                       "aten::feature_dropout",
                                                       "aten::feature_dropout_",
                                                       "aten::flatten",
                                                       "aten::floor",
                                                       "aten::floor_divide",
                                                       "aten::floordiv",
                                                       "aten::format",
                                                       "aten::ge",
                                                       "aten::gelu",
                                                       "aten::glu",
                                                       "aten::group_norm",
                                                       "aten::gt",
                                                       "aten::hardtanh",
                                                       "aten::hardtanh_",
                                                       "aten::instance_norm",
                                                       "aten::layer_norm",
                                                       "aten::le",
                                                       "aten::leaky_relu",
                                                       "aten::leaky_relu_",
                                                       "aten::len",
                                                       "aten::linear",
                                                       "aten::lt",
                                                       "aten::matmul",
                                                       "aten::mean",
                                                       "aten::mish",
                                                       "aten::mish_",
                                                       "aten::mm",
                                                       "aten::mul",
                                                       "aten::mul_",
                                                       "aten::ne",
                                                       "aten::neg",
                                                       "aten::pad",
                                                       "aten::permute",
                                                       "aten::pixel_shuffle",
                                                       "aten::pow",
                                                       "aten::prelu",
                                                       "aten::reflection_pad2d",
                                                       "aten::relu",
                                                       "aten::relu_",
                                                       "aten::replication_pad2d",
                                                       "aten::reshape",
                                                       "aten::rsqrt",
                                                       "aten::rsub",
                                                       "aten::select",
                                                       "aten::selu",
                                                       "aten::selu_",
                                                       "aten::sigmoid",
                                                       "aten::sigmoid_",
                                                       "aten::silu",
                                                       "aten::silu_",
                                                       "aten::size",
                                                       "aten::slice",
                                                       "aten::softplus",
                                                       "aten::sqrt",
                                                       "aten::square",
                                                       "aten::squeeze",
                                                       "aten::std",
                                                       "aten::sub",
                                                       "aten::sub_",
                                                       "aten::sum",
                                                       "aten::t",
                                                       "aten::tanh",
                                                       "aten::tanh_",
                                                       "aten::to",
                                                       "aten::transpose",
                                                       "aten::type_as",
                                                       "aten::unflatten",
                                                       "aten::unsqueeze",
                                                       "aten::upsample_bicubic2d",
                                                       "aten::upsample_bilinear2d",
                                                       "aten::upsample_linear1d",
                                                       "aten::upsample_nearest1d",
                                                       "aten::upsample_nearest2d",
                                                       "aten::upsample_nearest3d",
                                                       "aten::upsample_trilinear3d",
                                                       "aten::var",
                                                       "aten::view",
                                                       "aten::warn",
                                                       "prim::Constant",
                                                       "prim::GetAttr",
                                                       "prim::If",
                                                       "prim::ListConstruct",
                                                       "prim::ListUnpack",
                                                       "prim::NumToTensor",
                                                       "prim::RaiseException",
                                                       "prim::SetAttr",
                                                       "prim::TupleConstruct",
                                                       "prim::TupleIndex",
                                                       "prim::TupleUnpack",
                                                       "prim::Uninitialized",
                                                       "prim::data",
                                                       "prim::device",
                                                       "prim::dtype",
                                                       "prim::is_cuda",
                                                       "prim::max",
                                                       "prim::min",
                                                       "prim::shape",
                                                       "prim::unchecked_cast",
                                                       "aten::append",
                                                       "aten::list"};

/// Scripted layers carry these for arguments that nobody passes, and in loops over dimensions.
const std::unordered_set<std::string_view> kAllowedInPlaces = {"prim::Loop", "aten::__range_length",
                                                               "aten::__derive_index"};

/// Inlined, a generator has some hundreds of nodes; calls of calls of calls could have billions.
constexpr std::size_t kMaxNodes = 20'000;

[[noreturn]] void refuse(const std::string& kind) {
  throw Error("This TorchScript program uses '" + kind +
              "', which image generators do not need, so Facemorph does not run it. Save the plain "
              "weights instead: torch.save(netG.state_dict(), \"netG.pth\")");
}

/// Visits every function that forward can reach, once, without inlining any.
class CallGraph {
 public:
  /// Nodes of the function with everything it calls inlined.
  std::size_t check(torch::jit::Function& function) {
    const auto [place, fresh] = sizes_.try_emplace(&function, kMaxNodes);
    if (!fresh) return place->second;
    torch::jit::GraphFunction* code = torch::jit::tryToGraphFunction(function);
    if (code == nullptr) refuse(function.name());
    const std::size_t size = check(*code->graph()->block());
    sizes_[&function] = size;
    return size;
  }

 private:
  std::size_t check(const torch::jit::Block& block) {
    std::size_t size = 0;
    for (const torch::jit::Node* node : block.nodes()) {
      size += 1 + check(*node);
      for (const torch::jit::Block* inner : node->blocks())
        size += check(*inner);
      if (size > kMaxNodes) throw Error("This TorchScript program is far larger than a generator.");
    }
    return size;
  }

  /// Nodes behind a call; 0 for an operation that is allowed.
  std::size_t check(const torch::jit::Node& node) {
    const std::string kind = node.kind().toQualString();
    if (kind == "prim::CallFunction") {
      const auto type = node.input(0)->type()->cast<c10::FunctionType>();
      return type == nullptr ? (refuse(kind), 0) : check(*type->function());
    }
    if (kind == "prim::CallMethod") {
      const auto type = node.input(0)->type()->cast<c10::ClassType>();
      torch::jit::Function* method =
          type == nullptr ? nullptr : type->findMethod(node.s(torch::jit::attr::name));
      return method == nullptr ? (refuse(kind), 0) : check(*method);
    }
    if (!kAllowed.contains(kind) && !kAllowedInPlaces.contains(kind)) refuse(kind);
    return 0;
  }

  std::unordered_map<const torch::jit::Function*, std::size_t> sizes_;
};

/// The node that made a value, looking through casts.
const torch::jit::Node* origin(const torch::jit::Value* value) {
  while (value->node()->kind() == torch::jit::prim::unchecked_cast)
    value = value->node()->input(0);
  return value->node();
}

bool is_constant(const torch::jit::Value* value, std::int64_t low, std::int64_t high) {
  const auto constant = torch::jit::toIValue(value);
  if (!constant) return false;
  if (constant->isBool()) return constant->toBool() >= low && constant->toBool() <= high;
  return constant->isInt() && constant->toInt() >= low && constant->toInt() <= high;
}

/// A number that is small however the program is fed: of dimensions, or written down.
bool is_small(const torch::jit::Value* value) {
  if (is_constant(value, 0, 64)) return true;
  const torch::jit::Node* node = origin(value);
  const std::string kind = node->kind().toQualString();
  if (kind == "aten::dim") return true;
  if (kind == "aten::len") return origin(node->input(0))->kind() == torch::jit::aten::size;
  return kind == "aten::sub" && is_small(node->input(0)) && is_constant(node->input(1), 0, 64);
}

/// "for i in range(dimensions)", as scripted nn.Upsample and normalisations have. Loops in loops
/// and "while" are not.
bool is_harmless_loop(const torch::jit::Node& node) {
  return node.kind() == torch::jit::prim::Loop && is_small(node.input(0)) &&
         is_constant(node.input(1), 1, 1) &&
         is_constant(node.blocks().at(0)->outputs().at(0), 1, 1);
}

/// A few dozen lists joined with themselves, or texts formatted into texts, fill any memory.
bool can_explode(const torch::jit::Node& node) {
  const std::string kind = node.kind().toQualString();
  if (kind == "aten::format") {
    for (const torch::jit::Value* input : node.inputs())
      if (input->type()->kind() == c10::TypeKind::StringType &&
          origin(input)->kind() != torch::jit::prim::Constant)
        return true;
  }
  if (node.outputs().size() != 1) return false;
  const c10::TypeKind made = node.output()->type()->kind();
  return (kind.starts_with("aten::add") || kind.starts_with("aten::mul")) &&
         (made == c10::TypeKind::ListType || made == c10::TypeKind::StringType);
}

void check_growth(const torch::jit::Block& block) {
  for (const torch::jit::Node* node : block.nodes()) {
    if (can_explode(*node)) refuse(std::string(node->kind().toQualString()) + " of lists or texts");
    for (const torch::jit::Block* inner : node->blocks())
      check_growth(*inner);
  }
}

/// Modules are in eval mode, so their `training` is false: settles branches that depend on it.
void settle_training(torch::jit::Block& block) {
  for (auto it = block.nodes().begin(); it != block.nodes().end(); ++it) {
    torch::jit::Node* node = *it;
    for (torch::jit::Block* inner : node->blocks())
      settle_training(*inner);
    if (node->kind() != torch::jit::prim::GetAttr || node->s(torch::jit::attr::name) != "training")
      continue;
    const auto type = node->input(0)->type()->cast<c10::ClassType>();
    if (type == nullptr || !type->is_module()) continue;
    torch::jit::WithInsertPoint before(node);
    node->output()->replaceAllUsesWith(node->owningGraph()->insertConstant(false));
    it.destroyCurrent();
  }
}

void check_live_code(const torch::jit::Block& block, bool in_loop) {
  for (const torch::jit::Node* node : block.nodes()) {
    const std::string kind = node->kind().toQualString();
    const bool loop = !in_loop && is_harmless_loop(*node);
    const bool mode_change =
        kind == "prim::SetAttr" && node->s(torch::jit::attr::name) == "training";
    if ((!kAllowed.contains(kind) && !loop) || mode_change) refuse(kind);
    for (const torch::jit::Block* inner : node->blocks())
      check_live_code(*inner, in_loop || loop);
  }
}

}  // namespace

void check_script_graph(const torch::jit::Module& module) {
  const auto forward = module.find_method("forward");
  if (!forward)
    throw Error("This TorchScript archive has no forward method, so there is nothing to run.");
  CallGraph().check(forward->function());
  // Small and harmless enough now for LibTorch's own passes, which drop branches never taken.
  auto graph = forward->graph()->copy();
  torch::jit::Inline(*graph);
  check_growth(*graph->block());
  settle_training(*graph->block());
  torch::jit::ConstantPropagation(graph);
  check_live_code(*graph->block(), false);
}

}  // namespace facemorph
