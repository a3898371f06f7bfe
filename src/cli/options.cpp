#include "cli/options.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <charconv>
#include <iostream>
#include <optional>
#include <sstream>
#include <utility>

namespace facemorph {
namespace {

constexpr std::uint64_t kMaxSeeds = 1'000'000;

std::uint64_t parse_seed(std::string_view text, const std::string& whole) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    throw UsageError("--seeds: '" + whole +
                     "' is not a list of seeds. Write for example 0-63 or 1,5,9.");
  return value;
}

template <typename Value>
using Choices = std::vector<std::pair<std::string, Value>>;

template <typename Value>
std::string joined(const Choices<Value>& choices, const char* separator) {
  std::string text;
  for (const auto& [word, value] : choices)
    text += (text.empty() ? "" : separator) + word;
  return text;
}

/// An option that takes one of some words.
template <typename Value, typename Target>
void add_choice(CLI::App& command, const std::string& name, Target& target,
                const std::string& description, const Choices<Value>& choices) {
  const auto choose = [&target, name, choices](const std::string& asked) {
    const auto choice = std::ranges::find_if(
        choices, [&](const auto& each) { return each.first == CLI::detail::to_lower(asked); });
    if (choice == choices.end())
      throw CLI::ValidationError(name, "'" + asked + "' is none of " + joined(choices, ", ") + ".");
    target = choice->second;
  };
  command.add_option_function<std::string>(name, choose, description)
      ->option_text(joined(choices, "|"));
}

}  // namespace

void add_engine_options(CLI::App& command, EngineOptions& options) {
  add_choice<Device>(command, "--device", options.device,
                     "Where the network runs: cpu (default) or cuda",
                     {{"cpu", Device::Cpu}, {"cuda", Device::Cuda}});
  command.add_option("--threads", options.threads, "CPU threads for the network (default: chosen)")
      ->check(CLI::Range(1, 256))
      ->option_text("N");
  add_choice<NumberFormat>(
      command, "--precision", options.format,
      "What the network computes in on the CPU: fp32, or bf16 where the processor does "
      "(default: the fastest that makes the same faces)",
      {{"fp32", NumberFormat::Float32}, {"bf16", NumberFormat::BFloat16}});
}

void add_model_options(CLI::App& command, ModelOptions& options, bool engine) {
  command
      .add_option("checkpoint", options.checkpoint,
                  "A checkpoint file; the bundled model when none is given")
      ->option_text("CHECKPOINT");
  command
      .add_option(
          "--weights", options.state_dict,
          "Which state dict of the file to take, as `facemorph info` lists them (e.g. g_ema)")
      ->option_text("NAME");
  command
      .add_option("--assume", options.assume,
                  "Read the network this way, where its tensors leave a choice; `facemorph info` "
                  "lists what is assumed (e.g. activation=elu). May be given several times")
      ->option_text("KEY=VALUE");
  command.add_flag("--recalibrate", options.recalibrate,
                   "Re-estimate batch-norm statistics from random latents before anything else");
  if (engine) add_engine_options(command, options.engine);
}

void add_filter_option(CLI::App& command, Filter& filter) {
  add_choice<Filter>(command, "--filter", filter, "How pictures are resized (default lanczos)",
                     {{"nearest", Filter::Nearest},
                      {"bilinear", Filter::Bilinear},
                      {"catmull-rom", Filter::CatmullRom},
                      {"lanczos", Filter::Lanczos3}});
}

CLI::Validator between(double least, double most) {
  return CLI::Validator(
      [least, most](const std::string& text) {
        double value = 0;
        if (CLI::detail::lexical_cast(text, value) && value >= least && value <= most)
          return std::string();
        std::ostringstream problem;
        problem << "Value " << text << " not in range " << least << " to " << most;
        return problem.str();
      },
      "NUMBER");
}

ModelRequest model_request(const ModelOptions& options) {
  ModelRequest request;
  if (!options.checkpoint.empty()) request.path = options.checkpoint;
  if (!options.state_dict.empty()) request.state_dict = options.state_dict;
  request.assumptions = parse_assumptions(options.assume);
  request.recalibrate = options.recalibrate;
  return request;
}

std::shared_ptr<const Model> load_asked_model(const ModelOptions& options) {
  return load_model(model_request(options));
}

Assumptions parse_assumptions(const std::vector<std::string>& texts) {
  Assumptions result;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == 0 || equals == std::string::npos)
      throw UsageError("--assume: '" + text +
                       "' is not of the form KEY=VALUE, e.g. activation=elu.");
    result[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return result;
}

std::vector<std::uint64_t> parse_seeds(const std::string& text) {
  std::vector<std::uint64_t> seeds;
  std::size_t start = 0;
  while (start <= text.size()) {
    const std::size_t comma = std::min(text.find(',', start), text.size());
    const std::string_view part = std::string_view(text).substr(start, comma - start);
    const std::size_t dash = part.find('-', 1);
    const std::uint64_t first = parse_seed(part.substr(0, dash), text);
    const std::uint64_t last =
        dash == std::string_view::npos ? first : parse_seed(part.substr(dash + 1), text);
    if (last < first)
      throw UsageError("--seeds: " + std::string(part) +
                       " runs backwards; write the smaller seed first.");
    if (last - first >= kMaxSeeds || seeds.size() + (last - first) >= kMaxSeeds)
      throw UsageError("--seeds: that is more than a million faces; ask for fewer at a time.");
    for (std::uint64_t seed = first;; ++seed) {
      seeds.push_back(seed);
      if (seed == last) break;
    }
    start = comma + 1;
  }
  return seeds;
}

std::pair<int, int> parse_grid(const std::string& text) {
  const std::size_t cross = text.find('x');
  int columns = 0;
  int rows = 0;
  const auto read = [](std::string_view part, int& value) {
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    return error == std::errc() && end == part.data() + part.size() && value >= 1 && value <= 1000;
  };
  if (cross == std::string::npos || !read(std::string_view(text).substr(0, cross), columns) ||
      !read(std::string_view(text).substr(cross + 1), rows))
    throw UsageError("--grid: '" + text +
                     "' is not a grid. Write columns x rows, for example 8x8.");
  return {columns, rows};
}

}  // namespace facemorph
