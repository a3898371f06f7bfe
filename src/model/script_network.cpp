#include "model/script_network.hpp"

#include "base/error.hpp"
#include "model/torch_errors.hpp"

#include <torch/csrc/jit/passes/inliner.h>

#include <istream>
#include <streambuf>
#include <string_view>
#include <unordered_set>

namespace facemorph {
namespace {

/// Lets LibTorch read the archive where it lies.
class ByteBuffer : public std::streambuf {
 public:
  explicit ByteBuffer(std::span<const std::byte> bytes) {
    char* begin = const_cast<char*>(reinterpret_cast<const char*>(bytes.data()));
    setg(begin, begin, begin + bytes.size());
  }

 protected:
  pos_type seekoff(off_type offset, std::ios_base::seekdir from, std::ios_base::openmode) override {
    char* base = from == std::ios_base::beg   ? eback()
                 : from == std::ios_base::cur ? gptr()
                                              : egptr();
    if (offset < eback() - base || offset > egptr() - base) return pos_type(off_type(-1));
    setg(eback(), base + offset, egptr());
    return pos_type(gptr() - eback());
  }
  pos_type seekpos(pos_type position, std::ios_base::openmode mode) override {
    return seekoff(off_type(position), std::ios_base::beg, mode);
  }
};

/// What graphs of image generators are made of. Everything else is refused.
const std::unordered_set<std::string_view> kAllowed = {"prim::Constant",
                                                       "prim::GetAttr",
                                                       "prim::ListConstruct",
                                                       "prim::ListUnpack",
                                                       "prim::TupleConstruct",
                                                       "prim::TupleUnpack",
                                                       "prim::TupleIndex",
                                                       "prim::If",
                                                       "prim::NumToTensor",
                                                       "prim::Uninitialized",
                                                       "prim::RaiseException",
                                                       "prim::unchecked_cast",
                                                       "prim::dtype",
                                                       "prim::device",
                                                       "prim::data",
                                                       "prim::shape",
                                                       "prim::min",
                                                       "prim::max",
                                                       "prim::is_cuda",
                                                       "aten::Int",
                                                       "aten::ScalarImplicit",
                                                       "aten::IntImplicit",
                                                       "aten::__getitem__",
                                                       "aten::__contains__",
                                                       "aten::__isnot__",
                                                       "aten::__is__",
                                                       "aten::__not__",
                                                       "aten::__and__",
                                                       "aten::__or__",
                                                       "aten::append",
                                                       "aten::len",
                                                       "aten::eq",
                                                       "aten::ne",
                                                       "aten::lt",
                                                       "aten::gt",
                                                       "aten::le",
                                                       "aten::ge",
                                                       "aten::format",
                                                       "aten::warn",
                                                       "aten::size",
                                                       "aten::dim",
                                                       "aten::floordiv",
                                                       "aten::floor_divide",
                                                       "aten::conv2d",
                                                       "aten::conv_transpose2d",
                                                       "aten::_convolution",
                                                       "aten::convolution",
                                                       "aten::linear",
                                                       "aten::addmm",
                                                       "aten::matmul",
                                                       "aten::mm",
                                                       "aten::bmm",
                                                       "aten::t",
                                                       "aten::transpose",
                                                       "aten::permute",
                                                       "aten::contiguous",
                                                       "aten::view",
                                                       "aten::reshape",
                                                       "aten::flatten",
                                                       "aten::unflatten",
                                                       "aten::unsqueeze",
                                                       "aten::squeeze",
                                                       "aten::cat",
                                                       "aten::chunk",
                                                       "aten::split",
                                                       "aten::slice",
                                                       "aten::select",
                                                       "aten::batch_norm",
                                                       "aten::instance_norm",
                                                       "aten::group_norm",
                                                       "aten::layer_norm",
                                                       "aten::relu",
                                                       "aten::relu_",
                                                       "aten::leaky_relu",
                                                       "aten::leaky_relu_",
                                                       "aten::prelu",
                                                       "aten::elu",
                                                       "aten::elu_",
                                                       "aten::selu",
                                                       "aten::selu_",
                                                       "aten::gelu",
                                                       "aten::silu",
                                                       "aten::silu_",
                                                       "aten::softplus",
                                                       "aten::tanh",
                                                       "aten::tanh_",
                                                       "aten::sigmoid",
                                                       "aten::sigmoid_",
                                                       "aten::hardtanh",
                                                       "aten::hardtanh_",
                                                       "aten::clamp",
                                                       "aten::clamp_",
                                                       "aten::clip",
                                                       "aten::add",
                                                       "aten::add_",
                                                       "aten::sub",
                                                       "aten::sub_",
                                                       "aten::mul",
                                                       "aten::mul_",
                                                       "aten::div",
                                                       "aten::div_",
                                                       "aten::neg",
                                                       "aten::rsub",
                                                       "aten::pow",
                                                       "aten::sqrt",
                                                       "aten::rsqrt",
                                                       "aten::mean",
                                                       "aten::sum",
                                                       "aten::std",
                                                       "aten::var",
                                                       "aten::square",
                                                       "aten::abs",
                                                       "aten::exp",
                                                       "aten::dropout",
                                                       "aten::dropout_",
                                                       "aten::feature_dropout",
                                                       "aten::upsample_nearest2d",
                                                       "aten::upsample_bilinear2d",
                                                       "aten::__interpolate",
                                                       "aten::pixel_shuffle",
                                                       "aten::to",
                                                       "aten::type_as",
                                                       "aten::detach",
                                                       "aten::avg_pool2d",
                                                       "aten::constant_pad_nd",
                                                       "aten::reflection_pad2d",
                                                       "aten::replication_pad2d"};

void check_block(const torch::jit::Block& block) {
  for (const torch::jit::Node* node : block.nodes()) {
    const std::string kind = node->kind().toQualString();
    if (!kAllowed.contains(kind))
      throw Error("This TorchScript program uses '" + kind +
                  "', which image generators do not need, so Facemorph does not run it. Save the "
                  "plain weights "
                  "instead: torch.save(netG.state_dict(), \"netG.pth\")");
    for (const torch::jit::Block* inner : node->blocks())
      check_block(*inner);
  }
}

torch::jit::Module load_checked(std::span<const std::byte> archive, torch::Device device) {
  ByteBuffer buffer(archive);
  std::istream stream(&buffer);
  torch::jit::Module module = torch::jit::load(stream, device);
  const auto method = module.find_method("forward");
  if (!method)
    throw Error("This TorchScript archive has no forward method, so there is nothing to run.");
  auto graph = method->graph()->copy();
  torch::jit::Inline(*graph);
  check_block(*graph->block());
  module.eval();
  return module;
}

std::string outcome(torch::jit::Module& module, const torch::Tensor& latent, torch::Tensor& image) {
  try {
    const torch::jit::IValue result = module.forward({latent});
    if (!result.isTensor()) return "it does not give one tensor";
    image = result.toTensor();
    return {};
  } catch (const c10::Error& error) {
    const std::string text = error.what_without_backtrace();
    return text.substr(0, text.find('\n'));
  } catch (const std::exception& error) {
    const std::string text = error.what();
    return text.substr(
        text.rfind("RuntimeError") == std::string::npos ? 0 : text.rfind("RuntimeError"), 200);
  }
}

void check_image(const torch::Tensor& image) {
  const bool picture =
      image.dim() == 4 && image.size(0) == 2 && (image.size(1) == 1 || image.size(1) == 3) &&
      image.size(2) == image.size(3) && image.size(2) >= 8 && image.size(2) <= 1024;
  if (picture) return;
  std::string shape;
  for (const auto side : image.sizes())
    shape += (shape.empty() ? "" : ", ") + std::to_string(side);
  throw Error(
      "This TorchScript program turned two latents into a tensor of shape [" + shape +
      "]; a generator gives square pictures of one or three channels. Is it a discriminator?");
}

}  // namespace

ScriptNetwork load_script(std::span<const std::byte> archive, int nz, torch::Device device) {
  const torch::NoGradGuard no_grad;
  ScriptNetwork network;
  network.module = with_plain_errors("This TorchScript archive cannot be loaded",
                                     [&] { return load_checked(archive, device); });
  torch::Tensor image;
  const torch::Tensor latents = torch::zeros({2, nz, 1, 1}, torch::device(device));
  std::string reason = outcome(network.module, latents, image);
  if (!reason.empty()) {
    network.flat_latent = true;
    const std::string flat_reason = outcome(network.module, latents.flatten(1), image);
    if (!flat_reason.empty())
      throw Error("This TorchScript program takes neither [N, " + std::to_string(nz) +
                  ", 1, 1] nor [N, " + std::to_string(nz) + "] as its latent: " + reason);
  }
  check_image(image);
  network.channels = static_cast<int>(image.size(1));
  network.image_size = static_cast<int>(image.size(2));
  return network;
}

}  // namespace facemorph
