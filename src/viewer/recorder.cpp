#include "viewer/recorder.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

namespace facemorph {
namespace {

using Clock = std::chrono::steady_clock;

std::string seconds_text(double seconds) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f s", seconds);
  return text.data();
}

std::string take_text(const TakeStatus& take) {
  std::string text = take.path.string() + "\n" + seconds_text(take.seconds) + ", " +
                     std::to_string(take.frames) + " frames";
  text += take.repeated == 0 ? ", none lost." : ".";
  if (take.repeated > 0)
    text += " This computer was too slow for " + std::to_string(take.repeated) +
            " pictures; the ones before them stay on for longer. A smaller size helps.";
  return text;
}

}  // namespace

Recorder::Recorder(Backstage& backstage, Notices& notices)
    : notices_(notices),
      prober_(backstage, Workers::Manner::Prompt),
      exporter_(backstage, Workers::Manner::GivesWay) {}

Recorder::~Recorder() {
  cancel_export();
}

void Recorder::update() {
  if (!take_) return;
  const TakeStatus status = take_->status();
  if (!status.done) return;
  take_.reset();
  if (status.problem.empty())
    notices_.info("Recorded", take_text(status));
  else
    notices_.error(
        "The recording ended early",
        status.problem + (status.path.empty() ? "" : "\nKept up to there:\n" + take_text(status)));
}

void Recorder::probe() {
  if (std::exchange(probed_, true)) return;
  using Reasons = std::vector<std::pair<VideoFormat, std::string>>;
  prober_.run<Reasons>(
      [] {
        Reasons reasons;
        for (const VideoFormatInfo& info : video_formats())
          if (std::string reason = facemorph::why_unavailable(info.format); !reason.empty())
            reasons.emplace_back(info.format, std::move(reason));
        return reasons;
      },
      [this](const Reasons& reasons) { unavailable_ = reasons; }, [](const std::string&) {});
}

std::string Recorder::why_unavailable(VideoFormat format) const {
  const auto found =
      std::ranges::find(unavailable_, format, &std::pair<VideoFormat, std::string>::first);
  return found == unavailable_.end() ? std::string() : found->second;
}

void Recorder::start_export(std::shared_ptr<const Model> model, Device device, MorphState state,
                            ExportSettings settings, std::filesystem::path path) {
  if (exporting()) return;
  export_ = std::make_shared<Export>();
  target_ = path;
  exporter_.run<ExportResult>(
      [job = export_, model = std::move(model), device, state = std::move(state),
       settings = std::move(settings), path = std::move(path)] {
        const auto engine = make_export_engine(model, {device, 0});
        const auto tell = [job](const ExportProgress& progress) {
          const std::lock_guard lock(job->mutex);
          job->progress = progress;
        };
        return export_morph(*engine, state, settings, path, {tell, job->stop.get_token()});
      },
      [this](const ExportResult& result) { finish_export(result); },
      [this](const std::string& reason) {
        export_.reset();
        notices_.error("The video could not be written", reason);
      });
}

void Recorder::finish_export(const ExportResult& result) {
  export_.reset();
  if (result.cancelled) {
    notices_.info("Export cancelled", "Nothing was written over.");
    return;
  }
  notices_.info("Video saved", result.path.string() + "\n" + std::to_string(result.frames) +
                                   " frames, " + seconds_text(result.seconds) + ", in " +
                                   seconds_text(result.took) +
                                   ". Drop it on a window to go on with what made it.");
}

ExportProgress Recorder::progress() const {
  if (!export_) return {};
  const std::lock_guard lock(export_->mutex);
  return export_->progress;
}

void Recorder::cancel_export() {
  if (export_) export_->stop.request_stop();
}

void Recorder::start_take(const std::filesystem::path& path, const VideoSettings& settings,
                          Filter filter) {
  if (recording()) return;
  take_ = std::make_unique<LiveTake>(path, settings, filter, [start = Clock::now()] {
    return std::chrono::duration<double>(Clock::now() - start).count();
  });
}

void Recorder::show(const std::shared_ptr<const Image>& picture) {
  if (take_ && picture) take_->show(picture);
}

void Recorder::stop_take() {
  if (take_) take_->stop();
}

}  // namespace facemorph
