#include "record/export.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "record/bounded_queue.hpp"
#include "record/composer.hpp"
#include "record/made_by.hpp"
#include "session/session_file.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <mutex>
#include <thread>

namespace facemorph {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kBatch = 16;
constexpr std::size_t kCellsAhead = 32;  // small pictures, straight from the network
constexpr std::size_t kBytesAhead = std::size_t{128} << 20U;  // large ones
constexpr double kSecondsBeforeAGuess = 1;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Adds the time it lives to a sum.
class Stopwatch {
 public:
  explicit Stopwatch(double& sum) : sum_(sum) {}
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;
  ~Stopwatch() { sum_ += seconds_since(start_); }

 private:
  double& sum_;
  Clock::time_point start_ = Clock::now();
};

std::size_t frames_ahead(const Composer& composer) {
  const auto bytes =
      static_cast<std::size_t>(composer.width()) * static_cast<std::size_t>(composer.height()) * 4;
  return std::clamp<std::size_t>(kBytesAhead / bytes, 1, 4);
}

/// Generates the cells of frame after frame; a face that stays is generated once a call.
class CellSource {
 public:
  CellSource(Engine& engine, const FramePlan& plan) : engine_(engine), plan_(plan) {}

  std::vector<Cells> frames(std::size_t first, std::size_t count) {
    std::vector<Cells> frames(count);
    std::vector<Latent> wanted;
    std::vector<std::pair<std::size_t, std::size_t>> places;
    std::vector<Latent> last_latents;
    for (std::size_t i = 0; i < count; ++i) {
      const std::vector<Latent> latents = plan_.latents(first + i);
      frames[i].resize(latents.size());
      for (std::size_t cell = 0; cell < latents.size(); ++cell)
        if (last_latents.empty() || latents[cell] != last_latents[cell]) {
          wanted.push_back(latents[cell]);
          places.emplace_back(i, cell);
        }
      last_latents = latents;
    }
    fill(frames, wanted, places);
    return frames;
  }

 private:
  void fill(std::vector<Cells>& frames, const std::vector<Latent>& wanted,
            const std::vector<std::pair<std::size_t, std::size_t>>& places) {
    for (std::size_t start = 0; start < wanted.size(); start += kBatch) {
      const std::size_t end = std::min(start + kBatch, wanted.size());
      std::vector<Image> images = engine_.generate(std::span(wanted).subspan(start, end - start));
      for (std::size_t i = start; i < end; ++i)
        frames[places[i].first][places[i].second] =
            std::make_shared<const Image>(std::move(images[i - start]));
    }
    for (std::size_t i = 1; i < frames.size(); ++i)
      for (std::size_t cell = 0; cell < frames[i].size(); ++cell)
        if (!frames[i][cell]) frames[i][cell] = frames[i - 1][cell];
  }

  Engine& engine_;
  const FramePlan& plan_;
};

/// Three threads: this one generates, one enlarges, one writes. The first that fails stops all.
class Pipeline {
 public:
  Pipeline(Engine& engine, const FramePlan& plan, const Composer& composer, FrameWriter& writer,
           const ExportWatch& watch)
      : source_(engine, plan),
        composer_(composer),
        writer_(writer),
        watch_(watch),
        count_(plan.count()),
        resumed_(std::min(writer.resumed(), plan.count())),
        frames_(frames_ahead(composer)) {}

  /// False when it was stopped on the way.
  bool run() {
    const auto start = Clock::now();
    std::jthread composing([this] { guarded([this] { compose(); }); });
    std::jthread writing([this, start] { guarded([this, start] { write(start); }); });
    guarded([this] { generate(); });
    cells_.close();
    composing.join();
    frames_.close();
    writing.join();
    if (failure_) std::rethrow_exception(failure_);
    return !watch_.stop.stop_requested();
  }

  ExportTimings milliseconds_per_frame() const {
    const double scale = 1000.0 / static_cast<double>(std::max<std::size_t>(1, count_ - resumed_));
    return {seconds_.generate * scale, seconds_.scale * scale, seconds_.encode * scale};
  }

 private:
  template <typename Work>
  void guarded(const Work& work) {
    try {
      work();
    } catch (...) {
      const std::lock_guard lock(failing_);
      if (!failure_) failure_ = std::current_exception();
      cells_.close(true);
      frames_.close(true);
    }
  }

  void generate() {
    // From the beginning of a batch on, also when resuming: how a face is rounded may depend on its
    // place in the batch.
    for (std::size_t start = resumed_ / kBatch * kBatch; start < count_; start += kBatch) {
      if (watch_.stop.stop_requested()) {
        cells_.close(true);
        return;
      }
      std::vector<Cells> batch;
      {
        const Stopwatch time(seconds_.generate);
        batch = source_.frames(start, std::min(kBatch, count_ - start));
      }
      for (std::size_t i = std::max(start, resumed_) - start; i < batch.size(); ++i)
        if (!cells_.push(std::move(batch[i]))) return;
    }
  }

  void compose() {
    while (const std::optional<Cells> cells = cells_.pop()) {
      Image frame;
      {
        const Stopwatch time(seconds_.scale);
        frame = composer_.compose(*cells);
      }
      if (!frames_.push(std::move(frame))) return;
    }
  }

