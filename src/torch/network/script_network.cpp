#include "torch/network/script_network.hpp"

#include "base/error.hpp"
#include "checkpoint/formats/tensor.hpp"
#include "torch/network/memory_limit.hpp"
#include "torch/network/script_archive.hpp"
#include "torch/network/script_graph.hpp"
#include "torch/network/torch_errors.hpp"

#include <c10/core/InferenceMode.h>
#include <torch/csrc/jit/serialization/import.h>

#include <optional>
#include <sstream>

namespace facemorph {
namespace {

constexpr int kMaxImageSize = 2048;
constexpr std::size_t kGigabyte = std::size_t{1} << 30;

torch::jit::Module load_checked(std::span<const std::byte> archive, torch::Device device) {
  const std::vector<std::byte> clean = clean_script_archive(archive);
  std::istringstream stream(std::string(reinterpret_cast<const char*>(clean.data()), clean.size()));
  torch::jit::Module module = torch::jit::load(stream, device);
  module.eval();
  check_script_graph(module);
  return module;
}

/// Whether the program turns pictures into one number each.
bool is_discriminator(torch::jit::Module& module, torch::Device device) {
  for (const int size : {64, 32, 128, 256})
    for (const int channels : {3, 1}) {
      try {
        const auto result =
            module.forward({torch::zeros({2, channels, size, size}, torch::device(device))});
        if (result.isTensor() && result.toTensor().numel() == 2) return true;
      } catch (const std::exception&) {  // another size, then
      }
    }
  return false;
}

}  // namespace

ScriptNetwork::ScriptNetwork(std::span<const std::byte> archive, int nz, torch::Device device)
    : device_(device) {
  const c10::InferenceMode inference;
  const MemoryLimit limit(2 * kGigabyte + 4 * archive.size());
  with_plain_errors("This TorchScript archive cannot be loaded", [&] {
    module_ = load_checked(archive, device);
    find_input_shape(nz);
  });
}

void ScriptNetwork::find_input_shape(int nz) {
  const torch::Tensor latent = torch::zeros({1, nz, 1, 1});
  std::optional<torch::Tensor> image;
  std::string reason;
  for (const bool flat : {false, true}) {
    try {
      flat_latents_ = flat;
      image = call(latent);
      break;
    } catch (const std::exception& error) {
      if (reason.empty()) reason = plain_text(error);
    }
  }
  if (!image) {
    if (is_discriminator(module_, device_))
      throw Error(
          "This TorchScript program is a discriminator: it judges pictures, it makes none. "
          "Open the generator (often called netG).");
    const std::string size = std::to_string(nz);
    throw Error("This TorchScript program takes neither [N, " + size + ", 1, 1] nor [N, " + size +
                "] as its latent: " + reason);
  }
  check_output(*image);
  try {
    one_by_one_ = call(latent.expand({2, nz, 1, 1})).size(0) != 2;
  } catch (const std::exception&) {
    one_by_one_ = true;
  }
}

void ScriptNetwork::check_output(const torch::Tensor& image) {
  const bool picture = image.dim() == 4 && image.size(0) == 1 &&
                       (image.size(1) == 1 || image.size(1) == 3) &&
                       image.size(2) == image.size(3) && image.size(2) >= 8 &&
                       image.size(2) <= kMaxImageSize && image.is_floating_point();
  if (!picture)
    throw Error("This TorchScript program turned a latent into a tensor of shape " +
                shape_text(image.sizes().vec()) +
                "; a generator gives square pictures of 1 or 3 channels" +
                (image.numel() == 1 ? ". It looks like a discriminator." : "."));
  channels_ = static_cast<int>(image.size(1));
  image_size_ = static_cast<int>(image.size(2));
}

torch::Tensor ScriptNetwork::call(const torch::Tensor& latents) {
  const torch::Tensor input = flat_latents_ ? latents.flatten(1) : latents;
  const torch::jit::IValue result = module_.forward({input.to(device_)});
  if (!result.isTensor()) throw Error("This TorchScript program does not give one tensor.");
  return result.toTensor();
}

torch::Tensor ScriptNetwork::forward(const torch::Tensor& latents) {
  const auto count = static_cast<std::size_t>(latents.size(0));
  const MemoryLimit limit(kGigabyte + count * kGigabyte / 2);
  torch::Tensor images;
  if (!one_by_one_) {
    images = call(latents);
  } else {
    std::vector<torch::Tensor> parts;
    for (const torch::Tensor& latent : latents.split(1))
      parts.push_back(call(latent));
    images = torch::cat(parts);
  }
  if (images.sizes() != torch::IntArrayRef({latents.size(0), channels_, image_size_, image_size_}))
    throw Error("This TorchScript program gave a tensor of shape " +
                shape_text(images.sizes().vec()) + " this time, not pictures.");
  return images;
}

}  // namespace facemorph
