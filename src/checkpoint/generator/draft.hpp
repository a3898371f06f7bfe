#pragma once

#include "checkpoint/generator/chain.hpp"
#include "checkpoint/generator/geometry.hpp"
#include "checkpoint/pickle/module_record.hpp"
#include "checkpoint/stack/layer_stack.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace facemorph {

/// Something that a generator's tensors do not say.
struct Choice {
  std::string key;                   ///< "activation", as --assume and the sidecar name it
  std::string title;                 ///< "Hidden activation", for people
  std::vector<std::string> options;  ///< the likeliest first; at least one
};

/// Values of choices by key. Missing ones are the likeliest.
using Assumptions = std::map<std::string, std::string>;

/// A generator as far as its tensors tell: the layers in order, and what is left to choose.
/// Choices, as far as they arise:
///   geometry          strides, paddings and enlargements, as geometry_text says
///   upsampling        nearest | bilinear | bilinear_aligned
///   activation        relu | leaky_relu_0.2 | leaky_relu_0.01 | … | none
///   first_activation  same | none: behind the first layer
///   order             norm_first | activation_first
///   epsilon           of batch norms: 1e-05 | 0.8 (as many copies of PyTorch-GAN have it) |
///                     0.8_later (all but the first, which has 1e-05) | 0.001
///   norm              for norms without running statistics: instance | group_N | batch;
///                     for networks without any: none | pixel | instance
///   output            tanh | sigmoid | none
///   range             of the values that come out: -1..1 | 0..1 | 0..255
///   latent            normal | uniform | sphere
///   conditioning      multiply | prepend | append
///   class             0 | 1 | …
struct GeneratorDraft {
  GeneratorChain chain;
  std::vector<Geometry> geometries;  ///< the options of "geometry", in order
  std::vector<Choice> choices;
  std::optional<LayerStack> stated;  ///< of a file that says its layers: no chain, no geometries

  const Choice* find(std::string_view key) const;
};

/// The draft of a file that says its layers, and at most not which latents they want.
GeneratorDraft stated_draft(const LayerStack& stack, bool says_latent);

/// Reads tensors as a generator; what its modules state, if they are known, is not left open.
/// Throws Error that says what they are instead.
GeneratorDraft draft_generator(const TensorView& tensors, const ModuleRecords& modules = {});

/// The layers to run under some assumptions. Weights are shared, not copied.
LayerStack build_stack(const GeneratorDraft& draft, const Assumptions& assumptions);

/// The option that a person means: the option itself, of "geometry" also an image size ("96").
/// Throws UsageError that lists the options, or the keys.
std::string parse_option(const GeneratorDraft& draft, const std::string& key,
                         const std::string& value);

}  // namespace facemorph
