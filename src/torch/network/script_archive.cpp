#include "torch/network/script_archive.hpp"

#include "base/error.hpp"
#include "checkpoint/formats/torch_tensors.hpp"
#include "checkpoint/formats/zip_archive.hpp"
#include "checkpoint/pickle/pickle.hpp"

#include <map>
#include <string>
#include <string_view>

namespace facemorph {
namespace {

constexpr std::size_t kMaxSource = std::size_t{1} << 20;  // a scripted DCGAN has some 50 kB
constexpr int kMaxNesting = 60;
constexpr std::size_t kMaxStatement = 8000;  // chains such as "not not not" nest without brackets

[[noreturn]] void refuse(const std::string& problem) {
  throw Error("This TorchScript archive " + problem +
              ", so Facemorph does not load it. Save the plain weights instead: "
              "torch.save(netG.state_dict(), \"netG.pth\")");
}

/// Walks over source text far enough to know how deep its brackets and blocks nest.
class NestingCheck {
 public:
  void run(std::string_view source) {
    for (std::size_t i = 0; i < source.size(); ++i) {
      if (source.substr(i, 3) == "\"\"\"" || source.substr(i, 3) == "'''")
        refuse("has multi-line strings in its code");
      step(source[i]);
      if (depth_ > kMaxNesting || indent_ > 4 * kMaxNesting || statement_ > kMaxStatement)
        refuse("has code that nests too deeply");
    }
  }

 private:
  void step(char c) {
    ++statement_;
    if (c == '\n') {
      if (depth_ <= 0) statement_ = 0;
      quote_ = '\0';
      comment_ = escaped_ = false;
      indent_ = 0;
      line_start_ = true;
    } else if (quote_ != '\0') {
      if (!escaped_ && c == quote_) quote_ = '\0';
      escaped_ = !escaped_ && c == '\\';
    } else if (!comment_) {
      plain(c);
    }
  }

  void plain(char c) {
    if (line_start_ && (c == ' ' || c == '\t'))
      ++indent_;
    else
      line_start_ = false;
    if (c == '"' || c == '\'') quote_ = c;
    if (c == '#') comment_ = true;
    if (c == '(' || c == '[' || c == '{') ++depth_;
    if (c == ')' || c == ']' || c == '}') --depth_;
  }

  int depth_ = 0;
  int indent_ = 0;
  std::size_t statement_ = 0;
  char quote_ = '\0';
  bool comment_ = false;
  bool escaped_ = false;
  bool line_start_ = true;
};

void check_source(std::span<const std::byte> bytes) {
  const std::string_view source(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (source.find("__setstate__") != std::string_view::npos)
    refuse("has code that runs while it is loaded (__setstate__)");
  if (source.find("torch.classes") != std::string_view::npos)
    refuse("uses custom C++ classes (torch.classes)");
  NestingCheck().run(source);
}

/// Parses a pickle of the archive and looks at every tensor it names.
void check_pickle(ZipArchive& archive, const std::vector<std::byte>& bytes,
                  const std::string& folder, std::size_t budget) {
  const pickle::Document document = pickle::parse(bytes, /*script=*/true);
  std::map<std::string, std::vector<std::byte>> storages;
  TensorBuilder builder(
      document,
      [&](const std::string& key) -> std::span<const std::byte> {
        const auto [place, fresh] = storages.try_emplace(key);
        if (fresh) place->second = archive.read(folder + key);
        return place->second;
      },
      budget);
  for (const pickle::Node& node : document.nodes)
    if (const auto* tensor = std::get_if<pickle::TensorRef>(&node)) builder.build(*tensor, folder);
}

std::string root_of(const ZipArchive& archive) {
  constexpr std::string_view kConstants = "constants.pkl";
  for (const std::string& name : archive.names())
    if (name.ends_with("/constants.pkl")) return name.substr(0, name.size() - kConstants.size());
  refuse("has no constants.pkl, which every TorchScript archive has");
}

bool is_needed(std::string_view name) {
  return name == "version" || name == ".data/version" || name == "byteorder" ||
         name.starts_with("data/") || name.starts_with("constants/");
}

}  // namespace

std::vector<std::byte> clean_script_archive(std::span<const std::byte> bytes) {
  const std::size_t budget = 2 * bytes.size() + (std::size_t{64} << 20U);
  ZipArchive archive(bytes);
  const std::string root = root_of(archive);
  ZipWriter clean;
  for (const char* part : {"data", "constants"}) {
    std::vector<std::byte> pickle = archive.read(root + part + ".pkl");
    ZipArchive tensors(bytes);  // an archive gives each byte out only so often
    check_pickle(tensors, pickle, root + part + "/", budget);
    clean.add("archive/" + std::string(part) + ".pkl", std::move(pickle));
  }
  std::size_t source_size = 0;
  for (const std::string& name : archive.names()) {
    if (!name.starts_with(root)) continue;
    const std::string inner = name.substr(root.size());
    const bool source = inner.starts_with("code/") && inner.ends_with(".py");
    if (!source && !is_needed(inner)) continue;
    std::vector<std::byte> entry = archive.read(name);
    if (source) {
      source_size += entry.size();
      if (source_size > kMaxSource) refuse("has far more code than a generator needs");
      check_source(entry);
    }
    clean.add("archive/" + inner, std::move(entry));
  }
  return clean.finish();
}

}  // namespace facemorph
