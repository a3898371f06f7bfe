#include "record/export_settings.hpp"

#include "base/error.hpp"
#include "latent/names.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace facemorph {
namespace {

constexpr std::array<std::pair<Layout, std::string_view>, 3> kNames = {
    {{Layout::Face, "face"}, {Layout::Grid, "grid"}, {Layout::Sources, "sources"}}};
constexpr double kMostFrames = 1e6;

void check(const MorphState& state, const ExportSettings& settings) {
  if (duration(state) <= 0)
    throw UsageError("A morph needs at least two faces: add some to the walk.");
  if (settings.layout == Layout::Sources && !goes_through_faces(state.walk.path))
    throw UsageError("A walk that makes its own faces has no source faces to stand beside it.");
  if (settings.range &&
      !(settings.range->first >= 0 && settings.range->second > settings.range->first))
    throw UsageError("The range must begin at 0 s or later and end after it begins.");
}

}  // namespace

std::string_view name_of(Layout layout) {
  return name_in(kNames, layout);
}

std::optional<Layout> layout_from(std::string_view name) {
  return value_in<Layout>(kNames, name);
}

FramePlan::FramePlan(const MorphState& state, const ExportSettings& settings)
    : state_(state), settings_(settings) {
  check(state, settings);
  state_.walking = true;
  const bool endless = state.walk.path == WalkPath::Drift;
  const double whole = endless ? settings.seconds : duration(state);
  const auto [from, to] = settings.range.value_or(std::pair{0.0, whole});
  from_ = from;
  length_ = to - from;
  const double frames = std::round(length_ * settings.loops * settings.fps.per_second());
  if (frames > kMostFrames)
    throw UsageError(
        "That would be more than a million frames; make it shorter, or lower the "
        "frames a second.");
  // A loop's last frame is the one before its first; an open walk shows both its ends.
  const bool seamless = settings.range ? settings.loops > 1 : returns(state) && !endless;
  count_ = std::max<std::size_t>(1, static_cast<std::size_t>(frames) + (seamless ? 0 : 1));
}

double FramePlan::time_of(std::size_t frame) const {
  const double passed = static_cast<double>(frame) / settings_.fps.per_second();
  return from_ + (settings_.loops > 1 ? std::fmod(passed, length_) : passed);
}

int FramePlan::columns() const {
  if (settings_.layout == Layout::Face) return 1;
  return settings_.layout == Layout::Sources ? 3 : settings_.columns;
}

int FramePlan::rows() const {
  return settings_.layout == Layout::Grid ? settings_.rows : 1;
}

std::vector<Latent> FramePlan::source_latents(double seconds) const {
  const KeyPosition at = walk_position(state_.walk, times_of(state_.keys), seconds);
  const auto face = [&](std::size_t key) {
    return truncate(state_.keys[key].face.latent, truncation_at(state_, seconds));
  };
  return {face(at.from), evaluate(state_, seconds), face(at.to)};
}

std::vector<Latent> FramePlan::latents(std::size_t frame) const {
  const double seconds = time_of(frame);
  if (settings_.layout == Layout::Sources) return source_latents(seconds);
  const int cells = columns() * rows();
  const bool faces = goes_through_faces(state_.walk.path);
  const double whole = duration(state_);
  std::vector<Latent> all;
  MorphState other = state_;
  for (int cell = 0; cell < cells; ++cell) {
    double then = seconds;
    if (faces && cell > 0) then = std::fmod(seconds + whole * cell / cells, whole);
    if (!faces) other.walk.seed = state_.walk.seed + static_cast<std::uint64_t>(cell);
    all.push_back(evaluate(other, then));
  }
  return all;
}

}  // namespace facemorph