  void write(Clock::time_point start) {
    std::size_t written = resumed_;
    while (const std::optional<Image> frame = frames_.pop()) {
      {
        const Stopwatch time(seconds_.encode);
        writer_.write(*frame);
      }
      ++written;
      tell(written, seconds_since(start));
    }
  }

  void tell(std::size_t written, double seconds) const {
    if (!watch_.progress) return;
    const auto done = static_cast<double>(written - resumed_);
    const double left = static_cast<double>(count_ - written) * seconds / done;
    watch_.progress({written, count_, seconds < kSecondsBeforeAGuess ? -1 : left, -1});
  }

  CellSource source_;
  const Composer& composer_;
  FrameWriter& writer_;
  const ExportWatch& watch_;
  std::size_t count_;
  std::size_t resumed_;
  BoundedQueue<Cells> cells_{kCellsAhead};
  BoundedQueue<Image> frames_;
  ExportTimings seconds_;
  std::mutex failing_;
  std::exception_ptr failure_;
};

/// Everything but the pixels that has to be the same for frames to belong together.
std::string recipe(const ExportSettings& settings) {
  std::string text = std::string(name_of(settings.layout)) + " " +
                     std::to_string(settings.columns) + "x" + std::to_string(settings.rows) +
                     " filter " + std::to_string(static_cast<int>(settings.filter)) + " loops " +
                     std::to_string(settings.loops) + " " + settings.caption;
  if (settings.range)
    text += " from " + std::to_string(settings.range->first) + " to " +
            std::to_string(settings.range->second);
  return text;
}

/// Keeps what was written of a video that failed, and says where.
[[noreturn]] void fail_and_keep(FrameWriter& writer, const std::string& problem) {
  fs::path kept;
  try {
    kept = writer.finish({});
  } catch (const Error& error) {
    const std::string second = error.what();
    throw Error(second.find(problem) == std::string::npos ? problem + " " + second : problem);
  }
  throw Error(problem + " What was written up to there is kept in " + kept.string() + ".");
}

}  // namespace

std::unique_ptr<Engine> make_export_engine(std::shared_ptr<const Model> model,
                                           EngineOptions options) {
  if (options.threads == 0) options.threads = 1;
  return make_engine(*model, options);
}

ExportResult export_frames(
    Engine& engine, const MorphState& state, const ExportSettings& settings,
    const std::function<std::unique_ptr<FrameWriter>(const VideoSettings&)>& open,
    const ExportWatch& watch) {
  const auto start = Clock::now();
  const FramePlan plan(state, settings);
  const Composer composer(settings, plan.columns(), plan.rows(), engine.info().width,
                          engine.info().height);
  VideoSettings video{settings.format,  composer.width(), composer.height(),    settings.fps,
                      settings.quality, settings.dither,  settings.transparent, false,
                      settings.replace, settings.resume,  settings.caption,     to_json_text(state),
                      recipe(settings)};
  const std::unique_ptr<FrameWriter> writer = open(video);
  ExportResult result;
  result.frames = plan.count();
  result.seconds = plan.seconds();
  result.width = composer.width();
  result.height = composer.height();
  result.resumed = std::min(writer->resumed(), plan.count());
  Pipeline pipeline(engine, plan, composer, *writer, watch);
  try {
    result.cancelled = !pipeline.run();
  } catch (const std::exception& error) {
    fail_and_keep(*writer, error.what());
  }
  if (result.cancelled && watch.keep) fail_and_keep(*writer, "Stopped.");
  if (result.cancelled) {
    writer->discard();
    return result;
  }
  result.path = writer->finish([&](double done) {
    if (watch.progress) watch.progress({plan.count(), plan.count(), -1, done});
  });
  result.timings = pipeline.milliseconds_per_frame();
  result.took = seconds_since(start);
  return result;
}

ExportResult export_morph(Engine& engine, const MorphState& state, const ExportSettings& settings,
                          const fs::path& path, const ExportWatch& watch) {
  ExportResult result = export_frames(
      engine, state, settings, [&](const VideoSettings& video) { return open_video(path, video); },
      watch);
  if (result.cancelled) return result;
  result.session = settings.format == VideoFormat::PngFolder
                       ? result.path / ("session" + std::string(kSessionExtension))
                       : session_beside(result.path);
  write_file_atomically(result.session, to_json_text(state));
  return result;
}

Image key_sheet(Engine& engine, const MorphState& state, const ExportSettings& settings) {
  if (state.keys.empty()) throw UsageError("The walk has no faces to put on a sheet.");
  const auto count = static_cast<int>(state.keys.size());
  const int columns = std::min(count, settings.columns);
  const int rows = (count + columns - 1) / columns;
  const Composer composer(settings, columns, rows, engine.info().width, engine.info().height);
  std::vector<Latent> latents;
  for (const Keyframe& key : state.keys)
    latents.push_back(truncate(key.face.latent, truncation_at(state, key.time.at)));
  Cells cells;
  for (Image& image : engine.generate(latents))
    cells.push_back(std::make_shared<const Image>(std::move(image)));
  return composer.compose(cells);
}

}  // namespace facemorph
