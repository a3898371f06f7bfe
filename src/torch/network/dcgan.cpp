#include "torch/network/dcgan.hpp"

#include "base/error.hpp"
#include "torch/network/transposed_convolution.hpp"

#include <cstring>

namespace facemorph {
namespace {

using torch::nn::BatchNorm2d;
using torch::nn::Conv2d;
using torch::nn::Conv2dOptions;
using torch::nn::ConvTranspose2d;
using torch::nn::ConvTranspose2dOptions;

/// Stride-2 stages between the 4x4 start and the image.
int doublings(int image_size) {
  int count = 0;
  for (int size = 4; size < image_size; size *= 2)
    ++count;
  if (image_size < 8 || image_size != 4 << count)
    throw Error("The width of a DCGAN's images is a power of two, usually 32, 64, 128 or 256; " +
                std::to_string(image_size) + " does not work.");
  return count;
}

/// The tutorial's weights_init.
void initialise(torch::nn::Module& net) {
  const torch::NoGradGuard no_grad;
  net.apply([](torch::nn::Module& layer) {
    if (auto* conv = layer.as<torch::nn::Conv2d>())
      torch::nn::init::normal_(conv->weight, 0.0, 0.02);
    if (auto* conv = layer.as<torch::nn::Conv2d>(); conv != nullptr && conv->bias.defined())
      torch::nn::init::zeros_(conv->bias);
    if (auto* conv = layer.as<torch::nn::ConvTranspose2d>())
      torch::nn::init::normal_(conv->weight, 0.0, 0.02);
    if (auto* norm = layer.as<torch::nn::BatchNorm2d>()) {
      torch::nn::init::normal_(norm->weight, 1.0, 0.02);
      torch::nn::init::zeros_(norm->bias);
    }
  });
}

constexpr std::pair<DType, torch::ScalarType> kTypes[] = {
    {DType::Float16, torch::kFloat16}, {DType::BFloat16, torch::kBFloat16},
    {DType::Float32, torch::kFloat32}, {DType::Float64, torch::kFloat64},
    {DType::UInt8, torch::kUInt8},     {DType::Int8, torch::kInt8},
    {DType::Int16, torch::kInt16},     {DType::Int32, torch::kInt32},
    {DType::Int64, torch::kInt64},     {DType::Bool, torch::kBool}};

torch::ScalarType torch_type(DType dtype) {
  for (const auto& [ours, theirs] : kTypes)
    if (ours == dtype) return theirs;
  throw Error("A tensor has a type that LibTorch does not know.");
}

DType our_type(torch::ScalarType type) {
  for (const auto& [ours, theirs] : kTypes)
    if (theirs == type) return ours;
  throw Error("A tensor has a type that checkpoints cannot hold.");
}

void check_entry(const std::string& name, const torch::Tensor& target, const TensorTable& tensors) {
  const Tensor* found = tensors.find(name);
  if (found == nullptr && name.ends_with(".num_batches_tracked")) return;
  if (found == nullptr) throw Error("The weights lack '" + name + "'.");
  if (found->shape != target.sizes().vec())
    throw Error("'" + name + "' has shape " + shape_text(found->shape) + ", the network needs " +
                shape_text(target.sizes().vec()) + ".");
}

}  // namespace

GeneratorImpl::GeneratorImpl(const GeneratorArch& arch) : arch_(arch) {
  const int stages = doublings(arch.image_size) - 1;  // the last doubling makes the image
  int channels = arch.ngf << stages;
  main_->push_back(ConvTranspose2d(ConvTranspose2dOptions(arch.nz, channels, 4).bias(false)));
  for (int i = 0; i < stages; ++i) {
    main_->push_back(BatchNorm2d(channels));
    main_->push_back(torch::nn::ReLU(torch::nn::ReLUOptions().inplace(true)));
    main_->push_back(ConvTranspose2d(
        ConvTranspose2dOptions(channels, channels / 2, 4).stride(2).padding(1).bias(false)));
    channels /= 2;
  }
  main_->push_back(BatchNorm2d(channels));
  main_->push_back(torch::nn::ReLU(torch::nn::ReLUOptions().inplace(true)));
  main_->push_back(ConvTranspose2d(
      ConvTranspose2dOptions(channels, arch.nc, 4).stride(2).padding(1).bias(false)));
  main_->push_back(torch::nn::Tanh());
  register_module("main", main_);
  initialise(*this);
}

torch::Tensor GeneratorImpl::forward(const torch::Tensor& latent) {
  torch::Tensor x = latent;
  int stride = 1;  // of the first layer; the others double the size
  for (torch::nn::AnyModule& layer : *main_) {
    if (const auto* conv = layer.ptr()->as<ConvTranspose2d>()) {
      x = TransposedConvolution(conv->weight, stride, stride - 1)(x);
      stride = 2;
    } else {
      x = layer.forward(x);
    }
  }
  return x;
}

DiscriminatorImpl::DiscriminatorImpl(const DiscriminatorArch& arch) {
  const int stages = doublings(arch.image_size) - 1;
  const auto leaky = [] {
    return torch::nn::LeakyReLU(torch::nn::LeakyReLUOptions().negative_slope(0.2).inplace(true));
  };
  int channels = arch.ndf;
  main_->push_back(Conv2d(Conv2dOptions(arch.nc, channels, 4).stride(2).padding(1).bias(false)));
  main_->push_back(leaky());
  for (int i = 0; i < stages; ++i) {
    main_->push_back(Conv2d(
        Conv2dOptions(channels, channels * 2, 4).stride(2).padding(1).bias(!arch.batch_norm)));
    channels *= 2;
    if (arch.batch_norm) main_->push_back(BatchNorm2d(channels));
    main_->push_back(leaky());
  }
  main_->push_back(Conv2d(Conv2dOptions(channels, 1, 4).bias(false)));
  main_->push_back(torch::nn::Sigmoid());
  register_module("main", main_);
  initialise(*this);
}

torch::Tensor DiscriminatorImpl::forward(const torch::Tensor& image) {
  return forward_logits(image).sigmoid();
}

torch::Tensor DiscriminatorImpl::forward_logits(const torch::Tensor& image) {
  torch::Tensor x = image;
  for (auto layer = main_->begin(); layer + 1 != main_->end(); ++layer)  // all but the sigmoid
    x = layer->forward(x);
  return x;
}

torch::Tensor to_torch(const Tensor& tensor) {
  torch::Tensor result = torch::empty(tensor.shape, torch_type(tensor.dtype));
  if (!tensor.bytes.empty())
    std::memcpy(result.data_ptr(), tensor.bytes.data(), tensor.bytes.size());
  return result;
}

Tensor from_torch(const torch::Tensor& tensor) {
  const torch::Tensor plain = tensor.detach().to(torch::kCPU).contiguous();
  Tensor result;
  result.dtype = our_type(plain.scalar_type());
  result.shape = plain.sizes().vec();
  const auto* bytes = static_cast<const std::byte*>(plain.data_ptr());
  result.bytes = std::vector<std::byte>(bytes, bytes + plain.nbytes());
  return result;
}

TensorTable to_table(const torch::nn::Module& module) {
  TensorTable table;
  // Layer by layer, parameters before buffers: the order of Python's state_dict().
  for (const auto& layer : module.named_modules("", false)) {
    for (const auto& item : layer.value()->named_parameters(false))
      table.set(layer.key() + "." + item.key(), from_torch(item.value()));
    for (const auto& item : layer.value()->named_buffers(false))
      table.set(layer.key() + "." + item.key(), from_torch(item.value()));
  }
  return table;
}

void from_table(torch::nn::Module& module, const TensorTable& tensors) {
  auto targets = module.named_parameters();
  for (const auto& buffer : module.named_buffers())
    targets.insert(buffer.key(), buffer.value());
  for (const auto& [name, tensor] : tensors.entries())
    if (!targets.contains(name))
      throw Error("The weights have '" + name + "', which the network does not.");
  for (const auto& target : targets)
    check_entry(target.key(), target.value(), tensors);

  const torch::NoGradGuard no_grad;
  for (auto& target : targets)
    if (const Tensor* found = tensors.find(target.key())) target.value().copy_(to_torch(*found));
}

}  // namespace facemorph
