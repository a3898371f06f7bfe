#include "checkpoint/formats/readers.hpp"
#include "checkpoint/generator/chain_refusal.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <initializer_list>
#include <string_view>

namespace facemorph {
namespace {

using namespace std::string_view_literals;

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool begins(std::string_view text, std::initializer_list<std::string_view> prefixes) {
  return std::ranges::any_of(prefixes,
                             [&](std::string_view prefix) { return text.starts_with(prefix); });
}

std::string no_checkpoint(const char* what) {
  return "this is " + std::string(what) +
         ", not a checkpoint. Choose the generator's weights, often called netG.pth.";
}

/// The beginning of a text file, in lower case and without leading space.
std::string beginning(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  std::string result(text.substr(0, 64));
  std::ranges::transform(result, result.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

/// What a text file is; empty for anything else.
std::string explain_text(std::string_view text) {
  const std::string start = beginning(text);
  if (begins(start, {"version https://git-lfs"}))
    return "this is a Git LFS pointer, not the file itself. Run 'git lfs pull' in its repository, "
           "or download the file.";
  if (begins(start, {"<!doctype", "<html", "<head", "<?xml", "<svg"}))
    return "this is a web page, saved in place of the checkpoint. Use the page's download link.";
  if (begins(start, {"{", "["})) return no_checkpoint("a text file (JSON)");
  const std::string_view head = text.substr(0, 512);
  const bool plain = std::ranges::all_of(
      head, [](unsigned char c) { return c >= 0x20 || c == '\t' || c == '\n' || c == '\r'; });
  return plain ? no_checkpoint("a text file") : "";
}

/// Its pickles name the modules of its code near their beginning.
bool mentions_style_gan(std::string_view text) {
  const std::string_view head = text.substr(0, std::size_t{1} << 20);
  return std::ranges::any_of(
      std::array<std::string_view, 4>{"dnnlib", "torch_utils.persistence", "training.networks",
                                      "stylegan"},
      [&](std::string_view name) { return head.find(name) != std::string_view::npos; });
}

/// What a file of another kind is, by its magic number; empty for unknown ones.
std::string explain_magic(std::string_view text) {
  if (begins(text, {"\x89PNG", "\xFF\xD8\xFF", "GIF8", "RIFF", "BM", "II*\0"sv, "MM\0*"sv}))
    return no_checkpoint("a picture");
  if (begins(text, {"\x89HDF"}))
    return "this is an HDF5 (Keras) file. Export the generator as ONNX (tf2onnx does that), or "
           "save its weights with numpy.savez, and open that.";
  if (begins(text, {"\x1F\x8B", "BZh", "\xFD\x37zXZ", "7z\xBC\xAF", "Rar!", "\x28\xB5\x2F\xFD"}))
    return "this is a compressed archive. Unpack it and open the checkpoint inside.";
  if (text.size() > 262 && text.substr(257, 5) == "ustar")
    return "this is a tar archive. Unpack it and open the checkpoint inside (files of PyTorch 0.1, "
           "tar archives too, must be saved again with a newer one).";
  if (begins(text, {"PK\x05\x06"})) return "this is an empty zip archive. Fetch the file again.";
  if (begins(text, {"GGUF"}))
    return "this is a GGUF language model. Facemorph opens PyTorch and safetensors files.";
  if (begins(text, {"%PDF"})) return no_checkpoint("a PDF document");
  if (begins(text, {"\x7F"
                    "ELF",
                    "MZ"}))
    return no_checkpoint("a program");
  if (begins(text, {"\x80\x02", "\x80\x03", "\x80\x04", "\x80\x05"})) {
    if (mentions_style_gan(text)) return kStyleGan;
    return "this is a plain Python pickle, or the torn beginning of a file that torch.save wrote. "
           "Save the weights with torch.save(netG.state_dict(), \"netG.pth\").";
  }
  const std::string_view head = text.substr(0, 4096);
  if (head.find_first_not_of('\0') == std::string_view::npos)
    return "it begins with nothing but zeros: its download or copy never finished. Fetch it again.";
  return "";
}

}  // namespace

std::string explain_unknown(std::span<const std::byte> bytes) {
  const std::string_view text = text_of(bytes);
  if (begins(text, {"\x93NUMPY"})) return explain_npy(bytes);
  for (const auto& explain : {explain_magic, explain_text})
    if (std::string known = explain(text); !known.empty()) return known;
  return "this is no checkpoint that Facemorph knows. It opens what torch.save wrote (.pth, .pt), "
         "TorchScript archives, .safetensors, .npz and ONNX files.";
}

}  // namespace facemorph
